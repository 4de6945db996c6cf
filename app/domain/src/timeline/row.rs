//! The steps of a recovery as rows.

use super::{Look, StepLine};
use crate::moment::precise;
use crate::recovery::{Progress, Recovery, Status, seconds};
use crate::step::StepKind;

/// One row per planned step.
pub(super) fn rows(recovery: &Recovery) -> Vec<StepLine> {
    recovery
        .plan
        .steps
        .iter()
        .map(|planned| {
            let progress = recovery.step(planned.step);
            StepLine {
                step: planned.step,
                look: look(recovery, planned.step, progress),
                started_at: progress.first_at,
                ended_at: progress.ended_at,
                text: text(recovery, planned.step, progress),
                findings: progress.evidence.lines.clone(),
                output: output(progress),
                attempts: progress.attempt,
            }
        })
        .collect()
}

/// What a check of the team wrote, at its end or at its last failure.
fn output(progress: &Progress) -> Option<String> {
    match progress.status {
        Status::Succeeded => progress.evidence.output.clone(),
        _ => progress.output.clone(),
    }
}

fn look(recovery: &Recovery, step: StepKind, progress: &Progress) -> Look {
    let held = recovery.hold.as_ref().is_some_and(|hold| hold.step == step);
    match progress.status {
        Status::Pending if held => Look::Waiting,
        Status::Pending => Look::Pending,
        Status::Started | Status::Undoing if recovery.holds_slot() && recovery.human.is_none() => {
            Look::Active
        }
        Status::Started | Status::Undoing => Look::Note,
        Status::Retrying => Look::Waiting,
        Status::Succeeded => Look::Done,
        Status::Skipped | Status::Undone => Look::Skipped,
        Status::Failed | Status::UndoFailed => Look::Failed,
    }
}

fn text(recovery: &Recovery, step: StepKind, progress: &Progress) -> String {
    let reason = progress.reason.clone().unwrap_or_default();
    match progress.status {
        Status::Pending => recovery
            .hold
            .as_ref()
            .filter(|hold| hold.step == step)
            .map(|hold| hold.words().to_owned())
            .unwrap_or_default(),
        Status::Started => started(recovery, step, progress),
        Status::Retrying => match progress.retry_at {
            Some(at) => format!("{reason}; tried again at {}", precise(at)),
            None => reason,
        },
        Status::Succeeded => progress.evidence.text.clone(),
        Status::Skipped | Status::Failed | Status::UndoFailed => reason,
        Status::Undoing => "being taken back".to_owned(),
        Status::Undone => "taken back".to_owned(),
    }
}

fn started(recovery: &Recovery, step: StepKind, progress: &Progress) -> String {
    if let Some((_, seen)) = progress.ready {
        let until = precise(seen + seconds(recovery.plan.guards.soak_s));
        return format!("Ready since {}; must hold until {until}", precise(seen));
    }
    if let Some(at) = progress.accepted_at {
        return format!("accepted by the cloud at {}", precise(at));
    }
    if let Some(at) = progress.doubt_at.filter(|_| step.acts()) {
        return format!("outcome lost at {}; the world is read first", precise(at));
    }
    if progress.flaps > 0 {
        return format!("Ready was lost {} times", progress.flaps);
    }
    String::new()
}
