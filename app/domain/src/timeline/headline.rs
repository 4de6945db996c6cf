//! One sentence or two for a card: what is known, since when, and what happens next.

use super::{asks, precise, took};
use crate::guard::{Gate, Warning};
use crate::plan::{Exit, clock};
use crate::recovery::{Outcome, Progress, Recovery, Status, seconds};
use crate::step::{Class, StepKind};
use jiff::Timestamp;

/// What is known of a recovery and what happens next, with clock times in UTC.
pub fn headline(recovery: &Recovery, now: Timestamp) -> String {
    if let Some(reason) = &recovery.human {
        return needs_human(recovery, reason);
    }
    if let Some((outcome, at)) = recovery.finished {
        return ended(recovery, outcome, at);
    }
    let node = &recovery.plan.target.node;
    if recovery.step(StepKind::Cordon).status == Status::Undoing {
        return format!("Taking our cordon off {node} again.");
    }
    if recovery.cancelled {
        return format!("The start of {node} was taken back; nothing was started.");
    }
    if recovery.stopped {
        return "Stopped. The call in flight finishes, nothing new begins.".to_owned();
    }
    if recovery.exit == Some(Exit::FalseAlarm) {
        return if keeps_cordon(recovery) {
            format!("{node} is up: a false alarm. Our cordon comes off next.")
        } else {
            format!("{node} is up: a false alarm.")
        };
    }
    if let Some(until) = recovery.grace_until.filter(|until| now < *until) {
        return format!(
            "{node} is started at {} unless it is taken back.",
            precise(until)
        );
    }
    if let Some(text) = held(recovery) {
        return text;
    }
    if asks(recovery) {
        return asked(recovery);
    }
    if recovery.resolved && recovery.step(StepKind::StartMachine).status == Status::Pending {
        return format!("Over at the source before a start. {node} is checked, then uncordoned.");
    }
    under_way(recovery)
}

fn needs_human(recovery: &Recovery, reason: &str) -> String {
    let mut text = format!("A person is needed. {}", sentence(reason));
    let gone = recovery
        .steps
        .values()
        .any(|step| step.class == Some(Class::NotFound));
    if keeps_cordon(recovery) && !gone && !reason.contains("cordon") {
        text.push_str(&format!(" {} stays cordoned.", recovery.plan.target.node));
    }
    if let Some(at) = recovery.acknowledged_at {
        text.push_str(&format!(" Taken over at {}.", clock(at)));
    }
    text
}

fn ended(recovery: &Recovery, outcome: Outcome, at: Timestamp) -> String {
    let node = &recovery.plan.target.node;
    let took = took(recovery.started_at, at);
    match outcome {
        Outcome::Recovered => {
            let receipt = crate::receipt::of(recovery, at);
            let foreign = match recovery.step(StepKind::Uncordon).status {
                Status::Skipped => " It stays cordoned by somebody else.",
                _ => "",
            };
            format!(
                "{node} is back after {took}: {}.{foreign}",
                receipt.baseline
            )
        }
        Outcome::SelfHealed => {
            format!("{node} came back by itself, without a start, after {took}.")
        }
        Outcome::FalseAlarm => format!("{node} was not down: a false alarm, settled after {took}."),
        Outcome::Aborted if recovery.cancelled => {
            format!("Taken back at {}; nothing was started.", clock(at))
        }
        Outcome::Aborted if keeps_cordon(recovery) => {
            format!("Stopped at {}; {node} stays cordoned.", clock(at))
        }
        Outcome::Aborted => format!("Stopped at {}; no cordon of ours is left.", clock(at)),
        Outcome::Refused => format!("Refused at {}; nothing was done.", clock(at)),
        Outcome::Expired => format!("Too old at {}; nothing was done.", clock(at)),
    }
}

/// Whether our cordon is still on the node, as far as the log knows.
fn keeps_cordon(recovery: &Recovery) -> bool {
    recovery.cordoned() && recovery.step(StepKind::Uncordon).status != Status::Succeeded
}

fn held(recovery: &Recovery) -> Option<String> {
    let hold = recovery.hold.as_ref()?;
    let until = clock(hold.since + seconds(recovery.plan.guards.approval_s));
    let what = hold.step.title().to_lowercase();
    Some(match &hold.gate {
        Gate::Queued(reason) => format!(
            "Queued since {} before \"{what}\": {reason}. Goes on by itself; a person is asked at {until}.",
            clock(hold.since)
        ),
        Gate::Blocked(reason) => format!(
            "Held since {} before \"{what}\": {reason}. Goes on once the switch is lifted; a person is asked at {until}.",
            clock(hold.since)
        ),
        Gate::Open => return None,
    })
}

fn asked(recovery: &Recovery) -> String {
    let node = &recovery.plan.target.node;
    let until = recovery.asked_until.map(clock).unwrap_or_default();
    let confirm = recovery.step(StepKind::ConfirmDown);
    let known = match confirm.status {
        Status::Succeeded => sentence(&confirm.evidence.text),
        _ => format!("{node} is being checked."),
    };
    let warnings: String = recovery
        .plan
        .warnings
        .iter()
        .map(|warning| format!(" {}", Warning::text(warning)))
        .collect();
    format!("{known}{warnings} It is started once somebody says yes, until {until}.")
}

fn under_way(recovery: &Recovery) -> String {
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
        .map(|at| format!(" If that is not so by {}, a person is asked.", clock(at)))
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
        StepKind::CheckWorkload => {
            format!("{node} takes pods again. What ran on it before must be Ready.{limit}")
        }
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

/// First letter upper case unless it is a name, one full stop at the end.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim_end_matches('.');
    let first = text.split(' ').next().unwrap_or_default();
    let named = first
        .chars()
        .any(|c| c.is_ascii_digit() || c == '/' || c == '-');
    let mut chars = text.chars();
    match chars.next() {
        Some(c) if !named => format!("{}{}.", c.to_uppercase(), chars.as_str()),
        Some(_) => format!("{text}."),
        None => String::new(),
    }
}
