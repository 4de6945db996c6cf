//! Storm breakers: those that are open, then those that were closed.

use super::visit::{Content, Visit, show};
use crate::error::AppError;
use crate::parts::frame::{Live, Tab};
use crate::parts::storm;
use leptos::prelude::*;

/// The list.
pub fn page() -> AnyView {
    show(Tab::Settings, "Storms", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let all = visit.desk.storms(&visit.who).await?;
    let seen = visit.seen();
    let (open, past): (Vec<_>, Vec<_>) = all.iter().partition(|one| one.closed_at.is_none());
    let cards = if open.is_empty() {
        view! { <p class="empty">"No breaker is open. Rules may act."</p> }.into_any()
    } else {
        open.iter()
            .map(|one| storm::card(one, seen))
            .collect_view()
            .into_any()
    };
    let rows = (!past.is_empty()).then(|| {
        let rows = past.iter().map(|one| storm::past(one, seen)).collect_view();
        view! { <h2>"Past storms"</h2> <ul class="list">{rows}</ul> }
    });
    let body = view! {
        <section id="open-storms" data-live-part=""><h2>"Open breakers"</h2> {cards}</section>
        <section id="past-storms" data-live-part="">{rows}</section>
    };
    Ok(Content {
        title: None,
        live: Live::All,
        body: body.into_any(),
    })
}
