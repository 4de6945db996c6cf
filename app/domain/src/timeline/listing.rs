//! What a list shows and searches of a recovery, so that no list needs its events.

use super::headline;
use crate::event::{Event, What};
use crate::recovery::{Recovery, Status};
use crate::step::StepKind;
use crate::trigger::{Actor, Trigger};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Longest text a search looks into, in bytes: notes may be long, lists must stay quick.
const WORDS_MAX: usize = 8 * 1024;

/// The list's part of a recovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Why it began.
    pub trigger: Trigger,
    /// One sentence, as it stood at the last event.
    pub headline: String,
    /// Why a person is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<String>,
    /// Since when the node was down, if the plan knew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down_since: Option<Timestamp>,
    /// Seconds each finished step took.
    #[serde(default)]
    pub took: BTreeMap<StepKind, u32>,
    /// Everybody who did something in it, folded to lower case; the store keeps it beside, to filter by.
    #[serde(skip)]
    pub people: BTreeSet<String>,
    /// What a search for text looks into, folded to lower case; kept beside as well.
    #[serde(skip)]
    pub words: String,
}

/// The listing of a recovery and its log.
pub fn listing(recovery: &Recovery, events: &[Event]) -> Listing {
    let headline = headline(recovery, recovery.last_at);
    let took = recovery
        .steps
        .iter()
        .filter(|(_, progress)| progress.status == Status::Succeeded)
        .filter_map(|(step, progress)| {
            let seconds = progress
                .ended_at?
                .duration_since(progress.first_at?)
                .as_secs();
            Some((*step, u32::try_from(seconds).unwrap_or(0)))
        })
        .collect();
    Listing {
        words: words(recovery, events, &headline),
        headline,
        needs: recovery.human.clone(),
        trigger: recovery.plan.trigger.clone(),
        down_since: recovery.plan.down_since,
        took,
        people: people(events),
    }
}

/// Folds a search or a name as the listing folds what it keeps.
pub fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

fn people(events: &[Event]) -> BTreeSet<String> {
    events
        .iter()
        .filter_map(|event| match &event.actor {
            Actor::Person(name) => Some(folded(name.as_str())),
            Actor::Uncordon | Actor::Rule(_) | Actor::Source(_) => None,
        })
        .collect()
}

fn words(recovery: &Recovery, events: &[Event], headline: &str) -> String {
    let target = &recovery.plan.target;
    let cause = match &recovery.plan.trigger {
        Trigger::Alarm { text, .. } => text.as_str(),
        Trigger::Person { reason, .. } => reason.as_deref().unwrap_or_default(),
    };
    let mut parts = vec![
        recovery.id.to_string(),
        target.node.to_string(),
        target.cluster.to_string(),
        target.ip.clone().unwrap_or_default(),
        cause.to_owned(),
        headline.to_owned(),
    ];
    parts.extend(events.iter().filter_map(|event| match &event.what {
        What::Noted { text, .. } | What::Said { text, .. } => Some(text.clone()),
        What::StepFailed { reason, .. }
        | What::StepSkipped { reason, .. }
        | What::UndoFailed { reason, .. } => Some(reason.clone()),
        _ => None,
    }));
    let mut all = folded(&parts.join("\n"));
    let end = (0..=WORDS_MAX.min(all.len()))
        .rev()
        .find(|at| all.is_char_boundary(*at))
        .unwrap_or(0);
    all.truncate(end);
    all
}
