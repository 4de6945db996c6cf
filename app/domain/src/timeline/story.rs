//! The story of a recovery: the few events that tell it, chosen by kind and then by persons.

use super::Line;
use crate::event::What;
use crate::id::PersonName;
use crate::step::StepKind;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a person made of one event for the story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryMark {
    /// Number of the event.
    pub n: u32,
    /// Whether it is in the story; `None`: as events of its kind are.
    pub starred: Option<bool>,
    /// When a note happened, if a person moved it.
    pub happened_at: Option<Timestamp>,
    /// Who said so last.
    pub by: PersonName,
    /// When.
    pub at: Timestamp,
}

/// Whether events of its kind are in the story unless a person says otherwise.
pub(super) const fn tells(what: &What) -> bool {
    match what {
        What::Planned { .. }
        | What::ApprovalAsked { .. }
        | What::VetoStarted { .. }
        | What::Approved
        | What::GraceCancelled
        | What::Blocked { .. }
        | What::StepFailed { .. }
        | What::StepInDoubt { .. }
        | What::StepUndone { .. }
        | What::UndoFailed { .. }
        | What::Stopped { .. }
        | What::Retried { .. }
        | What::Acknowledged
        | What::Noted { .. }
        | What::Said { .. }
        | What::AlarmResolved
        | What::NeedsHuman { .. }
        | What::Finished { .. } => true,
        What::StepSucceeded { step, .. } => match step {
            StepKind::Cordon
            | StepKind::ConfirmDown
            | StepKind::StartMachine
            | StepKind::WaitReady
            | StepKind::CheckWorkload
            | StepKind::Check(..) => true,
            StepKind::CheckNode | StepKind::Uncordon | StepKind::CloseAlarm => false,
        },
        What::EvidenceSaved { .. }
        | What::GraceStarted { .. }
        | What::Queued { .. }
        | What::StepStarted { .. }
        | What::StepProgressed { .. }
        | What::StepSkipped { .. }
        | What::UndoStarted { .. } => false,
    }
}

/// Puts what persons chose over what the kinds say; only a note's own time can be moved.
pub fn curate(lines: &mut [Line], marks: &[StoryMark]) {
    for mark in marks {
        let Some(line) = lines.iter_mut().find(|line| line.n == mark.n) else {
            continue;
        };
        if let Some(starred) = mark.starred {
            line.starred = starred;
        }
        if line.is_note() && mark.happened_at.is_some() {
            line.happened_at = mark.happened_at;
        }
    }
}

/// By the time things happened, which for a note may be earlier than when it was written.
pub fn in_order(lines: &[Line]) -> Vec<&Line> {
    let mut sorted: Vec<&Line> = lines.iter().collect();
    sorted.sort_by_key(|line| (line.happened(), line.n));
    sorted
}
