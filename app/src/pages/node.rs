//! One node and its machine, read while the page is made, and the one button that fits its state.

use super::visit::{Content, Visit, show};
use crate::desk::views::{NodeState, Offer};
use crate::error::AppError;
use crate::links::{self, acts};
use crate::parts::form::{Weight, button, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::{error, node, recovery};
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Clusters, "Node", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let (cluster, name) = (visit.cluster()?, visit.node()?);
    let state = visit.desk.node(&visit.who, &cluster, &name).await?;
    let pods = if state.pods.is_empty() {
        view! { <p class="empty">"No pods on it or waiting for it."</p> }.into_any()
    } else {
        let rows = state
            .pods
            .iter()
            .map(|pod| view! { <li class="item">{pod.clone()}</li> })
            .collect_view();
        view! { <ul class="list">{rows}</ul> }.into_any()
    };
    let body = view! {
        <div id="node" data-live-part="">
            <section class="card">
                <div class="between">
                    {node::state(&state.node)}
                    <a class="tap" href=links::cluster(&cluster)>{format!("Cluster {cluster}")}</a>
                </div>
                {node::facts(&state, visit.now)}
                {power(&state, visit.may())}
                {link(links::node(&cluster, &name), "Check state", Weight::Plain)}
            </section>
            <section><h2>"Pods"</h2> {pods}</section>
            <section>
                <h2>"Last recoveries"</h2>
                {recovery::rows(&state.recoveries, visit.now, "This node was never recovered.")}
            </section>
        </div>
    };
    Ok(Content {
        title: Some(name.to_string()),
        live: Live::Recoveries,
        body: body.into_any(),
    })
}

fn power(state: &NodeState, may: bool) -> AnyView {
    let node = &state.node;
    match &state.offer {
        Offer::Nothing { text } => view! { <p>{text.clone()}</p> }.into_any(),
        Offer::Watch { recovery } => link(
            links::recovery(*recovery),
            format!("Watch recovery {recovery}"),
            Weight::Main,
        ),
        Offer::Start | Offer::Confirm { .. } | Offer::Approve { .. } if !may => {
            view! { <p>"Viewers only look: starting a node needs the role responder."</p> }
                .into_any()
        }
        Offer::Start => button(
            acts::START_NODE,
            "Start node",
            Weight::Main,
            vec![
                ("cluster", node.cluster.to_string()),
                ("node", node.name.to_string()),
            ],
        ),
        Offer::Approve { recovery, warnings } if warnings.is_empty() => button(
            acts::APPROVE,
            "Start node",
            Weight::Main,
            vec![("id", recovery.0.to_string())],
        ),
        Offer::Confirm { warnings } | Offer::Approve { warnings, .. } => view! {
            {error::warnings(warnings)}
            {link(links::start(&node.cluster, &node.name), "Review and start node", Weight::Main)}
        }
        .into_any(),
    }
}
