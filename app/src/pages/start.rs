//! Asks once more before a node is started: the facts, the warnings, the name to type.

use super::visit::{Content, Visit, show};
use crate::desk::views::{NodeState, Offer};
use crate::error::AppError;
use crate::links::{self, acts};
use crate::parts::form::{Line, Weight, action, hidden, line, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::{actions, error, node};
use domain::guard::Warning;
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Clusters, "Start node", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let (cluster, name) = (visit.cluster()?, visit.node()?);
    let state = visit.desk.node(&visit.who, &cluster, &name).await?;
    let body = view! {
        <section class="card">
            <p class="meta">{format!("{} · {}", cluster, state.node.internal_ip.clone().unwrap_or_default())}</p>
            {node::facts(&state, visit.now)}
        </section>
        {offer(&state, visit.may())}
        {link(links::node(&cluster, &name), "Back to the node", Weight::Plain)}
    };
    Ok(Content {
        title: Some(format!("Start {name}?")),
        live: Live::No,
        body: body.into_any(),
    })
}

fn offer(state: &NodeState, may: bool) -> AnyView {
    match &state.offer {
        Offer::Nothing { text } => view! { <p class="card">{text.clone()}</p> }.into_any(),
        Offer::Watch { recovery } => {
            link(links::recovery(*recovery), format!("Watch recovery {recovery}"), Weight::Main)
        }
        Offer::Start | Offer::Confirm { .. } | Offer::Approve { .. } if !may => {
            view! { <p class="card">"Viewers only look: starting a node needs the role responder."</p> }
                .into_any()
        }
        Offer::Start => sheet(state, acts::START_NODE, place(state), &[]),
        Offer::Confirm { warnings } => sheet(state, acts::START_NODE, place(state), warnings),
        Offer::Approve { recovery, warnings } => {
            sheet(state, acts::APPROVE, vec![("id", recovery.0.to_string())], warnings)
        }
    }
}

fn place(state: &NodeState) -> Vec<(&'static str, String)> {
    vec![
        ("cluster", state.node.cluster.to_string()),
        ("node", state.node.name.to_string()),
    ]
}

fn sheet(
    state: &NodeState,
    act: &'static str,
    fields: Vec<(&'static str, String)>,
    warnings: &[Warning],
) -> AnyView {
    let name = state.node.name.as_str();
    let asks = !warnings.is_empty();
    let reason = (act == acts::START_NODE).then(|| {
        line(Line {
            name: "reason",
            label: "Reason (may stay empty)".to_owned(),
            ..Line::default()
        })
    });
    view! {
        <section class="card">
            <p>"It is cordoned, its machine started, and it is used again once it is proven well."</p>
            {error::warnings(warnings)}
            <form method="post" action=action(act) class="stack">
                {hidden(fields)}
                {asks.then(|| actions::confirm(name, "confirm"))}
                {reason}
                <button class=if asks { "button main danger" } else { "button main" }>
                    {format!("Start {}", actions::short(name))}
                </button>
            </form>
        </section>
    }
    .into_any()
}
