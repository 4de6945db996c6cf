//! Now: what needs somebody, what is under way, what has just ended, and how the clusters are.

use super::visit::{Content, Visit, show};
use crate::desk::views::NowView;
use crate::error::AppError;
use crate::links::acts;
use crate::parts::form::{action, choice};
use crate::parts::frame::{Live, Tab};
use crate::parts::status::{Shape, tag};
use crate::parts::time::ago;
use crate::parts::{alarm, cluster, cordon, recovery, storm};
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
    let needs = view
        .needs_you
        .iter()
        .map(|one| recovery::card(one, seen))
        .collect();
    let running = view
        .running
        .iter()
        .map(|one| recovery::card(one, seen))
        .collect();
    let unclear = view
        .unclear
        .iter()
        .map(|one| alarm::card(one, now, seen.may))
        .collect();
    let storms = view
        .storms
        .iter()
        .map(|one| storm::card(one, seen))
        .collect();
    let cordoned = if view.cordoned.is_empty() {
        Vec::new()
    } else {
        let items = view
            .cordoned
            .iter()
            .map(|one| cordon::item(one, seen))
            .collect_view();
        vec![view! { <ul class="list">{items}</ul> }.into_any()]
    };
    let recent = if view.recent.is_empty() {
        Vec::new()
    } else {
        vec![recovery::rows(&view.recent, now, "")]
    };
    view! {
        <div id="quiet" data-live-part="">{quiet(view, visit)}</div>
        {section("storms", "Storm", storms)}
        {section("needs", "Needs you", needs)}
        {section("running", "Recovering", running)}
        {section("unclear", "Unclear alarms", unclear)}
        {section("cordoned", "Kept cordoned here", cordoned)}
        {section("recent", "Recently ended", recent)}
        {section("clusters", "Clusters", vec![cluster::cards(&view.clusters, now)])}
        {(seen.may && !view.breakable.is_empty()).then(|| breaker(view))}
    }
    .into_any()
}

/// A part that is always there, so that news can fill it.
fn section(id: &'static str, title: &'static str, cards: Vec<AnyView>) -> AnyView {
    let filled = (!cards.is_empty()).then(|| view! { <h2>{title}</h2> {cards.collect_view()} });
    view! { <section id=id data-live-part="">{filled}</section> }.into_any()
}

fn quiet(view: &NowView, visit: &Visit) -> AnyView {
    let busy = [
        view.storms.len(),
        view.needs_you.len(),
        view.running.len(),
        view.unclear.len(),
    ];
    if busy.iter().any(|count| *count > 0) {
        return ().into_any();
    }
    let last = view
        .last_alarm
        .map(|at| view! { <p class="meta">"Last alarm " {ago(at, visit.now)} "."</p> });
    view! {
        <div class="card">
            <p>{tag(Shape::Ready, "Nothing is firing.")}</p>
            {last}
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
        <section class="card">
            <h2>"Sandbox"</h2>
            <p>"Turn a make-believe machine off and watch it come back."</p>
            <form method="post" action=action(acts::BREAK_NODE) class="stack">
                {choice("place", "Node", places, &first)}
                <button class="button danger">"Break a node"</button>
            </form>
        </section>
    }
    .into_any()
}
