//! One node and its machine, read while the page is made, and the one button that fits its state.

use super::visit::{Content, Visit, show};
use crate::desk::views::{NodeState, Offer};
use crate::error::AppError;
use crate::links::{self, acts};
use crate::parts::actions::Seen;
use crate::parts::form::{Weight, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::power::{self, Power};
use crate::parts::status::{Shape, tag};
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
                {button(&state, visit.seen())}
                {(!matches!(state.offer, Offer::Check { .. }))
                    .then(|| link(links::node(&cluster, &name), "Check state", Weight::Plain))}
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

/// The one button that fits what was just read, or why there is none.
fn button(state: &NodeState, seen: Seen) -> AnyView {
    let node = &state.node;
    let act = |act, label: &str, fields| Power {
        act,
        label: label.to_owned(),
        weight: Weight::Main,
        fields,
        cluster: &node.cluster,
        node: &node.name,
        facts: &state.facts,
    };
    let start = |label| power::button(&act(acts::START_NODE, label, place(state)), seen);
    match &state.offer {
        Offer::Nothing { text } => view! { <p>{text.clone()}</p> }.into_any(),
        Offer::Blocked { text, way_out } => blocked(text, way_out),
        Offer::Check { text } => view! {
            <p>{text.clone()} " It is not started while its state is unknown."</p>
            {link(links::node(&node.cluster, &node.name), "Check state", Weight::Main)}
        }
        .into_any(),
        Offer::Watch { recovery, text } => view! {
            <p>{text.clone()}</p>
            {link(links::recovery(*recovery), format!("Watch recovery {recovery}"), Weight::Main)}
        }
        .into_any(),
        Offer::Start | Offer::Wait | Offer::Confirm { .. } | Offer::Approve { .. } if !seen.may => {
            look_only()
        }
        Offer::Start => start("Start node"),
        Offer::Wait => view! {
            <p>"Its machine comes up already: nothing is started, it is only watched and uncordoned."</p>
            {start("Watch it come up")}
        }
        .into_any(),
        Offer::Approve { recovery, warnings } if warnings.is_empty() => {
            let fields = vec![("id", recovery.0.to_string())];
            power::button(&act(acts::APPROVE, "Start node", fields), seen)
        }
        Offer::Confirm { warnings } | Offer::Approve { warnings, .. } => view! {
            {error::warnings(warnings)}
            {link(links::start(&node.cluster, &node.name), "Review and start node", Weight::Main)}
        }
        .into_any(),
    }
}

/// The fields that name a node.
pub(super) fn place(state: &NodeState) -> Vec<(&'static str, String)> {
    vec![
        ("cluster", state.node.cluster.to_string()),
        ("node", state.node.name.to_string()),
    ]
}

/// Why nothing may be started, and who or what can lift it.
pub(super) fn blocked(text: &str, way_out: &str) -> AnyView {
    let link = text
        .contains("witch")
        .then(|| link(links::switch(), "Open the switch", Weight::Plain));
    view! {
        <div class="blocked">
            <p>{tag(Shape::Maintenance, "Blocked")}</p>
            <p>{text.to_owned()}</p>
            <p class="meta">{way_out.to_owned()}</p>
            {link}
        </div>
    }
    .into_any()
}

/// What a viewer is told in place of a button.
pub(super) fn look_only() -> AnyView {
    view! {
        <p>"Viewers only look: starting a node needs the role responder. An admin gives it with: uncordon user invite --role responder."</p>
    }
    .into_any()
}
