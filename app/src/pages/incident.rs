//! One host that took several nodes down: its machines, their times, and the note for whoever runs it.

use super::visit::{Content, Visit, show};
use crate::error::AppError;
use crate::links;
use crate::parts::form::{Weight, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::incident;
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Timeline, "Incident", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let id = visit.number("Incident")?;
    let of = visit.desk.incident(&visit.who, id).await?;
    let body = view! {
        <div id="incident" data-live-part="">{incident::whole(&of, visit.now)}</div>
        {incident::note(&of)}
        <div class="row">{link(links::TIMELINE, "Timeline", Weight::Plain)}</div>
    };
    Ok(Content {
        title: Some(format!("Host {}", of.host)),
        live: Live::All,
        body: body.into_any(),
    })
}
