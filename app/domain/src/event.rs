//! What happened: the only thing a recovery is made of.

use crate::guard::HeldBy;
use crate::id::RecoveryId;
use crate::plan::{Exit, Plan};
use crate::receipt::Receipt;
use crate::recovery::Outcome;
use crate::rule::Silence;
use crate::step::{Class, Evidence, Phase, StepKind};
use crate::trigger::Actor;
use crate::world::Snapshot;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One line of a recovery's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When, on the product's clock.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    #[serde(flatten)]
    pub what: What,
}

/// What can happen, in the past tense.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum What {
    /// The decision; always the first event.
    Planned {
        /// The recovery's number.
        id: RecoveryId,
        /// All of it.
        plan: Box<Plan>,
    },
    /// A person is asked for a yes.
    ApprovalAsked {
        /// When the question ends.
        until: Timestamp,
        /// What that person must know.
        text: String,
    },
    /// An armed rule says what it is about to do; a person may stop it until then.
    VetoStarted {
        /// When the window ends.
        until: Timestamp,
        /// What it means that nobody answers.
        silence: Silence,
    },
    /// What the node and its machine looked like, kept before power is used.
    EvidenceSaved {
        /// All of it.
        snapshot: Box<Snapshot>,
    },
    /// A person said yes.
    Approved,
    /// A tap may still be taken back.
    GraceStarted {
        /// Until then, on the product's clock.
        until: Timestamp,
    },
    /// It was taken back.
    GraceCancelled,
    /// A limit is reached; goes on by itself.
    Queued {
        /// The step that waits.
        step: StepKind,
        /// Which limit.
        reason: String,
    },
    /// The switch or a guard holds a step.
    Blocked {
        /// The step that waits.
        step: StepKind,
        /// What holds it.
        #[serde(default)]
        by: HeldBy,
        /// In words: which position, or why.
        reason: String,
    },
    /// The intent: stored before anything is done.
    StepStarted {
        /// Which.
        step: StepKind,
        /// 1, 2, ..
        attempt: u32,
        /// Same for every repeat of this attempt.
        key: String,
    },
    /// A part of a step is done.
    StepProgressed {
        /// Which.
        step: StepKind,
        /// Which part.
        phase: Phase,
        /// In words.
        text: String,
    },
    /// Done.
    StepSucceeded {
        /// Which.
        step: StepKind,
        /// What was seen.
        evidence: Evidence,
        /// Where the plan goes on, if not straight.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exit: Option<Exit>,
    },
    /// Not done.
    StepFailed {
        /// Which.
        step: StepKind,
        /// What kind of failure.
        class: Class,
        /// In words.
        reason: String,
        /// What a check of the team wrote.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        output: Option<String>,
        /// Tried again then; `None` means a person is needed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_at: Option<Timestamp>,
    },
    /// Not needed.
    StepSkipped {
        /// Which.
        step: StepKind,
        /// Why.
        reason: String,
    },
    /// Started, and no outcome is known: the world is read before anything is repeated.
    StepInDoubt {
        /// Which.
        step: StepKind,
        /// Why it is not known.
        reason: String,
    },
    /// The intent to take a step back.
    UndoStarted {
        /// Which.
        step: StepKind,
    },
    /// Taken back.
    StepUndone {
        /// Which.
        step: StepKind,
        /// What was seen.
        text: String,
    },
    /// Could not be taken back: a person is needed.
    UndoFailed {
        /// Which.
        step: StepKind,
        /// In words.
        reason: String,
    },
    /// A person stopped it: the call in flight finishes, nothing new begins.
    Stopped {
        /// In the person's words.
        reason: Option<String>,
    },
    /// A new recovery repeats this one.
    Retried {
        /// That one.
        by: RecoveryId,
    },
    /// A person has seen that help is needed; the node's slot is free again.
    Acknowledged,
    /// A person's note.
    Noted {
        /// The note.
        text: String,
        /// When it happened, if not when it was written.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        happened_at: Option<Timestamp>,
    },
    /// What a person said about it in a chat: the command that was carried out, or words in its thread.
    Said {
        /// The words.
        text: String,
        /// Which chat.
        chat: String,
        /// The message's id there.
        message: String,
    },
    /// The source says the alarm is over.
    AlarmResolved,
    /// Help is needed.
    NeedsHuman {
        /// In words: what is known and one safe thing to do.
        reason: String,
    },
    /// The end.
    Finished {
        /// How.
        outcome: Outcome,
        /// The proof.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Box<Receipt>>,
    },
}

impl What {
    /// The word of REST and the store.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Planned { .. } => "planned",
            Self::ApprovalAsked { .. } => "approval_asked",
            Self::VetoStarted { .. } => "veto_started",
            Self::EvidenceSaved { .. } => "evidence_saved",
            Self::Approved => "approved",
            Self::GraceStarted { .. } => "grace_started",
            Self::GraceCancelled => "grace_cancelled",
            Self::Queued { .. } => "queued",
            Self::Blocked { .. } => "blocked",
            Self::StepStarted { .. } => "step_started",
            Self::StepProgressed { .. } => "step_progressed",
            Self::StepSucceeded { .. } => "step_succeeded",
            Self::StepFailed { .. } => "step_failed",
            Self::StepSkipped { .. } => "step_skipped",
            Self::StepInDoubt { .. } => "step_in_doubt",
            Self::UndoStarted { .. } => "undo_started",
            Self::StepUndone { .. } => "step_undone",
            Self::UndoFailed { .. } => "undo_failed",
            Self::Stopped { .. } => "stopped",
            Self::Retried { .. } => "retried",
            Self::Acknowledged => "acknowledged",
            Self::Noted { .. } => "noted",
            Self::Said { .. } => "said",
            Self::AlarmResolved => "alarm_resolved",
            Self::NeedsHuman { .. } => "needs_human",
            Self::Finished { .. } => "finished",
        }
    }

    /// The step it is about.
    pub const fn step(&self) -> Option<StepKind> {
        match self {
            Self::Queued { step, .. }
            | Self::Blocked { step, .. }
            | Self::StepStarted { step, .. }
            | Self::StepProgressed { step, .. }
            | Self::StepSucceeded { step, .. }
            | Self::StepFailed { step, .. }
            | Self::StepSkipped { step, .. }
            | Self::StepInDoubt { step, .. }
            | Self::UndoStarted { step }
            | Self::StepUndone { step, .. }
            | Self::UndoFailed { step, .. } => Some(*step),
            Self::Planned { .. }
            | Self::ApprovalAsked { .. }
            | Self::VetoStarted { .. }
            | Self::EvidenceSaved { .. }
            | Self::Approved
            | Self::GraceStarted { .. }
            | Self::GraceCancelled
            | Self::Stopped { .. }
            | Self::Retried { .. }
            | Self::Acknowledged
            | Self::Noted { .. }
            | Self::Said { .. }
            | Self::AlarmResolved
            | Self::NeedsHuman { .. }
            | Self::Finished { .. } => None,
        }
    }
}
