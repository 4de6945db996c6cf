//! The headline of a recovery whose steps go on.

use super::sentence;
use crate::moment::{clock, precise};
use crate::recovery::{Progress, Recovery, Status, seconds};
use crate::step::StepKind;

/// What the current step does and until when.
pub(super) fn under_way(recovery: &Recovery) -> String {
    let current = recovery.plan.steps.iter().find(|planned| {
        !matches!(
            recovery.step(planned.step).status,
            Status::Succeeded | Status::Skipped | Status::Undone
        )
    });
    let Some(planned) = current else {
        return "All steps are done.".to_owned();
    };
    let step = planned.step;
    let progress = recovery.step(step);
    let node = &recovery.plan.target.node;
    if let Some(at) = progress.retry_at {
        let reason = progress.reason.clone().unwrap_or_default();
        return format!(
            "\"{}\" did not work: {} Tried again at {}.",
            step.title(),
            period(&reason),
            precise(at)
        );
    }
    let limit = recovery
        .deadline(step)
        .map(|at| format!(" If this is not done by {}, a person is asked.", clock(at)))
        .unwrap_or_default();
    match step {
        StepKind::Cordon => {
            format!("{node} is cordoned at once, then it is checked whether it is down.")
        }
        StepKind::ConfirmDown => {
            format!("{node} takes no new pods. Its machine and its lease are looked at.{limit}")
        }
        StepKind::StartMachine => format!("{}{limit}", starting(recovery, progress)),
        StepKind::WaitReady => format!("{}{limit}", waiting(recovery, progress)),
        StepKind::CheckNode => format!(
            "{node} held Ready. Its own pods, drivers and taints are checked, then it is uncordoned.{limit}"
        ),
        StepKind::Uncordon if recovery.cordoned() => {
            format!("{node} works. Our cordon comes off now.{limit}")
        }
        StepKind::Uncordon => {
            format!("{node} works. It was cordoned by somebody else and stays so.")
        }
        StepKind::CheckWorkload => format!(
            "{} What ran on it before must be Ready.{limit}",
            open_again(recovery)
        ),
        StepKind::Check(..) if recovery.step(StepKind::Uncordon).status == Status::Pending => {
            format!(
                "{node} works. The team's own \"{}\" must pass before it is uncordoned.{limit}",
                step.title()
            )
        }
        StepKind::Check(..) => format!(
            "{} The team's own \"{}\" must pass.{limit}",
            open_again(recovery),
            step.title()
        ),
        StepKind::CloseAlarm => {
            "The workload is back. The alarm is closed at its source.".to_owned()
        }
    }
}

fn starting(recovery: &Recovery, progress: &Progress) -> String {
    let node = &recovery.plan.target.node;
    if let Some(at) = progress.accepted_at {
        format!(
            "The cloud took the start of {node} at {}. Its machine must run next.",
            precise(at)
        )
    } else if let Some(at) = progress.doubt_at {
        format!(
            "The outcome of the start of {node} was lost at {}. Its machine is read before anything is repeated.",
            precise(at)
        )
    } else {
        format!("{node} is down. The cloud is asked to start its machine.")
    }
}

fn waiting(recovery: &Recovery, progress: &Progress) -> String {
    let node = &recovery.plan.target.node;
    match progress.ready {
        Some((_, seen)) => format!(
            "{node} is Ready since {}. It must stay so until {}.",
            precise(seen),
            precise(seen + seconds(recovery.plan.guards.soak_s))
        ),
        None if recovery.step(StepKind::StartMachine).status == Status::Succeeded => {
            format!("The machine of {node} runs. The node must become Ready.")
        }
        None => format!("{node} was not started by us. It must become Ready."),
    }
}

/// What became of the cordon, once the node itself works.
fn open_again(recovery: &Recovery) -> String {
    let node = &recovery.plan.target.node;
    let uncordon = recovery.step(StepKind::Uncordon);
    match (&uncordon.status, &uncordon.reason) {
        (Status::Skipped, Some(reason)) => sentence(reason),
        _ => format!("{node} takes pods again."),
    }
}

fn period(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}
