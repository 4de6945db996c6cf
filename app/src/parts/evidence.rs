//! What was kept before power was used: a start destroys it. All of it is the cluster's and the machine's own text.

use super::time::{ago, moment};
use domain::world::{NodeRecord, Snapshot};
use jiff::Timestamp;
use leptos::prelude::*;

/// Folded away until somebody asks.
pub fn evidence(of: &Snapshot, now: Timestamp) -> AnyView {
    let console = of.console.clone().map(|text| {
        view! {
            <h3>"Console log"</h3>
            <pre class="mono text console" tabindex="0" aria-label="Console log">{text}</pre>
        }
    });
    let missing = (!of.missing.is_empty()).then(|| {
        let rows = of
            .missing
            .iter()
            .map(|one| view! { <li>{one.clone()}</li> })
            .collect_view();
        view! { <h3>"Could not be read"</h3> <ul>{rows}</ul> }
    });
    view! {
        <details id="evidence" class="card">
            <summary id="evidence-s">"Kept before power was used"</summary>
            {conditions(&of.node, now)}
            {events(&of.node, now)}
            {pods(&of.node)}
            {console}
            {missing}
        </details>
    }
    .into_any()
}

fn conditions(of: &NodeRecord, now: Timestamp) -> AnyView {
    let rows = of
        .conditions
        .iter()
        .map(|one| {
            let since = one.since.map(|at| moment(at, now));
            view! {
                <li>
                    <strong>{format!("{}: {}", one.kind, one.status)}</strong>
                    " " <span class="meta">{since}</span>
                    <span class="text">" " {one.text.clone()}</span>
                </li>
            }
        })
        .collect_view();
    let lease = of
        .lease_renewed
        .map(|at| view! { <p class="meta">"Lease last renewed " {moment(at, now)} "."</p> });
    view! { <h3>"Conditions"</h3> {empty(of.conditions.is_empty())} <ul>{rows}</ul> {lease} }
        .into_any()
}

fn events(of: &NodeRecord, now: Timestamp) -> AnyView {
    let rows = of
        .events
        .iter()
        .map(|one| {
            let times = (one.count > 1).then(|| format!(" ({} times)", one.count));
            view! {
                <li>
                    <span class="meta">{one.at.map(|at| ago(at, now))}</span>
                    <span class="text">" " {one.text.clone()} {times}</span>
                </li>
            }
        })
        .collect_view();
    view! { <h3>"Events"</h3> {empty(of.events.is_empty())} <ul>{rows}</ul> }.into_any()
}

fn pods(of: &NodeRecord) -> AnyView {
    let rows = of
        .pods
        .iter()
        .map(|one| view! { <li class="mono">{one.clone()}</li> })
        .collect_view();
    view! { <h3>"Pods"</h3> {empty(of.pods.is_empty())} <ul>{rows}</ul> }.into_any()
}

fn empty(is: bool) -> Option<AnyView> {
    is.then(|| view! { <p class="meta">"None."</p> }.into_any())
}
