//! A cordon: whose it is, since when, why, and what a person may do with it.

use super::actions::Seen;
use super::form::{Line, Weight, action, hidden, line, link};
use super::status::{Shape, tag};
use super::time::{ago, moment};
use crate::desk::views::{CordonActView, CordonView};
use crate::links::{self, acts};
use domain::ledger::CordonVerb;
use leptos::prelude::*;

/// One cordon with its buttons.
pub fn item(of: &CordonView, seen: Seen) -> AnyView {
    let ready = match of.ready {
        Some(true) => tag(Shape::Ready, "Ready"),
        Some(false) => tag(Shape::Down, "Not Ready"),
        None => tag(Shape::Unknown, "Not seen"),
    };
    let unseen = of.unseen_since.map(|at| {
        view! {
            <span class="text" data-unseen="">
                {format!("Cannot see cluster {} since ", of.cluster)} {moment(at, seen.now)} "; this is what was last seen."
            </span>
        }
    });
    let since = of
        .since
        .map(|at| view! { <span class="meta">{ago(at, seen.now)}</span> });
    let work = of.at_work.map(|id| {
        link(
            links::recovery(id),
            format!("Recovery {id} is at work"),
            Weight::Plain,
        )
    });
    view! {
        <li class="item" data-cordon=of.node.to_string()>
            <span class="between">
                <a class="tap" href=links::node(&of.cluster, &of.node)>{of.node.to_string()}</a>
                {ready}
            </span>
            <span>{format!("Cordoned in {} by {}.", of.cluster, of.owner_text)}</span>
            {of.reason.clone().map(|why| view! { <span class="text">{why}</span> })}
            {since}
            {unseen}
            {work}
            {(seen.may && !of.may.is_empty()).then(|| acts_of(of))}
        </li>
    }
    .into_any()
}

fn acts_of(of: &CordonView) -> AnyView {
    let fields = vec![
        ("cluster", of.cluster.to_string()),
        ("node", of.node.to_string()),
    ];
    let buttons = of
        .may
        .iter()
        .map(|verb| {
            view! { <button class="button" name="verb" value=verb.word()>{word(*verb)}</button> }
        })
        .collect_view();
    view! {
        <form method="post" action=action(acts::DO_CORDON) class="stack">
            {hidden(fields)}
            {line(Line {
                name: "reason",
                id: Some(format!("reason-{}-{}", of.cluster, of.node)),
                label: "Reason (may stay empty)".to_owned(),
                ..Line::default()
            })}
            <div class="row">{buttons}</div>
        </form>
    }
    .into_any()
}

/// The word on a button.
pub const fn word(verb: CordonVerb) -> &'static str {
    match verb {
        CordonVerb::TakeOver => "Take over",
        CordonVerb::HandBack => "Hand back",
        CordonVerb::Lift => "Uncordon",
    }
}

/// What a person did, as a row.
pub fn act(of: &CordonActView, seen: Seen) -> AnyView {
    let outcome = of
        .outcome
        .clone()
        .unwrap_or_else(|| "Not known: look at the node.".to_owned());
    view! {
        <li class="item">
            <span class="between">
                <strong>{format!("{}: {}", of.node, word(of.verb))}</strong>
                <span class="meta">{of.by.to_string()}</span>
            </span>
            <span>{outcome}</span>
            {of.reason.clone().map(|why| view! { <span class="meta">{why}</span> })}
            <span class="meta">{ago(of.at, seen.now)}</span>
        </li>
    }
    .into_any()
}
