//! The cordon ledger: every cordon with owner, reason and time, and what persons did with them.

use super::visit::{Content, Visit, show};
use crate::error::AppError;
use crate::parts::cordon;
use crate::parts::frame::{Live, Tab};
use leptos::prelude::*;

/// The ledger.
pub fn page() -> AnyView {
    show(Tab::Clusters, "Cordons", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let view = visit.desk.cordons(&visit.who).await?;
    let seen = visit.seen();
    let items = if view.items.is_empty() {
        view! { <p class="empty">"No node is cordoned."</p> }.into_any()
    } else {
        let rows = view
            .items
            .iter()
            .map(|one| cordon::item(one, seen))
            .collect_view();
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    let acts = (!view.acts.is_empty()).then(|| {
        let rows = view
            .acts
            .iter()
            .map(|one| cordon::act(one, seen))
            .collect_view();
        view! { <h2>"What was done by hand"</h2> <ul class="list">{rows}</ul> }
    });
    let body = view! {
        <p class="meta">
            "A recovery takes off only its own cordon. Take over: kept here, as an open item on Now. Hand back: it stays, and is no longer kept here."
        </p>
        <section id="cordons" data-live-part=""><h2>"Cordoned nodes"</h2> {items}</section>
        <section id="cordon-acts" data-live-part="">{acts}</section>
    };
    Ok(Content {
        title: None,
        live: Live::All,
        body: body.into_any(),
    })
}
