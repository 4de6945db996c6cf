//! A recovery for people to read: a headline, its steps with their times, and every event in words.

mod chat_word;
mod headline;
mod line;
mod listing;
mod milestones;
mod past;
mod row;
mod shape;
mod story;
mod usual;
pub mod waterfall;

pub use chat_word::ChatWord;
pub use headline::headline;
pub use listing::{Listing, folded, listing};
pub use milestones::{Downtime, Milestone, downtime, milestones, summary};
pub use past::{RecoveryFilter, Totals};
pub use shape::{Can, Line, Look, StepLine, Timeline};
pub use story::{StoryMark, curate, in_order};
pub use usual::{Took, Usual, figure, usual};
pub use waterfall::Waterfall;

use crate::event::{Event, What};
use crate::facts::Facts;
use crate::plan::Consent;
use crate::recovery::{IllegalEvent, Outcome, Recovery, State, replay};
use crate::rule::Silence;
use jiff::Timestamp;

/// Tells what can be told of a log of which `lost` events could not be read; the others keep their numbers.
pub fn of_readable(
    events: &[(u32, Event)],
    lost: u32,
    now: Timestamp,
) -> Result<Timeline, IllegalEvent> {
    let plain = |kept: &[(u32, Event)]| -> Vec<Event> {
        kept.iter().map(|(_, event)| event.clone()).collect()
    };
    if lost == 0 {
        return of(&plain(events), now);
    }
    // Without the one before it an event may be impossible: it is left out as well, and counted.
    let (first, rest) = events.split_at(events.len().min(1));
    let mut state = replay(&plain(first))?;
    let mut kept = first.to_vec();
    for (n, event) in rest {
        if let Ok(next) = state.with(event) {
            state = next;
            kept.push((*n, event.clone()));
        }
    }
    let mut told = of(&plain(&kept), now)?;
    for (line, (n, _)) in told.lines.iter_mut().zip(&kept) {
        line.n = *n;
    }
    told.unread = lost + u32::try_from(events.len() - kept.len()).unwrap_or(u32::MAX);
    Ok(told)
}

/// Tells a recovery's log for people; refuses a log that cannot have happened.
pub fn of(events: &[Event], now: Timestamp) -> Result<Timeline, IllegalEvent> {
    let recovery = replay(events)?;
    let receipt = events.iter().rev().find_map(|event| match &event.what {
        What::Finished { receipt, .. } => receipt.as_deref().cloned(),
        _ => None,
    });
    let target = &recovery.plan.target;
    Ok(Timeline {
        id: recovery.id,
        cluster: target.cluster.clone(),
        node: target.node.clone(),
        ip: target.ip.clone(),
        state: recovery.state(),
        outcome: recovery.outcome(),
        trigger: recovery.plan.trigger.clone(),
        headline: headline(&recovery, now),
        human: recovery.human.clone(),
        asked_until: recovery.asked_until.filter(|_| asks(&recovery)),
        veto_until: recovery
            .veto_until
            .filter(|until| now < *until && recovery.state() == State::Waiting),
        silence: match recovery.plan.consent {
            Consent::Veto { silence, .. } => silence,
            Consent::Given | Consent::Needed => Silence::Ask,
        },
        snapshot: events.iter().rev().find_map(|event| match &event.what {
            What::EvidenceSaved { snapshot } => Some((**snapshot).clone()),
            _ => None,
        }),
        grace_until: recovery.grace_until.filter(|until| now < *until),
        started_at: recovery.started_at,
        ended_at: recovery.ended_at(),
        warnings: recovery.plan.warnings.clone(),
        steps: row::rows(&recovery),
        lines: line::lines(events, &recovery.plan),
        receipt,
        facts: Facts::of_recovery(&recovery).to_string(),
        can: can(&recovery, now),
        summary: summary(&recovery, now),
        down: downtime(&recovery),
        milestones: milestones(&recovery, events),
        waterfall: waterfall::waterfall(events, now)?,
        impact: Vec::new(),
        words: Vec::new(),
        waits_for: None,
        unread: 0,
    })
}

/// What may be done now, whoever asks.
pub fn can(recovery: &Recovery, now: Timestamp) -> Vec<Can> {
    let graced = recovery.grace_until.is_some_and(|until| now < until);
    let works = recovery.holds_slot() && recovery.human.is_none();
    let helpless = recovery.human.is_some();
    [
        (Can::Approve, recovery.takes_yes()),
        (Can::Cancel, works && !recovery.stopped && graced),
        (Can::Stop, works && !recovery.stopped && !recovery.cancelled),
        (
            Can::Retry,
            helpless || matches!(recovery.finished, Some((Outcome::Aborted, _))),
        ),
        (Can::Acknowledge, helpless && !recovery.acknowledged),
    ]
    .into_iter()
    .filter_map(|(what, may)| may.then_some(what))
    .collect()
}

/// Whether a yes is waited for.
fn asks(recovery: &Recovery) -> bool {
    recovery.state() == State::Waiting && recovery.asked_until.is_some() && !recovery.consented()
}

/// `2:41`, or `1:02:03` from an hour on.
pub(crate) fn took(from: Timestamp, to: Timestamp) -> String {
    let seconds = to.duration_since(from).as_secs().max(0);
    figure(u32::try_from(seconds).unwrap_or(u32::MAX))
}
