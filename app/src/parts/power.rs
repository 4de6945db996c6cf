//! Forms of power acts: they carry what the person saw and until when it holds, and nothing is sent twice.

use super::actions::{Seen, short};
use super::form::{Weight, hidden, link};
use crate::desk::views::Hold;
use crate::door::{deadline, intent};
use crate::links;
use domain::id::{ClusterName, NodeName};
use jiff::Timestamp;
use leptos::prelude::*;

/// One power act on one node.
pub struct Power<'a> {
    /// Path of the act.
    pub act: &'static str,
    /// What stands on its button.
    pub label: String,
    /// How much it stands out.
    pub weight: Weight,
    /// What it is about.
    pub fields: Vec<(&'static str, String)>,
    /// The cluster.
    pub cluster: &'a ClusterName,
    /// The node.
    pub node: &'a NodeName,
    /// The version of the facts on this page.
    pub facts: &'a str,
}

/// A key, and the fields that go with it.
struct Key {
    action: String,
    fields: Vec<(&'static str, String)>,
    /// Seconds of the wall that are left.
    left: Option<String>,
}

/// One button that is a whole form; held in place of tapped where the person wants that.
pub fn button(of: &Power<'_>, seen: Seen) -> AnyView {
    let held = match (seen.mine.hold, of.weight) {
        (Hold::Ms(ms), Weight::Main) => Some(held(of, ms, seen)),
        (
            Hold::Off | Hold::Ms(_),
            Weight::Main | Weight::Plain | Weight::Danger | Weight::Warned,
        ) => None,
    };
    let plain = held
        .is_none()
        .then(|| view! { <button class=of.weight.class()>{of.label.clone()}</button> });
    form(of, view! { {held} {plain} }.into_any())
}

/// A form with fields above its button.
pub fn with(of: &Power<'_>, fields: AnyView) -> AnyView {
    let button = view! { <button class=of.weight.class()>{of.label.clone()}</button> };
    form(of, view! { {fields} {button} }.into_any())
}

/// The same for a page that keeps itself new: what was typed stays, while the key and the facts are renewed.
pub fn sheet(of: Power<'_>, fields: AnyView) -> AnyView {
    let key = key(&of);
    let review = links::start(of.cluster, of.node);
    let inputs = key
        .fields
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" form="power" name=name value=value/> })
        .collect_view();
    view! {
        <form
            id="power"
            method="post"
            action=of.act
            class="stack"
            data-module="act"
            data-draft=draft(of.node)
            data-review=review
        >
            {fields}
        </form>
        <div id="go" data-live-part="" data-left=key.left>
            {inputs}
            <button form="power" formaction=key.action class=of.weight.class()>{of.label}</button>
        </div>
    }
    .into_any()
}

fn form(of: &Power<'_>, inside: AnyView) -> AnyView {
    let key = key(of);
    view! {
        <form
            method="post"
            action=key.action
            class="stack"
            data-module="act"
            data-draft=draft(of.node)
            data-review=links::start(of.cluster, of.node)
            data-left=key.left
        >
            {hidden(key.fields)}
            {inside}
        </form>
    }
    .into_any()
}

/// The button that counts on release; without script only the way around it is there.
fn held(of: &Power<'_>, ms: u32, seen: Seen) -> AnyView {
    let review = links::start(of.cluster, of.node);
    let name = short(of.node.as_str()).to_owned();
    let shakes = seen.mine.vibrate.then_some("");
    view! {
        <button
            type="button"
            class="button main hold"
            data-hold=ms.to_string()
            data-vibrate=shakes
            data-href=review.clone()
        >
            <span class="hold-label" data-ripe="Release to start">{format!("Hold to start {name}")}</span>
        </button>
        {link(review, "Start without holding", Weight::Plain)}
    }
    .into_any()
}

fn key(of: &Power<'_>) -> Key {
    let key = intent();
    let until = deadline(&key);
    let mut fields = of.fields.clone();
    fields.push(("facts", of.facts.to_owned()));
    fields.extend(until.map(|until| ("not_after", until.to_string())));
    Key {
        action: if key.is_empty() {
            of.act.to_owned()
        } else {
            format!("{}?intent={key}", of.act)
        },
        fields,
        left: until.map(|until| {
            let left = until.duration_since(Timestamp::now()).as_secs();
            left.max(0).to_string()
        }),
    }
}

fn draft(node: &NodeName) -> String {
    format!("Start {node}")
}
