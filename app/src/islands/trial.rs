//! What a rule would make of past alarms, ready to be drawn by the server and by the browser alike.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The result of a try.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// The page of the editor: its buttons lead there, with everything that is typed.
    pub place: String,
    /// Why nothing could be tried.
    pub fault: Option<Fault>,
    /// One sentence.
    pub summary: String,
    /// What else is to be said, one sentence each.
    pub notes: Vec<String>,
    /// The pins, and whether they hold.
    pub pins: Vec<PinRow>,
    /// The typed text.
    pub typed: Option<Row>,
    /// Past alarms.
    pub folds: Vec<Fold>,
}

/// Why a pattern is not taken, with its place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// In words.
    pub message: String,
    /// The pattern up to the place, the character there, and the rest; without a place all of it comes first.
    pub pieces: (String, String, String),
}

/// A pinned text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinRow {
    /// `must match` or `must not match`.
    pub must: String,
    /// Its text.
    pub text: String,
    /// Whether it holds; nobody knows while the pattern is not taken.
    pub holds: Option<bool>,
}

/// Some past alarms under a heading.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fold {
    /// Heading, with the number.
    pub title: String,
    /// Whether it begins open.
    pub open: bool,
    /// The newest of them.
    pub rows: Vec<Row>,
    /// How many more there are, in words.
    pub more: String,
}

/// One text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Which alarm and when; empty for the typed text.
    pub label: String,
    /// Before the match, the match, and after it; without a match all of it comes first.
    pub pieces: (String, String, String),
    /// `Matches` and the like.
    pub verdict: String,
    /// Named groups and what they caught.
    pub caught: Vec<(String, String)>,
    /// The node they name.
    pub node: Option<String>,
    /// Why they name none.
    pub problem: Option<String>,
    /// What a pin of it is called; empty when it cannot be pinned.
    pub key: String,
}

/// Draws all but the pattern's fault, which stands on its own.
pub fn draw(trial: Trial) -> AnyView {
    let place = trial.place;
    let pins = draw_pins(trial.pins, &place);
    let notes = (!trial.notes.is_empty()).then(|| {
        let lines = trial
            .notes
            .into_iter()
            .map(|note| view! { <li>{note}</li> })
            .collect_view();
        view! { <ul class="notes">{lines}</ul> }
    });
    let typed = trial
        .typed
        .map(|row| view! { <ul class="list">{draw_row(row, &place)}</ul> });
    let folds = trial
        .folds
        .into_iter()
        .map(|fold| draw_fold(fold, &place))
        .collect_view();
    view! {
        {typed}
        <p>{trial.summary}</p>
        {notes}
        {pins}
        {folds}
    }
    .into_any()
}

/// Draws why a pattern is not taken.
pub fn draw_fault(fault: Fault) -> AnyView {
    let (before, at, after) = fault.pieces;
    view! {
        <div class="card wrong" id="pattern-fault">
            <p><strong>"The pattern is not taken: "</strong>{fault.message}</p>
            <p class="mono text">{drawn(before)}<mark class="fault">{at}</mark>{drawn(after)}</p>
        </div>
    }
    .into_any()
}

/// What stands at the bottom of a small screen while a person types.
pub fn verdict(trial: &Trial) -> String {
    let failing = trial
        .pins
        .iter()
        .filter(|pin| pin.holds == Some(false))
        .count();
    match (&trial.fault, failing) {
        (Some(fault), _) => format!("Not taken: {}", fault.message),
        (None, 0) => trial.summary.clone(),
        (None, 1) => format!("{} 1 pin fails.", trial.summary),
        (None, many) => format!("{} {many} pins fail.", trial.summary),
    }
}

fn draw_fold(fold: Fold, place: &str) -> AnyView {
    let rows = fold
        .rows
        .into_iter()
        .map(|row| draw_row(row, place))
        .collect_view();
    view! {
        <details open=fold.open>
            <summary>{fold.title}</summary>
            <ul class="list">{rows}</ul>
            {(!fold.more.is_empty()).then(|| view! { <p class="meta">{fold.more}</p> })}
        </details>
    }
    .into_any()
}

fn draw_pins(pins: Vec<PinRow>, place: &str) -> AnyView {
    if pins.is_empty() {
        return ().into_any();
    }
    let rows = pins
        .into_iter()
        .enumerate()
        .map(|(at, pin)| {
            let state = match pin.holds {
                Some(true) => "holds",
                Some(false) => "fails: blocks saving",
                None => "not checked",
            };
            let class = if pin.holds == Some(false) {
                "item pin fails"
            } else {
                "item pin"
            };
            view! {
                <li class=class>
                    <span class="between">
                        <strong>{format!("{}: {}", at + 1, pin.must)}</strong>
                        <span class="meta">{state}</span>
                    </span>
                    <span class="mono text">{pin.text}</span>
                    {choose(place, "unpin", at.to_string(), "Unpin", format!("Unpin {}", at + 1))}
                </li>
            }
        })
        .collect_view();
    view! { <h3>"Pins"</h3> <ul class="list" id="pinned">{rows}</ul> }.into_any()
}

fn draw_row(row: Row, place: &str) -> AnyView {
    let (before, hit, after) = row.pieces;
    let caught = row
        .caught
        .into_iter()
        .map(|(name, value)| view! { <dt>{name}</dt> <dd class="mono">{value}</dd> })
        .collect_view();
    let node = row
        .node
        .map(|node| view! { <dt>"resolves to"</dt> <dd>{node}</dd> });
    let pin = (!row.key.is_empty()).then(|| {
        let of = if row.label.is_empty() { "the typed text".to_owned() } else { row.label.clone() };
        let one = |word: &str, shown: &str| {
            choose(place, "pin", format!("{word}:{}", row.key), shown, format!("{shown}: {of}"))
        };
        view! { <div class="row">{one("match", "Must match")} {one("not_match", "Must not match")}</div> }
    });
    view! {
        <li class="item">
            <span class="between"><strong>{row.verdict}</strong> <span class="meta">{row.label}</span></span>
            <span class="mono text">
                {drawn(before)}
                {(!hit.is_empty()).then(|| view! { <mark>{hit}</mark> })}
                {drawn(after)}
            </span>
            <dl class="facts">{caught} {node}</dl>
            {row.problem.map(|problem| view! { <span class="meta">{problem}</span> })}
            {pin}
        </li>
    }
    .into_any()
}

/// A button that asks for the page of the editor again, with everything that is typed and one thing more.
fn choose(place: &str, name: &'static str, value: String, shown: &str, label: String) -> AnyView {
    view! {
        <button
            class="button quiet"
            formmethod="get"
            formaction=format!("{place}#test")
            formnovalidate
            name=name
            value=value
            aria-label=label
        >
            {shown.to_owned()}
        </button>
    }
    .into_any()
}

/// A piece of a text, or nothing: Leptos writes an empty text as a blank, which would show here.
fn drawn(piece: String) -> Option<String> {
    Some(piece).filter(|piece| !piece.is_empty())
}
