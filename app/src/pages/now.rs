//! Now: what needs somebody, what is under way, what has just ended, and how the clusters are.

use super::visit::{Content, Visit, show};
use crate::desk::views::{AlarmView, NowView};
use crate::error::AppError;
use crate::links::{self, acts};
use crate::parts::alarm::Why;
use crate::parts::form::{Weight, action, choice, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::time::ago;
use crate::parts::{alarm, cluster, cordon, incident, now, storm};
use domain::health::Verdict;
use domain::recovery::State;
use domain::timeline::Timeline;
use jiff::Timestamp;
use leptos::prelude::*;

/// The first page.
pub fn page() -> AnyView {
    show(Tab::Now, "Now", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let view = visit.desk.now(&visit.who).await?;
    Ok(Content {
        title: None,
        live: Live::All,
        body: body(&visit, &view),
    })
}

fn body(visit: &Visit, view: &NowView) -> AnyView {
    let (seen, now) = (visit.seen(), visit.now);
    let cards = |all: &[Timeline]| -> Vec<AnyView> {
        let mut all: Vec<&Timeline> = all.iter().collect();
        now::sort(&mut all, &view.clusters);
        all.into_iter()
            .map(|one| now::card(one, &view.clusters, seen))
            .collect()
    };
    let alarms = |all: &[AlarmView], why: Why| -> Vec<AnyView> {
        all.iter()
            .map(|one| alarm::card(one, why, now, seen.may))
            .collect()
    };
    let incidents = view.incidents.iter().map(|one| incident::card(one, now));
    let storms = view.storms.iter().map(|one| storm::card(one, seen));
    let cordoned = view.cordoned.iter().map(|one| cordon::item(one, seen));
    let recent = view.recent.iter().map(|one| now::ended(one, now));
    let well = view.recent.iter().all(|one| one.state == State::Recovered);
    let ended = if well {
        "Recently recovered"
    } else {
        "Recently ended"
    };
    let spoken = format!(
        "{} need you, {} recovering, {} firing.",
        view.needs_you.len() + view.unclear.len(),
        view.running.len(),
        view.firing.len()
    );
    view! {
        <p id="spoken" class="hush" role="status" data-live-part="">{spoken}</p>
        <div class="columns">
            <div>
                // What only this device knows: drafts and what waits for a connection.
                <section id="on-device" hidden></section>
                <div id="blind" data-live-part="">{blind(view, now)}</div>
                <div id="quiet" data-live-part="">{quiet(view, visit)}</div>
                {section("storms", "Storm", storms.collect())}
                {section("incidents", "Host down", incidents.collect())}
                {section("needs", "Needs you", cards(&view.needs_you))}
                {section("firing", "Firing", alarms(&view.firing, Why::Firing))}
                {section("unclear", "Unclear alarms", alarms(&view.unclear, Why::Unclear))}
                {section("running", "Recovering", cards(&view.running))}
                {section("cordoned", "Kept cordoned here", rows(cordoned.collect()))}
            </div>
            <div>
                {section("recent", ended, rows(recent.collect()))}
                {section("clusters", "Clusters", rows(cluster::rows(&view.clusters, now)))}
                {(seen.may && !view.breakable.is_empty()).then(|| breaker(view))}
            </div>
        </div>
    }
    .into_any()
}

/// A part that is always there, so that news can fill it; its cards keep their place, new ones wait behind a bar.
fn section(id: &'static str, title: &'static str, cards: Vec<AnyView>) -> AnyView {
    let filled = (!cards.is_empty()).then(|| view! { <h2>{title}</h2> {cards.collect_view()} });
    view! { <section id=id data-live-part="" data-live-cards="">{filled}</section> }.into_any()
}

/// Rows as one list, or nothing at all.
fn rows(items: Vec<AnyView>) -> Vec<AnyView> {
    if items.is_empty() {
        return items;
    }
    vec![view! { <ul class="list">{items.collect_view()}</ul> }.into_any()]
}

/// Clusters that cannot be read: what stands below is then not all there is.
fn blind(view: &NowView, now: Timestamp) -> AnyView {
    let (bad, good): (Vec<_>, Vec<_>) = view
        .clusters
        .iter()
        .partition(|one| one.health.verdict == Verdict::Blind);
    bad.into_iter()
        .map(|one| now::blind(one, good.len(), now))
        .collect_view()
        .into_any()
}

fn quiet(view: &NowView, visit: &Visit) -> AnyView {
    let busy = [
        view.storms.len(),
        view.incidents.len(),
        view.needs_you.len(),
        view.running.len(),
        view.unclear.len(),
        view.firing.len(),
    ];
    if busy.iter().any(|count| *count > 0) {
        return ().into_any();
    }
    let alarm = view
        .last_alarm
        .map(|at| view! { <dt>"Last alarm"</dt> <dd>{ago(at, visit.now)}</dd> });
    let recovery = view.recent.first().map(|one| {
        let age = one.ended_at.map(|at| ago(at, visit.now));
        view! { <dt>"Last recovery"</dt> <dd>{one.node.to_string()} ", " {age}</dd> }
    });
    let facts = (alarm.is_some() || recovery.is_some())
        .then(|| view! { <dl class="facts small">{alarm} {recovery}</dl> });
    let health = match view.clusters.as_slice() {
        [one] => links::cluster(&one.name),
        _ => links::CLUSTERS.to_owned(),
    };
    view! {
        <div class="card calm">
            <p class="lead">"Nothing is firing."</p>
            {facts}
            {link(health, "Check cluster health", Weight::Main)}
        </div>
    }
    .into_any()
}

fn breaker(view: &NowView) -> AnyView {
    let places = view
        .breakable
        .iter()
        .map(|(cluster, node)| {
            let place = format!("{cluster}/{node}");
            (place.clone(), place)
        })
        .collect();
    let first = view
        .breakable
        .iter()
        .find(|(_, node)| node.as_str() == "node-12")
        .or(view.breakable.first())
        .map_or_else(String::new, |(cluster, node)| format!("{cluster}/{node}"));
    view! {
        <section>
            <h2>"Sandbox"</h2>
            <form method="post" action=action(acts::BREAK_NODE) class="card stack">
                <p>"Turn a make-believe machine off and watch it come back."</p>
                {choice("place", "Node", places, &first)}
                <button class="button danger">"Break a node"</button>
            </form>
        </section>
    }
    .into_any()
}
