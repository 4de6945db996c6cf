//! Asks once more before a node is started: what is so now, why, what it would do, what holds it, and to whom.

use super::node::{blocked, look_only, place};
use super::visit::{Content, Visit, show};
use crate::desk::views::{NodeState, Offer};
use crate::error::AppError;
use crate::links::{self, acts};
use crate::parts::form::{Line, Weight, line, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::power::{self, Power};
use crate::parts::{actions, error, sheet};
use domain::guard::Warning;
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Clusters, "Start node", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let (cluster, name) = (visit.cluster()?, visit.node()?);
    let state = visit.desk.node(&visit.who, &cluster, &name).await?;
    let about = visit.desk.sheet(&visit.who, &cluster, &name).await?;
    let short = actions::short(name.as_str()).to_owned();
    let body = view! {
        <section class="card" id="sheet" data-live-part="">{sheet::sheet(&state, &about, visit.now)}</section>
        <div id="offer" data-live-part="">{offer(&state, visit.may())}</div>
        {link(links::node(&cluster, &name), "Back to the node", Weight::Plain)}
    };
    Ok(Content {
        title: Some(format!("Start {short}?")),
        live: Live::Recoveries,
        body: body.into_any(),
    })
}

fn offer(state: &NodeState, may: bool) -> AnyView {
    let node = &state.node;
    match &state.offer {
        Offer::Nothing { text } => view! { <p class="card">{text.clone()}</p> }.into_any(),
        Offer::Blocked { text, way_out } => {
            view! { <section class="card">{blocked(text, way_out)}</section> }.into_any()
        }
        Offer::Check { text } => view! {
            <section class="card">
                <p>{text.clone()} " It is not started while its state is unknown."</p>
                {link(links::start(&node.cluster, &node.name), "Check state", Weight::Main)}
            </section>
        }
        .into_any(),
        Offer::Watch { recovery, text } => view! {
            <section class="card">
                <p>{text.clone()}</p>
                {link(links::recovery(*recovery), format!("Watch recovery {recovery}"), Weight::Main)}
            </section>
        }
        .into_any(),
        Offer::Start | Offer::Wait | Offer::Confirm { .. } | Offer::Approve { .. } if !may => {
            view! { <section class="card">{look_only()}</section> }.into_any()
        }
        Offer::Start | Offer::Wait => form(state, acts::START_NODE, place(state), &[]),
        Offer::Confirm { warnings } => form(state, acts::START_NODE, place(state), warnings),
        Offer::Approve { recovery, warnings } => {
            let fields = vec![("id", recovery.0.to_string())];
            form(state, acts::APPROVE, fields, warnings)
        }
    }
}

fn form(
    state: &NodeState,
    act: &'static str,
    fields: Vec<(&'static str, String)>,
    warnings: &[Warning],
) -> AnyView {
    let node = &state.node;
    let name = node.name.as_str();
    let asks = !warnings.is_empty();
    let reason = (act == acts::START_NODE).then(|| {
        line(Line {
            name: "reason",
            label: "Reason (may stay empty)".to_owned(),
            ..Line::default()
        })
    });
    let label = match &state.offer {
        Offer::Wait => format!("Watch {} come up", actions::short(name)),
        Offer::Start
        | Offer::Confirm { .. }
        | Offer::Watch { .. }
        | Offer::Approve { .. }
        | Offer::Check { .. }
        | Offer::Blocked { .. }
        | Offer::Nothing { .. } => format!("Start {} in {}", actions::short(name), node.cluster),
    };
    let of = Power {
        act,
        label,
        weight: if asks { Weight::Warned } else { Weight::Main },
        fields,
        cluster: &node.cluster,
        node: &node.name,
        facts: &state.facts,
    };
    let typed = view! {
        {asks.then(|| actions::confirm(name, "confirm"))}
        {reason}
    };
    view! {
        <section class="card">
            {error::warnings(warnings)}
            {power::sheet(of, typed.into_any())}
        </section>
    }
    .into_any()
}
