//! How far a step is, and what it waits for.

use crate::guard::Gate;
use crate::step::{Class, Evidence, StepKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How far a step is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not begun.
    #[default]
    Pending,
    /// Its intent is stored; no outcome yet.
    Started,
    /// Failed in a way that passes; tried again at `retry_at`.
    Retrying,
    /// Done.
    Succeeded,
    /// Not needed.
    Skipped,
    /// Failed for good.
    Failed,
    /// Its undo has begun.
    Undoing,
    /// Taken back.
    Undone,
    /// Could not be taken back.
    UndoFailed,
}

/// One step of a running recovery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// How far.
    pub status: Status,
    /// Attempts begun.
    pub attempt: u32,
    /// When the first attempt began.
    pub first_at: Option<Timestamp>,
    /// When this attempt began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Idempotency key of this attempt.
    pub key: String,
    /// When it is tried again.
    pub retry_at: Option<Timestamp>,
    /// When its undo began.
    pub undo_at: Option<Timestamp>,
    /// How often its outcome was not known.
    pub doubts: u32,
    /// When that was last.
    pub doubt_at: Option<Timestamp>,
    /// When the cloud took the start.
    pub accepted_at: Option<Timestamp>,
    /// Ready as (its transition, when we saw it).
    pub ready: Option<(Timestamp, Timestamp)>,
    /// How often Ready was lost.
    pub flaps: u32,
    /// What was seen at the end.
    pub evidence: Evidence,
    /// Reason of a failure or skip.
    pub reason: Option<String>,
    /// What a check of the team wrote at its last failure.
    pub output: Option<String>,
    /// Class of the last failure.
    pub class: Option<Class>,
}

/// A limit or switch that a step waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// The step.
    pub step: StepKind,
    /// Why; never `Open`.
    pub gate: Gate,
    /// Since when.
    pub since: Timestamp,
}

impl Hold {
    /// Why the step waits, in words.
    pub fn words(&self) -> &str {
        match &self.gate {
            Gate::Queued(reason)
            | Gate::Blocked(reason)
            | Gate::Guarded(reason)
            | Gate::Storm(reason)
            | Gate::Human(reason) => reason,
            Gate::Open => "",
        }
    }

    /// Whether it still waits for the same thing: the numbers of a queue may change, the reason of a block may not.
    pub fn same_cause(&self, gate: &Gate) -> bool {
        match (&self.gate, gate) {
            (Gate::Queued(_), Gate::Queued(_)) => true,
            (Gate::Storm(_), Gate::Storm(_)) => true,
            (one, other) => one == other,
        }
    }
}
