//! A node as a row, and its facts as a list.

use super::status::{Shape, tag};
use super::time::ago;
use crate::desk::views::{NodeState, NodeView};
use crate::links;
use jiff::Timestamp;
use leptos::prelude::*;

/// Ready, cordoned or down, as a tag.
pub fn state(of: &NodeView) -> AnyView {
    match (of.ready, of.cordoned) {
        (true, false) => tag(Shape::Ready, "Ready"),
        (true, true) => tag(Shape::Maintenance, "Ready, cordoned"),
        (false, true) => tag(Shape::Down, "Down, cordoned"),
        (false, false) => tag(Shape::Down, "Down"),
    }
}

/// One line of a list.
pub fn row(of: &NodeView) -> AnyView {
    let facts = [
        Some(of.ready_text.clone()),
        of.zone.clone(),
        of.host.as_ref().map(|host| format!("on {host}")),
        (of.machine_state == "off").then(|| "machine off".to_owned()),
    ];
    let text = facts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <li class="item">
            <a class="item-link" href=links::node(&of.cluster, &of.name)>
                <span class="between">
                    <span><strong>{of.name.to_string()}</strong> " " <span class="ip">{of.internal_ip.clone()}</span></span>
                    {state(of)}
                </span>
                <span class="meta">{text}</span>
            </a>
        </li>
    }
    .into_any()
}

/// What was just read of a node and its machine.
pub fn facts(of: &NodeState, now: Timestamp) -> AnyView {
    let node = &of.node;
    let owner = node.cordon_owner.clone().map(|who| format!(" by {who}"));
    let cordon = if node.cordoned {
        format!("yes{}", owner.unwrap_or_default())
    } else {
        "no".to_owned()
    };
    let rows = [
        ("Machine", Some(of.machine_text.clone())),
        ("Kubernetes", Some(node.ready_text.clone())),
        ("Cordoned", Some(cordon)),
        ("Address", node.internal_ip.clone()),
        (
            "Roles",
            Some(node.roles.join(", ")).filter(|all| !all.is_empty()),
        ),
        ("Zone", node.zone.clone()),
        ("Host", node.host.clone()),
    ];
    let rows = rows
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| view! { <dt>{name}</dt> <dd>{value}</dd> }))
        .collect_view();
    view! {
        <dl class="facts">
            {rows}
            <dt>"Checked"</dt>
            <dd>{ago(of.checked_at, now)}</dd>
        </dl>
    }
    .into_any()
}
