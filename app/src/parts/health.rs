//! The result of a look at a cluster: the headline, whom a dead node takes down, and every check by how it came out.

use super::checks::{Check, Grade};
use super::hand_on::hand_on;
use super::status::{Shape, of_verdict, tag};
use super::time::{ago, span};
use domain::health::{Health, Pinned, words};
use jiff::Timestamp;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Most things named under a check before the fold.
const SHOWN: usize = 10;

/// Verdict, age and counts.
pub fn headline(of: &Health, now: Timestamp) -> AnyView {
    view! {
        <section class="card" id="headline">
            <div class="between">
                {of_verdict(of.verdict)}
                <span class="meta">"Seen " {ago(of.seen_at, now)}</span>
            </div>
            <p class="lead">{of.sentence.clone()}</p>
            <dl class="figures">
                {figure("Nodes Ready", of.nodes.ready, Some(of.nodes.total))}
                {figure("Pods running", of.pods.running, Some(of.pods.total))}
                {figure("Cordoned", of.nodes.cordoned, None)}
            </dl>
        </section>
    }
    .into_any()
}

fn figure(name: &'static str, value: u32, of: Option<u32>) -> AnyView {
    let of = of.map(|all| view! { <small>{format!(" of {all}")}</small> });
    view! { <div><dt>{name}</dt><dd>{value} {of}</dd></div> }.into_any()
}

/// What cannot come back before its node does; nothing when there is none.
pub fn blast(of: &Health) -> AnyView {
    if of.pinned.is_empty() {
        return ().into_any();
    }
    let mut nodes: BTreeMap<String, Vec<&Pinned>> = BTreeMap::new();
    for one in &of.pinned {
        nodes.entry(one.node.to_string()).or_default().push(one);
    }
    let rows = nodes
        .into_iter()
        .map(|(node, pods)| {
            let pods = pods
                .into_iter()
                .map(|one| view! { <li><strong>{one.pod.clone()}</strong> {format!(" ({})", one.why)}</li> })
                .collect_view();
            view! { <p>{format!("Only {node} can run:")}</p> <ul class="plain">{pods}</ul> }
        })
        .collect_view();
    view! {
        <section class="card alarming" id="blast">
            <h2>"Down until its node is back"</h2>
            {rows}
        </section>
    }
    .into_any()
}

/// The checks by how they came out; what passed is folded.
pub fn checks(all: &[Check], now: Timestamp) -> AnyView {
    let of = |grade: Grade| all.iter().filter(move |one| one.grade == grade);
    let open = |title: &'static str, grade: Grade| {
        let count = of(grade).count();
        (count > 0).then(|| {
            let rows = of(grade).map(|one| row(one, now)).collect_view();
            view! {
                <section>
                    <h2>{title} " " <span class="count">{count}</span></h2>
                    <ul class="list">{rows}</ul>
                </section>
            }
        })
    };
    let passing = of(Grade::Passing).count();
    let rows = of(Grade::Passing).map(|one| row(one, now)).collect_view();
    view! {
        {open("Failing", Grade::Failing)}
        {open("Warning", Grade::Warning)}
        {(passing > 0).then(|| view! {
            <section>
                <details class="fold" id="passing">
                    <summary>{format!("Passing, {passing} checks")}</summary>
                    <ul class="list">{rows}</ul>
                </details>
            </section>
        })}
    }
    .into_any()
}

fn row(of: &Check, now: Timestamp) -> AnyView {
    let (shape, word) = match of.grade {
        Grade::Failing => (Shape::Down, "Failing"),
        Grade::Warning => (Shape::Degraded, "Warning"),
        Grade::Passing => (Shape::Ready, "Passing"),
    };
    let since = of.since.map(|at| format!(", for {}", span(at, now)));
    let hidden = of.details.len().saturating_sub(SHOWN);
    let line = |text: &String| view! { <li>{text.clone()}</li> };
    let first = of.details.iter().take(SHOWN).map(line).collect_view();
    let rest = (hidden > 0).then(|| {
        let rest = of.details.iter().skip(SHOWN).map(line).collect_view();
        view! {
            <details>
                <summary>{format!("and {hidden} more")}</summary>
                <ul class="plain">{rest}</ul>
            </details>
        }
    });
    view! {
        <li class="item" data-check=of.name>
            <span class="between"><strong>{of.name}</strong> {tag(shape, word)}</span>
            <span>{of.value.clone()} <span class="meta">{format!("  limit {}{}", of.limit, since.unwrap_or_default())}</span></span>
            {(!of.details.is_empty()).then(|| view! { <ul class="plain">{first}</ul> })}
            {rest}
        </li>
    }
    .into_any()
}

/// The same in words: to read, to select, and with script to copy and to hand on.
pub fn as_text(of: &Health, now: Timestamp) -> AnyView {
    let fold = Some("as-text");
    hand_on(
        fold,
        "health-text",
        "As text",
        words(of, now),
        "Copy as text",
        false,
    )
}
