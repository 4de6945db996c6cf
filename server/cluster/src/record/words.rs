//! Conditions, events and pods as people will read them in a record.

use crate::pod;
use crate::wire;
use crate::wire::event::Event;
use crate::wire::pod::Pod;
use domain::world::{Condition, EVENTS_MAX, NodeEvent};

/// A condition with its reason.
pub fn condition(one: &wire::Condition) -> Condition {
    Condition {
        kind: one.kind.clone(),
        status: one.status.clone(),
        text: words(&one.reason, &one.message),
        since: one.last_transition_time,
    }
}

/// The newest events, newest first.
pub fn newest(events: &[Event]) -> Vec<NodeEvent> {
    let mut told: Vec<NodeEvent> = events
        .iter()
        .map(|one| NodeEvent {
            at: one.seen(),
            text: words(&one.reason, &one.message),
            count: one.times(),
        })
        .collect();
    told.sort_by_key(|one| std::cmp::Reverse(one.at));
    told.truncate(EVENTS_MAX);
    told
}

fn words(reason: &str, message: &str) -> String {
    match (reason, message) {
        ("", only) | (only, "") => only.to_owned(),
        (reason, message) => format!("{reason}: {message}"),
    }
}

/// A pod as one line.
pub fn line(pod: &Pod) -> String {
    let phase = match pod.status.phase.as_str() {
        "" => "Unknown",
        phase => phase,
    };
    let mut line = format!("{} {phase}", pod.metadata.path());
    let leaving = pod.metadata.deletion_timestamp.map(|_| "being deleted");
    let reason = pod::reason(&pod.status);
    for why in reason.as_deref().into_iter().chain(leaving) {
        line.push_str(", ");
        line.push_str(why);
    }
    line
}

#[cfg(test)]
mod tests;
