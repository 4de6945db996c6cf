//! The health of one cluster, read while the page is made: checks by how they came out, and its nodes.

use super::visit::{Content, Visit, show};
use crate::desk::views::NodeView;
use crate::error::AppError;
use crate::links;
use crate::parts::form::{Weight, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::{checks, error, health, list, node, team};
use leptos::prelude::*;

/// The result.
pub fn page() -> AnyView {
    show(Tab::Clusters, "Cluster health", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let name = visit.cluster()?;
    let found = visit.desk.health(&visit.who, &name).await?;
    let read = visit.desk.nodes(&visit.who, &name).await;
    let checks = checks::of(&found, read.as_deref().ok());
    let nodes = match read {
        Ok(nodes) if nodes.is_empty() => {
            view! { <p class="empty">"This cluster has no nodes."</p> }.into_any()
        }
        Ok(mut nodes) => {
            nodes.sort_by_key(place);
            view! { <ul class="list">{nodes.iter().map(node::row).collect_view()}</ul> }.into_any()
        }
        Err(refused) => error::card(&refused),
    };
    let team = match visit.desk.checks(&visit.who, &name).await {
        Ok(all) => team::list(&all, visit.now),
        Err(refused) => error::card(&refused),
    };
    let body = view! {
        <div class="columns">
            <div>
                {health::headline(&found, visit.now)}
                {health::blast(&found)}
                {link(links::cluster(&name), "Run again", Weight::Main)}
                {health::checks(&checks, visit.now)}
                <section>{health::as_text(&found, visit.now)}</section>
            </div>
            <div>
                <section>
                    <h2>"Nodes"</h2>
                    {nodes}
                </section>
                <section id="team-checks">
                    <h2>"Checks of the team"</h2>
                    {team}
                </section>
                <section>
                    <ul class="list">
                        {list::leads(links::CORDONS, "Cordons", "Every cordon with its owner, reason and time")}
                    </ul>
                </section>
            </div>
        </div>
    };
    Ok(Content {
        title: Some(format!("Cluster {name}")),
        live: Live::No,
        body: body.into_any(),
    })
}

/// Trouble first, then by name, with node-2 before node-11.
fn place(node: &NodeView) -> (bool, bool, usize, String) {
    let name = node.name.to_string();
    (node.ready, !node.cordoned, name.len(), name)
}
