//! An alarm that fires: one that waits for a person, or one that nobody works on.

use super::list::go;
use super::queued;
use super::status::{Shape, tag};
use super::time::ago;
use crate::desk::views::AlarmView;
use crate::links::{self, acts};
use jiff::Timestamp;
use leptos::prelude::*;

/// Why a person looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It names no node, or several.
    Unclear,
    /// It fires, and nothing is being done.
    Firing,
}

/// The card: what came in, why nothing was done, and the two things to do about it.
pub fn card(of: &AlarmView, why: Why, now: Timestamp, may: bool) -> AnyView {
    let status = match why {
        Why::Unclear => tag(Shape::Degraded, "Unclear"),
        Why::Firing => tag(Shape::Down, "Firing"),
    };
    let seen = may.then(|| {
        queued::button(
            acts::ACKNOWLEDGE_ALARM,
            "acknowledge",
            "Acknowledge",
            vec![("id", of.id.0.to_string())],
        )
    });
    let onward = match of.recovery_id {
        Some(id) => go(links::recovery(id), format!("Recovery {id}")),
        None => go(links::rule_from(of.id), "Make a rule of it"),
    };
    view! {
        <article class="card" data-alarm=of.id.0.to_string()>
            <div class="between">
                {status}
                <span class="meta">{of.source.to_string()} " · " {ago(of.received_at, now)}</span>
            </div>
            <p class="mono text">{of.text.clone()}</p>
            <p>{of.note.as_deref().map(sentence)}</p>
            <p class="meta">{format!("Alarm {} is {}, {}.", of.id, of.status, of.disposition)}</p>
            {seen}
            {onward}
        </article>
    }
    .into_any()
}

/// A note of the engine as a sentence.
fn sentence(note: &str) -> String {
    let mut chars = note.trim_end_matches('.').chars();
    chars.next().map_or_else(String::new, |first| {
        let rest: String = chars.collect();
        format!("{}{rest}.", first.to_uppercase())
    })
}
