//! Where the time went: a table with a bar below each step's name; the bars are for the eye only, the table says it all.

use super::status::of_look;
use super::time::{moment, took};
use domain::timeline::waterfall::{Bar, Kind, Of, Part, Scale, Waterfall};
use domain::timeline::{Look, Timeline};
use jiff::Timestamp;
use leptos::prelude::*;

/// Narrowest bar that can be seen, in thousandths of the drawing.
const THIN: f64 = 8.0;

/// The table with its scale, its ticks and its key.
pub fn waterfall(of: &Timeline, scale: Scale, now: Timestamp) -> AnyView {
    let all = &of.waterfall;
    let rows: Vec<(usize, &Bar)> = all.rows(scale).collect();
    let failures: Vec<usize> = rows
        .iter()
        .filter(|(_, bar)| bar.look == Look::Failed)
        .map(|(n, _)| *n)
        .collect();
    let first = failures.first().copied();
    let drawn = rows
        .iter()
        .map(|(n, bar)| row(all, scale, *n, bar, next(&failures, *n), now))
        .collect_view();
    let so_far = if all.live { " so far" } else { "" };
    let whole = took(all.first(scale), all.end);
    view! {
        <div class="between">
            <p class="small">
                {format!("{whole}{so_far}, from ")} {moment(all.first(scale), now)} " UTC"
            </p>
            {first.map(|n| view! { <a class="tap" href=format!("#bar-{n}")>{failed(failures.len())}</a> })}
        </div>
        <table class="waterfall">
            <caption class="hush">"Steps with their begin after the first moment and how long they took"</caption>
            <thead>
                <tr>
                    <th scope="col">"Step"</th>
                    <th scope="col">"Start"</th>
                    <th scope="col">"Took"</th>
                </tr>
                <tr class="bars" aria-hidden="true">
                    <td colspan="3">{ticks(all, scale)}</td>
                </tr>
            </thead>
            <tbody>{drawn}</tbody>
        </table>
        {key(&rows)}
    }
    .into_any()
}

/// The two scales, as links.
pub fn scales(of: &Waterfall, scale: Scale) -> AnyView {
    if of.begin >= of.looked_at {
        return ().into_any();
    }
    let one = |to: Scale, href: &'static str, word: &'static str| {
        view! { <a href=href aria-current=(to == scale).then_some("true")>{word}</a> }
    };
    view! {
        <nav class="switch" aria-label="Scale">
            {one(Scale::Whole, "?view=waterfall#views", "Whole incident")}
            {one(Scale::Recovery, "?view=waterfall&scale=recovery#views", "Recovery only")}
        </nav>
    }
    .into_any()
}

fn failed(count: usize) -> String {
    match count {
        1 => "1 failure".to_owned(),
        many => format!("First of {many} failures"),
    }
}

fn next(failures: &[usize], after: usize) -> Option<usize> {
    failures.iter().copied().find(|n| *n > after)
}

fn row(
    all: &Waterfall,
    scale: Scale,
    n: usize,
    bar: &Bar,
    next: Option<usize>,
    now: Timestamp,
) -> AnyView {
    let lasted = if bar.parts.is_empty() {
        "-".to_owned()
    } else {
        took(bar.from, bar.to)
    };
    let class = match bar.look {
        Look::Failed => "fails",
        Look::Active => "goes-on",
        Look::Skipped => "dim",
        Look::Pending | Look::Waiting | Look::Done | Look::Note => "",
    };
    let next = next.filter(|_| bar.look == Look::Failed);
    view! {
        <tr id=format!("bar-{n}") class=class tabindex="-1">
            <th scope="row">
                <details id=format!("more-{n}")>
                    <summary>{bar.title.clone()}</summary>
                    <div class="more stack">
                        {known(bar, now)}
                        {next.map(|to| view! {
                            <a class="tap" href=format!("#bar-{to}")>"Next failure"</a>
                        })}
                    </div>
                </details>
            </th>
            <td>{format!("+{}", took(all.first(scale), bar.from))}</td>
            <td>{lasted}</td>
        </tr>
        <tr class="bars" aria-hidden="true">
            <td colspan="3">{drawing(all, scale, bar)}</td>
        </tr>
    }
    .into_any()
}

/// All that is known of a row: its look, its times, what was seen.
fn known(bar: &Bar, now: Timestamp) -> AnyView {
    let text = (!bar.text.is_empty()).then(|| view! { <p class="text">{bar.text.clone()}</p> });
    let look = (bar.look != Look::Note).then(|| of_look(bar.look));
    let facts = bar
        .known
        .iter()
        .map(|(what, value)| {
            view! { <dt>{what.clone()}</dt> <dd>{value.clone()}</dd> }
        })
        .collect_view();
    let facts = (!bar.known.is_empty()).then(|| view! { <dl class="facts">{facts}</dl> });
    view! {
        <p class="meta">
            {look} " "
            {moment(bar.from, now)} " to " {moment(bar.to, now)} " UTC"
        </p>
        {text}
        {facts}
    }
    .into_any()
}

/// Rail, parts and the line of the critical path; places are percent, so patterns keep their form.
fn drawing(all: &Waterfall, scale: Scale, bar: &Bar) -> AnyView {
    let place = |at: Timestamp| all.place(scale, at);
    let parts = bar
        .parts
        .iter()
        .filter(|part| {
            // A wait too short to be seen would only hide what followed it.
            let wide = place(part.to) - place(part.from);
            wide >= THIN / 2.0 || part.to == bar.to
        })
        .map(|part| piece(part, place(part.from), place(part.to)))
        .collect_view();
    let (left, wide) = seen(place(bar.from), place(bar.to));
    let path = (bar.critical && !bar.parts.is_empty()).then(|| {
        view! { <rect class="path" x=percent(left) y="17" width=percent(wide) height="2"></rect> }
    });
    let what = matches!(bar.of, Of::Gap).then(|| {
        view! { <text class="what" x=percent(left + wide / 2.0) y="12" text-anchor="middle">"?"</text> }
    });
    view! {
        <svg class="bar" width="100%" height="20" focusable="false">
            <rect class="rail" x="0" y="8" width="100%" height="1"></rect>
            {parts} {what} {path}
        </svg>
    }
    .into_any()
}

fn piece(part: &Part, from: f64, to: f64) -> AnyView {
    let (left, wide) = seen(from, to);
    view! {
        <rect
            class=class(part.kind)
            x=percent(left)
            y="2"
            width=percent(wide)
            height="13"
            rx="2"
            fill=fill(part.kind)
        ></rect>
    }
    .into_any()
}

/// Left edge and width: what is too short to be seen is drawn a little wider, never over the edge.
fn seen(from: f64, to: f64) -> (f64, f64) {
    let wide = (to - from).max(THIN);
    (from.min(1000.0 - wide).max(0.0), wide)
}

fn percent(thousandths: f64) -> String {
    format!("{:.1}%", thousandths / 10.0)
}

const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Waiting => "b-wait",
        Kind::Queued => "b-queue",
        Kind::Running => "b-run",
        Kind::Failed => "b-fail",
        Kind::Gap => "b-gap",
    }
}

/// A pattern besides the colour; what runs is solid, and a gap is nothing but an outline.
const fn fill(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Waiting => Some("url(#p-wait)"),
        Kind::Queued => Some("url(#p-queue)"),
        Kind::Failed => Some("url(#p-fail)"),
        Kind::Gap => Some("none"),
        Kind::Running => None,
    }
}

/// Begin, middle and end; on a phone their labels stand 130 px apart.
fn ticks(all: &Waterfall, scale: Scale) -> AnyView {
    let first = all.first(scale);
    let half = first + all.end.duration_since(first) / 2;
    view! {
        <svg class="ticks" width="100%" height="24" focusable="false">
            <text x="0" y="12">"+0:00"</text>
            <text x="50%" y="12" text-anchor="middle">{format!("+{}", took(first, half))}</text>
            <text x="100%" y="12" text-anchor="end">{format!("+{}", took(first, all.end))}</text>
            <path class="rail" d="M.5 16v8"></path>
            <rect class="rail" x="50%" y="16" width="1" height="8"></rect>
            <rect class="rail" x="99.7%" y="16" width="1" height="8"></rect>
        </svg>
    }
    .into_any()
}

/// What the patterns stand for: only those that are there. Holds the patterns too.
fn key(rows: &[(usize, &Bar)]) -> AnyView {
    let there = |kind: Kind| {
        rows.iter()
            .any(|(_, bar)| bar.parts.iter().any(|part| part.kind == kind))
    };
    let kinds = [
        (Kind::Waiting, "Waiting"),
        (Kind::Queued, "Queued"),
        (Kind::Running, "At work"),
        (Kind::Failed, "Failed"),
        (Kind::Gap, "Unaccounted"),
    ];
    let words = kinds
        .into_iter()
        .filter(|(kind, _)| there(*kind))
        .map(|(kind, word)| {
            view! {
                <li>
                    <svg class="bar" width="28" height="15" aria-hidden="true" focusable="false">
                        <rect class=class(kind) x="1" y="1" width="26" height="13" rx="2" fill=fill(kind)></rect>
                    </svg>
                    {word}
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="legend meta">
            {words}
            <li>
                <svg class="bar" width="28" height="15" aria-hidden="true" focusable="false">
                    <rect class="path" x="1" y="7" width="26" height="2"></rect>
                </svg>
                "Critical path: the node had to wait for it"
            </li>
        </ul>
        <svg width="0" height="0" class="patterns" aria-hidden="true" focusable="false">
            <defs>
                <pattern id="p-wait" width="5" height="5" patternUnits="userSpaceOnUse">
                    <circle class="i-wait" cx="2.5" cy="2.5" r="1.25"></circle>
                </pattern>
                <pattern id="p-queue" width="4" height="13" patternUnits="userSpaceOnUse">
                    <rect class="i-queue" width="2" height="13"></rect>
                </pattern>
                <pattern id="p-fail" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                    <rect class="i-fail" width="3" height="6"></rect>
                </pattern>
            </defs>
        </svg>
    }
    .into_any()
}
