//! A storm breaker: why nothing automatic begins, whom it holds back, and how it closes.

use super::actions::Seen;
use super::form::{Line, Weight, action, hidden, line, link};
use super::power::{self, Power};
use super::status::{Shape, tag};
use super::time::{ago, moment};
use crate::desk::views::{RecoveryItem, StormView};
use crate::links::{self, acts};
use leptos::prelude::*;

/// The card of an open breaker.
pub fn card(of: &StormView, seen: Seen) -> AnyView {
    let held = of.held.iter().map(|one| row(one, seen)).collect_view();
    let held = if of.held.is_empty() {
        view! { <p class="meta">"No alarm waits for it right now."</p> }.into_any()
    } else {
        view! { <ul class="list">{held}</ul> }.into_any()
    };
    view! {
        <article class="card alarming" data-storm=of.cluster.to_string()>
            <div class="between">
                {tag(Shape::Down, "Storm")}
                <span class="meta">{ago(of.tripped_at, seen.now)}</span>
            </div>
            <h3>{format!("Nothing automatic begins in {}", of.cluster)}</h3>
            <p>{format!("{}. Many nodes at once have one cause.", of.why)}</p>
            <p>{of.how.clone()}</p>
            {held}
            {(seen.may && of.closable).then(|| close(of))}
            <div class="row">{link(links::STORMS, "All storms", Weight::Plain)}</div>
        </article>
    }
    .into_any()
}

fn row(of: &RecoveryItem, seen: Seen) -> AnyView {
    let through = seen.may.then(|| {
        let of = Power {
            act: acts::APPROVE,
            label: "Let just this one through".to_owned(),
            weight: Weight::Plain,
            fields: vec![("id", of.id.0.to_string())],
            cluster: &of.cluster,
            node: &of.node,
            facts: &of.facts,
        };
        power::button(&of, seen)
    });
    view! {
        <li class="item" data-held=of.id.0.to_string()>
            <span class="between">
                <a class="tap" href=links::recovery(of.id)>{of.node.to_string()}</a>
                {tag(Shape::Degraded, "Held back")}
            </span>
            {through}
        </li>
    }
    .into_any()
}

fn close(of: &StormView) -> AnyView {
    view! {
        <form method="post" action=action(acts::CLOSE_STORM) class="stack">
            {hidden(vec![("cluster", of.cluster.to_string())])}
            {line(Line {
                name: "reason",
                id: Some(format!("close-{}", of.id)),
                label: "Reason to close the breaker".to_owned(),
                required: true,
                ..Line::default()
            })}
            <button class="button">"Close the breaker"</button>
        </form>
    }
    .into_any()
}

/// A storm that is over, as a row.
pub fn past(of: &StormView, seen: Seen) -> AnyView {
    let closed = of.closed_at.map(|at| {
        let by = of
            .closed_by
            .as_ref()
            .map_or_else(String::new, |who| format!(" by {who}"));
        view! { <span class="meta">"Closed " {moment(at, seen.now)} {by}</span> }
    });
    let nodes: Vec<String> = of.nodes.iter().map(ToString::to_string).collect();
    view! {
        <li class="item">
            <span class="between">
                <strong>{of.cluster.to_string()}</strong>
                <span class="meta">{ago(of.tripped_at, seen.now)}</span>
            </span>
            <span>{of.why.clone()}</span>
            <span class="meta">{nodes.join(", ")}</span>
            {closed}
            {of.closed_why.clone().map(|why| view! { <span>{why}</span> })}
        </li>
    }
    .into_any()
}
