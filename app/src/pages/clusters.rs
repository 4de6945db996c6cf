//! All clusters with their headline.

use super::visit::{Content, Visit, show};
use crate::error::AppError;
use crate::links;
use crate::parts::cluster::cards;
use crate::parts::frame::{Live, Tab};
use crate::parts::list::leads;
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
            <div id="clusters" data-live-part="">{cards(&all, visit.now)}</div>
            <section>
                <ul class="list">
                    {leads(links::CORDONS, "Cordons", "Every cordon with its owner, reason and time")}
                    {leads(links::STORMS, "Storms", "Breakers that are open, and those that were closed")}
                </ul>
            </section>
        }
        .into_any(),
    })
}
