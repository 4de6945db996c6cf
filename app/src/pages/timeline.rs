//! Past recoveries, grouped by day, filtered by the URL.

mod asked;

use super::visit::{Content, Visit, show};
use crate::desk::views::{IncidentView, List, Paging, RecoveryItem, Totals};
use crate::error::AppError;
use crate::links;
use crate::parts::form::{Line, Weight, choice, line, link};
use crate::parts::frame::{Live, Tab};
use crate::parts::incident;
use crate::parts::recovery::past;
use crate::parts::time::day;
use asked::Fields;
use domain::timeline::figure;
use jiff::SignedDuration;
use leptos::prelude::*;

/// The page.
pub fn page() -> AnyView {
    show(Tab::Timeline, "Timeline", content)
}

async fn content(visit: Visit) -> Result<Content, AppError> {
    let fields = Fields::of(&visit);
    let (filter, wrong) = fields.filter();
    let paging = Paging {
        after: visit.asked("after").and_then(|text| text.parse().ok()),
        ..Paging::default()
    };
    let found = visit.desk.recoveries(&visit.who, &filter, paging).await?;
    let totals = visit.desk.totals(&visit.who, &filter).await?;
    let incidents = visit.desk.incidents(&visit.who).await?;
    let clusters = visit.desk.clusters(&visit.who).await.unwrap_or_default();
    let rules = visit.desk.rules(&visit.who).await.unwrap_or_default();
    let choices = Choices {
        clusters: clusters.iter().map(|card| card.name.to_string()).collect(),
        rules: rules
            .iter()
            .map(|rule| (rule.id.0.to_string(), rule.draft.name.to_string()))
            .collect(),
    };
    let body = view! {
        <div id="totals" data-live-part="">{strip(&fields, &totals)}</div>
        {filters(choices, &fields)}
        {wrong.map(|text| view! { <p class="warnings" role="alert">{text}</p> })}
        <div id="incidents" data-live-part="">{hosts(&incidents, &visit)}</div>
        <div id="recoveries" data-live-part="">{days(&visit, &found, &totals)}</div>
        <div id="hidden" data-live-part="">{hidden(&fields, &totals)}</div>
        {older(&fields, found.next)}
    };
    Ok(Content {
        title: None,
        live: Live::Recoveries,
        body: body.into_any(),
    })
}

/// Incidents of the last week, each with its recoveries.
fn hosts(all: &[IncidentView], visit: &Visit) -> Option<AnyView> {
    const MOST: usize = 5;
    let week = SignedDuration::from_hours(24 * 7);
    let young = all
        .iter()
        .filter(|one| one.closed_at.is_none_or(|at| at + week > visit.now))
        .take(MOST);
    let rows: Vec<AnyView> = young.map(|one| incident::row(one, visit.now)).collect();
    (!rows.is_empty()).then(|| {
        view! { <section><h2>"Hosts that failed"</h2> <ul class="list">{rows}</ul></section> }
            .into_any()
    })
}

/// What the filter form offers.
struct Choices {
    clusters: Vec<String>,
    rules: Vec<(String, String)>,
}

/// Four figures over everything that passes; each leads to its own filter.
fn strip(fields: &Fields, of: &Totals) -> AnyView {
    if of.all == 0 {
        return ().into_any();
    }
    let share = (of.automatic * 100)
        .checked_div(of.found)
        .map_or_else(|| "-".to_owned(), |share| format!("{share} %"));
    let figures = [
        ("Recoveries", of.found.to_string(), ("", "")),
        (
            "Median time",
            of.median_s.map_or_else(|| "-".to_owned(), figure),
            ("outcome", "recovered"),
        ),
        (
            "Needed a person",
            of.failed.to_string(),
            ("outcome", "needs_human"),
        ),
        ("Automatic", share, ("by", "rule")),
    ];
    let cells = figures
        .into_iter()
        .map(|(word, value, field)| {
            view! {
                <li>
                    <a href=fields.with(field)>
                        <span class="meta">{word}</span>
                        <strong>{value}</strong>
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="strip" aria-label="In figures">{cells}</ul> }.into_any()
}

fn days(visit: &Visit, found: &List<RecoveryItem>, of: &Totals) -> AnyView {
    if found.items.is_empty() {
        let text = match of.newest {
            Some(at) => format!(
                "No recoveries in this range. The last one began on {}.",
                day(at)
            ),
            None => "No recoveries yet. The first one will be told here, step by step.".to_owned(),
        };
        return view! { <p class="empty">{text}</p> }.into_any();
    }
    found
        .items
        .chunk_by(|one, next| day(one.started_at) == day(next.started_at))
        .map(|items| {
            let rows = items.iter().map(|one| past(one, visit.now)).collect_view();
            view! {
                <section class="day">
                    <h2>{items.first().map(|one| day(one.started_at))}</h2>
                    <ul class="list">{rows}</ul>
                </section>
            }
        })
        .collect_view()
        .into_any()
}

fn hidden(fields: &Fields, of: &Totals) -> AnyView {
    let hidden = of.all.saturating_sub(of.found);
    if fields.none() || hidden == 0 {
        return ().into_any();
    }
    view! {
        <div class="between">
            <p class="meta">{format!("{hidden} hidden by filters")}</p>
            {link(links::TIMELINE, "Show all", Weight::Plain)}
        </div>
    }
    .into_any()
}

fn filters(choices: Choices, fields: &Fields) -> AnyView {
    let any = (String::new(), "Any".to_owned());
    let clusters = std::iter::once(any.clone())
        .chain(
            choices
                .clusters
                .into_iter()
                .map(|name| (name.clone(), name)),
        )
        .collect();
    let rules = std::iter::once(any.clone()).chain(choices.rules).collect();
    let outcomes = std::iter::once(any)
        .chain(asked::ENDS.map(|(word, shown)| (word.to_owned(), shown.to_owned())))
        .collect();
    let by = [("", "Anybody"), ("rule", "A rule"), ("person", "A person")]
        .map(|(value, shown)| (value.to_owned(), shown.to_owned()))
        .to_vec();
    let typed = |name: &'static str, label: &str, hint: &'static str, code: bool| {
        line(Line {
            name,
            label: label.to_owned(),
            hint,
            value: fields.get(name).to_owned(),
            code,
            ..Line::default()
        })
    };
    let set = !fields.none();
    let said = if set {
        format!("Filter: {}", fields.said())
    } else {
        "Filter".to_owned()
    };
    view! {
        <details class="fold" id="filters">
            <summary>{said}</summary>
            <form method="get" action=links::TIMELINE class="stack inside">
                {typed("text", "Text", "In names, alarms, reasons and notes", false)}
                <div class="pairs">
                    {choice("cluster", "Cluster", clusters, fields.get("cluster"))}
                    {typed("node", "Node", "", true)}
                    {choice("outcome", "Outcome", outcomes, fields.get("outcome"))}
                    {choice("by", "Begun by", by, fields.get("by"))}
                    {choice("rule", "Rule", rules, fields.get("rule"))}
                    {typed("person", "Person who acted", "", false)}
                    {date("since", "From", fields.get("since"))}
                    {date("until", "To", fields.get("until"))}
                </div>
                <div class="row">
                    <button class="button">"Show"</button>
                    {set.then(|| link(links::TIMELINE, "Clear", Weight::Plain))}
                </div>
            </form>
        </details>
    }
    .into_any()
}

fn date(name: &'static str, label: &'static str, value: &str) -> AnyView {
    view! {
        <div class="field">
            <label for=name>{label}</label>
            <input type="date" id=name name=name value=value.to_owned()/>
        </div>
    }
    .into_any()
}

fn older(fields: &Fields, next: Option<u64>) -> AnyView {
    let Some(after) = next else {
        return ().into_any();
    };
    let after = after.to_string();
    link(fields.with(("after", &after)), "Older", Weight::Plain)
}
