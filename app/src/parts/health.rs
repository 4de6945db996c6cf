//! The health of a cluster: what fails, what is short, what is well, folded in that order.

use super::status::of_verdict;
use super::time::{ago, span};
use domain::health::{BrokenPod, Health};
use jiff::Timestamp;
use leptos::prelude::*;

/// Most broken pods shown before the fold.
const SHOWN: usize = 10;

/// Verdict, age and counts.
pub fn headline(of: &Health, now: Timestamp) -> AnyView {
    view! {
        <section class="card">
            <div class="between">
                {of_verdict(of.verdict)}
                <span class="meta">"seen " {ago(of.seen_at, now)}</span>
            </div>
            <p class="lead">{of.sentence.clone()}</p>
            {counts(of)}
        </section>
    }
    .into_any()
}

/// Everything that is not well; nothing when all is.
pub fn troubles(of: &Health, now: Timestamp) -> AnyView {
    view! {
        {section("Nodes that are not well", nodes(of, now))}
        {section("Pods that wait for a dead node", pinned(of))}
        {section("Pods that are not well", pods(&of.pods.broken, now))}
        {section("Workloads that are short", workloads(of))}
    }
    .into_any()
}

fn counts(of: &Health) -> AnyView {
    view! {
        <dl class="figures">
            <div><dt>"Nodes Ready"</dt><dd>{format!("{}/{}", of.nodes.ready, of.nodes.total)}</dd></div>
            <div><dt>"Cordoned"</dt><dd>{of.nodes.cordoned}</dd></div>
            <div><dt>"Pods running"</dt><dd>{format!("{}/{}", of.pods.running, of.pods.total)}</dd></div>
        </dl>
    }
    .into_any()
}

fn section(title: &'static str, rows: Vec<AnyView>) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    let hidden = rows.len().saturating_sub(SHOWN);
    let mut rows = rows.into_iter();
    let first = rows.by_ref().take(SHOWN).collect_view();
    let rest = (hidden > 0).then(|| {
        view! {
            <details>
                <summary>{format!("and {hidden} more")}</summary>
                <ul class="list">{rows.collect_view()}</ul>
            </details>
        }
    });
    view! { <section><h2>{title}</h2> <ul class="list">{first}</ul> {rest}</section> }.into_any()
}

fn item(name: String, what: String, more: Option<String>) -> AnyView {
    view! {
        <li class="item">
            <strong>{name}</strong>
            <span>{what}</span>
            <span class="meta">{more}</span>
        </li>
    }
    .into_any()
}

fn nodes(of: &Health, now: Timestamp) -> Vec<AnyView> {
    of.sick
        .iter()
        .map(|one| {
            let since = one.since.map(|at| format!("for {}", span(at, now)));
            item(one.name.to_string(), one.what.clone(), since)
        })
        .collect()
}

fn pinned(of: &Health) -> Vec<AnyView> {
    of.pinned
        .iter()
        .map(|one| {
            item(
                one.pod.clone(),
                format!("waits for {} ({})", one.node, one.why),
                None,
            )
        })
        .collect()
}

fn pods(broken: &[BrokenPod], now: Timestamp) -> Vec<AnyView> {
    broken
        .iter()
        .map(|one| {
            let place = one
                .node
                .as_ref()
                .map_or_else(|| "no node".to_owned(), |node| format!("on {node}"));
            let before = if one.before { ", already before" } else { "" };
            let more = format!("{place}, for {}{before}", span(one.since, now));
            item(one.pod.clone(), one.reason.clone(), Some(more))
        })
        .collect()
}

fn workloads(of: &Health) -> Vec<AnyView> {
    of.workloads
        .iter()
        .map(|one| {
            let ready = format!("{} of {} pods Ready", one.ready, one.desired);
            item(one.workload.clone(), ready, None)
        })
        .collect()
}
