//! What a pattern matches, ready to be drawn by the server and by the browser alike.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The result of a try.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Why nothing could be tried.
    pub fault: Option<Fault>,
    /// The typed text.
    pub typed: Option<Row>,
    /// Past alarms that match.
    pub alarms: Vec<Row>,
    /// One sentence.
    pub summary: String,
}

/// Why a pattern is not taken, with its place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// In words.
    pub message: String,
    /// The pattern up to the place, the character there, and the rest; without a place all of it comes first.
    pub pieces: (String, String, String),
}

/// One text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Which alarm and when; empty for the typed text.
    pub label: String,
    /// Before the match, the match, and after it; without a match all of it comes first.
    pub pieces: (String, String, String),
    /// Whether it matches.
    pub hit: bool,
    /// Named groups and what they caught.
    pub caught: Vec<(String, String)>,
    /// The node they name.
    pub node: Option<String>,
    /// Why they name none.
    pub problem: Option<String>,
}

/// Draws it.
pub fn draw(trial: Trial) -> AnyView {
    if let Some(fault) = trial.fault {
        return draw_fault(fault);
    }
    let alarms = (!trial.alarms.is_empty()).then(|| {
        view! {
            <h3>"Past alarms that match"</h3>
            <ul class="list">{trial.alarms.into_iter().map(draw_row).collect_view()}</ul>
        }
    });
    view! {
        {trial.typed.map(|row| view! { <ul class="list">{draw_row(row)}</ul> })}
        <p>{trial.summary}</p>
        {alarms}
    }
    .into_any()
}

fn draw_fault(fault: Fault) -> AnyView {
    let (before, at, after) = fault.pieces;
    view! {
        <div class="card wrong" id="pattern-fault">
            <p><strong>"The pattern is not taken: "</strong>{fault.message}</p>
            <p class="mono text">{drawn(before)}<mark class="fault">{at}</mark>{drawn(after)}</p>
        </div>
    }
    .into_any()
}

fn draw_row(row: Row) -> AnyView {
    let (before, hit, after) = row.pieces;
    let verdict = if row.hit { "Matches" } else { "Does not match" };
    let caught = row
        .caught
        .into_iter()
        .map(|(name, value)| view! { <dt>{name}</dt> <dd class="mono">{value}</dd> })
        .collect_view();
    let node = row
        .node
        .map(|node| view! { <dt>"resolves to"</dt> <dd>{node}</dd> });
    view! {
        <li class="item">
            <span class="between"><strong>{verdict}</strong> <span class="meta">{row.label}</span></span>
            <span class="mono text">
                {drawn(before)}
                {(!hit.is_empty()).then(|| view! { <mark>{hit}</mark> })}
                {drawn(after)}
            </span>
            <dl class="facts">{caught} {node}</dl>
            {row.problem.map(|problem| view! { <span>{problem}</span> })}
        </li>
    }
    .into_any()
}

/// A piece of a text, or nothing: Leptos writes an empty text as a blank, which would show here.
fn drawn(piece: String) -> Option<String> {
    Some(piece).filter(|piece| !piece.is_empty())
}
