//! A recovery for people to read: a headline, its steps with their times, and every event in words.

mod headline;
mod line;
mod row;

pub use headline::headline;

use crate::event::{Event, What};
use crate::id::{ClusterName, NodeName, RecoveryId};
use crate::receipt::Receipt;
use crate::recovery::{IllegalEvent, Outcome, Recovery, State, replay};
use crate::step::{Finding, StepKind};
use crate::trigger::{Actor, Trigger};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a line or step looks: shape and word besides colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// Not begun.
    Pending,
    /// Under way.
    Active,
    /// Waits for a person, a limit or a switch.
    Waiting,
    /// Done.
    Done,
    /// Not needed.
    Skipped,
    /// Failed.
    Failed,
    /// Plain information.
    Note,
}

/// One step as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepLine {
    /// Which.
    pub step: StepKind,
    /// How it looks.
    pub look: Look,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What was seen or why not, in a sentence.
    pub text: String,
    /// What was looked at.
    pub findings: Vec<Finding>,
    /// Attempts, if more than one.
    pub attempts: u32,
}

/// One event as a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Number of the event.
    pub n: u32,
    /// When it was recorded.
    pub at: Timestamp,
    /// When it happened, if a person says otherwise.
    pub happened_at: Option<Timestamp>,
    /// Who.
    pub actor: Actor,
    /// How it looks.
    pub look: Look,
    /// A few words.
    pub title: String,
    /// The rest.
    pub text: String,
}

/// What somebody may do with a recovery now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Can {
    /// Say yes to the start.
    Approve,
    /// Take a tap back within its grace.
    Cancel,
    /// Stop it.
    Stop,
    /// Begin anew.
    Retry,
    /// Say that the need for help was seen.
    Acknowledge,
}

/// All of a recovery, for a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Number.
    pub id: RecoveryId,
    /// Cluster.
    pub cluster: ClusterName,
    /// Node.
    pub node: NodeName,
    /// InternalIP.
    pub ip: Option<String>,
    /// State.
    pub state: State,
    /// Outcome, once it ended.
    pub outcome: Option<Outcome>,
    /// Why it began.
    pub trigger: Trigger,
    /// One sentence: what is known and what happens next.
    pub headline: String,
    /// Why a person is needed.
    pub human: Option<String>,
    /// The question's end while it waits for a yes.
    pub asked_until: Option<Timestamp>,
    /// End of the grace while it runs.
    pub grace_until: Option<Timestamp>,
    /// First event.
    pub started_at: Timestamp,
    /// End.
    pub ended_at: Option<Timestamp>,
    /// The warnings a person must confirm.
    pub warnings: Vec<crate::guard::Warning>,
    /// Steps.
    pub steps: Vec<StepLine>,
    /// Events.
    pub lines: Vec<Line>,
    /// Proof.
    pub receipt: Option<Receipt>,
    /// What may be done now, whoever asks (rights come on top).
    pub can: Vec<Can>,
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
        grace_until: recovery.grace_until.filter(|until| now < *until),
        started_at: recovery.started_at,
        ended_at: recovery.ended_at(),
        warnings: recovery.plan.warnings.clone(),
        steps: row::rows(&recovery),
        lines: line::lines(events, &recovery.plan),
        receipt,
        can: can(&recovery, now),
    })
}

/// What may be done now, whoever asks.
pub fn can(recovery: &Recovery, now: Timestamp) -> Vec<Can> {
    let graced = recovery.grace_until.is_some_and(|until| now < until);
    let works = recovery.holds_slot() && recovery.human.is_none();
    let helpless = recovery.human.is_some();
    [
        (Can::Approve, asks(recovery)),
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

/// `09:41:07` UTC, where seconds matter.
fn precise(at: Timestamp) -> String {
    at.to_string().get(11..19).unwrap_or_default().to_owned()
}

/// `2:41`, or `1:02:03` from an hour on.
pub(crate) fn took(from: Timestamp, to: Timestamp) -> String {
    let all = to.duration_since(from).as_secs().max(0);
    let (hours, minutes, seconds) = (all / 3600, all / 60 % 60, all % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}
