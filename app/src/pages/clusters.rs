//! All clusters with their headline.

use super::visit::{Content, Visit, show};
use crate::error::AppError;
use crate::links;
use crate::parts::cluster::cards;
use crate::parts::form::{Weight, link};
use crate::parts::frame::{Live, Tab};
use leptos::prelude::*;

/// The list.
pub fn page() -> AnyView {
    show(Tab::Clusters, "Clusters", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let all = visit.desk.clusters(&visit.who).await?;
    Ok(Content {
        title: None,
        live: Live::All,
        body: view! {
            <div id="clusters" data-live-part="">
                <h2>"All clusters"</h2>
                {cards(&all, visit.now)}
            </div>
            <div class="row">{link(links::CORDONS, "Cordons", Weight::Plain)}</div>
        }
        .into_any(),
    })
}
