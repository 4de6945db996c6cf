//! One run of a plan, rebuilt from its events, and what comes next in it.

mod next;
mod progress;
mod replay;
pub mod restart;
mod state;

pub use next::Next;
pub use progress::{Hold, Progress, Status};
pub use replay::{IllegalEvent, replay};
pub use state::{Outcome, State};

use crate::id::RecoveryId;
use crate::plan::{Consent, Exit, Plan};
use crate::step::{Class, StepKind};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// A recovery, rebuilt from its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Its number.
    pub id: RecoveryId,
    /// Its plan.
    pub plan: Plan,
    /// Number of events so far.
    pub n: u32,
    /// Time of the first event.
    pub started_at: Timestamp,
    /// Time of the last event.
    pub last_at: Timestamp,
    /// Its steps.
    pub steps: BTreeMap<StepKind, Progress>,
    /// The exit that was taken.
    pub exit: Option<Exit>,
    /// The question's end, once asked.
    pub asked_until: Option<Timestamp>,
    /// The end of the veto window, once it began.
    pub veto_until: Option<Timestamp>,
    /// Whether the evidence that a start destroys was kept.
    pub evidence_saved: bool,
    /// When a person said yes.
    pub approved_at: Option<Timestamp>,
    /// A tap may be taken back until then.
    pub grace_until: Option<Timestamp>,
    /// The tap was taken back before anything began.
    pub cancelled: bool,
    /// What a step waits for.
    pub hold: Option<Hold>,
    /// The source says it is over.
    pub resolved: bool,
    /// A person stopped it.
    pub stopped: bool,
    /// Why a person is needed.
    pub human: Option<String>,
    /// A person has seen that.
    pub acknowledged: bool,
    /// The end.
    pub finished: Option<(Outcome, Timestamp)>,
    /// Time of the acknowledgement.
    pub acknowledged_at: Option<Timestamp>,
}

impl Recovery {
    /// One step; a step the plan does not have is pending for ever.
    pub fn step(&self, kind: StepKind) -> &Progress {
        static NONE: std::sync::LazyLock<Progress> = std::sync::LazyLock::new(Progress::default);
        self.steps.get(&kind).unwrap_or(&NONE)
    }

    /// What people and programs see.
    pub fn state(&self) -> State {
        if self.human.is_some() {
            return State::NeedsHuman;
        }
        match self.finished {
            Some((Outcome::Recovered | Outcome::SelfHealed | Outcome::FalseAlarm, _)) => {
                State::Recovered
            }
            Some((Outcome::Aborted, _)) => State::Cancelled,
            Some((Outcome::Refused | Outcome::Expired, _)) => State::Refused,
            None if self.waits() => State::Waiting,
            None => State::Running,
        }
    }

    fn waits(&self) -> bool {
        let asked = (self.asked_until.is_some() || self.vetoable())
            && !self.consented()
            && self.exit.is_none()
            && !self.resolved;
        !self.stopped && (asked || self.grace_until.is_some() || self.hold.is_some())
    }

    /// Whether the veto window is what the start waits for.
    pub fn vetoable(&self) -> bool {
        self.veto_until.is_some()
            && self.step(StepKind::StartMachine).status == Status::Pending
            && !self.approved()
    }

    /// Whether a person's yes would move it on: it was asked for, or it lifts a limit or a pause that holds a rule.
    pub fn takes_yes(&self) -> bool {
        let asked =
            self.plan.consent != Consent::Given && (self.asked_until.is_some() || self.vetoable());
        let held = self.plan.trigger.automatic() && self.hold.is_some();
        self.state() == State::Waiting && !self.approved() && (asked || held)
    }

    /// Whether a person said yes.
    pub fn approved(&self) -> bool {
        self.approved_at.is_some()
    }

    /// Whether power may be used as far as persons are concerned.
    pub fn consented(&self) -> bool {
        self.plan.consent == Consent::Given || self.approved()
    }

    /// How it ended.
    pub fn outcome(&self) -> Option<Outcome> {
        self.finished
            .map(|(outcome, _)| outcome)
            .or_else(|| self.acknowledged.then_some(Outcome::Aborted))
    }

    /// Whether no second recovery may begin on this node.
    pub fn holds_slot(&self) -> bool {
        if self.human.is_some() {
            !self.acknowledged
        } else {
            self.finished.is_none()
        }
    }

    /// First event.
    pub const fn started_at(&self) -> Timestamp {
        self.started_at
    }

    /// End, once it no longer holds its slot.
    pub fn ended_at(&self) -> Option<Timestamp> {
        if self.holds_slot() {
            return None;
        }
        self.acknowledged_at.or(self.finished.map(|(_, at)| at))
    }

    /// Whether a start is under way: counts against the limits on concurrent starts.
    pub fn acting(&self, now: Timestamp) -> bool {
        let start = self.step(StepKind::StartMachine);
        let begun = !matches!(start.status, Status::Pending | Status::Skipped);
        let checked = matches!(
            self.step(StepKind::CheckNode).status,
            Status::Succeeded | Status::Skipped
        );
        if !begun || checked || self.finished.is_some() {
            return false;
        }
        // Given to a person in the middle, its machine may boot all the same.
        let sent = start.status != Status::Failed || start.class == Some(Class::Poison);
        let booting = || {
            let end = self.deadline(StepKind::StartMachine);
            sent && end.is_some_and(|end| now < end)
        };
        self.human.is_none() || booting()
    }

    /// When the step's time is over.
    pub fn deadline(&self, kind: StepKind) -> Option<Timestamp> {
        let progress = self.step(kind);
        let from = match kind {
            // All its runs share one limit.
            StepKind::Check(..) => progress.first_at,
            _ => progress.accepted_at.or(progress.started_at),
        }?;
        let limit = self.plan.step(kind)?.limit_s;
        let end = from + seconds(limit);
        match progress.ready {
            Some((_, seen)) => Some(end.max(seen + seconds(self.plan.guards.soak_s + 30))),
            None => Some(end),
        }
    }

    /// Whether its cordon is off again, or was never placed.
    pub fn cordon_ended(&self) -> bool {
        let off = matches!(
            self.step(StepKind::Cordon).status,
            Status::Undone | Status::Skipped | Status::Failed
        );
        off || self.step(StepKind::Uncordon).status == Status::Succeeded
    }

    /// Whether the cordon on the node was placed by this recovery, as far as the log knows.
    pub fn cordoned(&self) -> bool {
        self.step(StepKind::Cordon).status == Status::Succeeded
    }
}

/// Whole seconds as a duration.
pub(crate) const fn seconds(count: u32) -> SignedDuration {
    SignedDuration::from_secs(count as i64)
}
