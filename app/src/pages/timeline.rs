//! Past recoveries, grouped by day, filtered by the URL.

use super::visit::{Content, Visit, show};
use crate::desk::views::{List, Paging, RecoveryFilter, RecoveryItem};
use crate::error::AppError;
use crate::links;
use crate::parts::form::{Line, Weight, choice, line, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::recovery::row;
use crate::parts::time::day;
use domain::id::{ClusterName, NodeName};
use domain::recovery::Outcome;
use leptos::prelude::*;

/// Outcomes a person may ask for.
const OUTCOMES: [(Outcome, &str); 6] = [
    (Outcome::Recovered, "Recovered"),
    (Outcome::SelfHealed, "Came back by itself"),
    (Outcome::FalseAlarm, "False alarm"),
    (Outcome::Aborted, "Stopped or handed over"),
    (Outcome::Refused, "Refused"),
    (Outcome::Expired, "Too old"),
];

/// The page.
pub fn page() -> AnyView {
    show(Tab::Timeline, "Timeline", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let cluster = visit.asked("cluster").unwrap_or_default();
    let node = visit.asked("node").unwrap_or_default();
    let outcome = visit.asked("outcome").unwrap_or_default();
    let filter = RecoveryFilter {
        cluster: ClusterName::parse(cluster.trim()).ok(),
        node: NodeName::parse(&node.trim().to_lowercase()).ok(),
        outcome: OUTCOMES
            .into_iter()
            .map(|(one, _)| one)
            .find(|one| one.word() == outcome),
        ..RecoveryFilter::default()
    };
    let paging = Paging {
        after: visit.asked("after").and_then(|text| text.parse().ok()),
        ..Paging::default()
    };
    let found = visit.desk.recoveries(&visit.who, &filter, paging).await?;
    let clusters = visit.desk.clusters(&visit.who).await.unwrap_or_default();
    let names = clusters.iter().map(|card| card.name.to_string()).collect();
    let body = view! {
        {filters(names, &filter)}
        <div id="recoveries" data-live-part="">{days(&visit, &found)}</div>
        {older(&filter, found.next)}
    };
    Ok(Content {
        title: None,
        live: Live::Recoveries,
        body: body.into_any(),
    })
}

fn days(visit: &Visit, found: &List<RecoveryItem>) -> AnyView {
    if found.items.is_empty() {
        return view! { <p class="empty">"No recoveries here yet."</p> }.into_any();
    }
    found
        .items
        .chunk_by(|one, next| day(one.started_at) == day(next.started_at))
        .map(|items| {
            let rows = items.iter().map(|one| row(one, visit.now)).collect_view();
            view! {
                <section>
                    <h2>{items.first().map(|one| day(one.started_at))}</h2>
                    <ul class="list">{rows}</ul>
                </section>
            }
        })
        .collect_view()
        .into_any()
}

fn filters(clusters: Vec<String>, filter: &RecoveryFilter) -> AnyView {
    let any = ("".to_owned(), "Any".to_owned());
    let clusters = std::iter::once(any.clone())
        .chain(clusters.into_iter().map(|name| (name.clone(), name)))
        .collect();
    let outcomes = std::iter::once(any)
        .chain(OUTCOMES.map(|(one, shown)| (one.word().to_owned(), shown.to_owned())))
        .collect();
    let (cluster, node) = words(filter);
    let outcome = filter.outcome.map_or("", Outcome::word);
    let open = !(cluster.is_empty() && node.is_empty() && outcome.is_empty());
    view! {
        <details class="card" id="filters" open=open>
            <summary>"Filter"</summary>
            <form method="get" action=links::TIMELINE class="stack">
                {choice("cluster", "Cluster", clusters, &cluster)}
                {line(Line {
                    name: "node",
                    label: "Node".to_owned(),
                    value: node,
                    code: true,
                    ..Line::default()
                })}
                {choice("outcome", "Outcome", outcomes, outcome)}
                <button class="button">"Show"</button>
                {open.then(|| link(links::TIMELINE, "Show all", Weight::Plain))}
            </form>
        </details>
    }
    .into_any()
}

fn older(filter: &RecoveryFilter, next: Option<u64>) -> AnyView {
    let Some(after) = next else {
        return ().into_any();
    };
    let (cluster, node) = words(filter);
    let outcome = filter.outcome.map_or("", Outcome::word);
    // Names and words are letters, digits, dots and dashes: nothing to encode.
    let href = format!(
        "{}?cluster={cluster}&node={node}&outcome={outcome}&after={after}",
        links::TIMELINE
    );
    link(href, "Older", Weight::Plain)
}

fn words(filter: &RecoveryFilter) -> (String, String) {
    (
        filter
            .cluster
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
        filter
            .node
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
    )
}
