//! One sentence or two for a card: what is known, since when, and what happens next.

mod under_way;

use super::{asks, took};
use crate::guard::{Gate, Warning};
use crate::moment::{clock, precise};
use crate::plan::{Consent, Exit};
use crate::recovery::{Outcome, Recovery, Status, seconds};
use crate::rule::Silence;
use crate::step::{Class, StepKind};
use jiff::Timestamp;
use under_way::under_way;

/// What is known of a recovery and what happens next, with clock times in UTC.
pub fn headline(recovery: &Recovery, now: Timestamp) -> String {
    if let Some(reason) = &recovery.human {
        return needs_human(recovery, reason);
    }
    if let Some((outcome, at)) = recovery.finished {
        return ended(recovery, outcome, at);
    }
    let node = &recovery.plan.target.node;
    if recovery.step(StepKind::Cordon).status == Status::Undoing && recovery.hold.is_none() {
        return format!("Taking our cordon off {node} again.");
    }
    if let Some(text) = held(recovery) {
        return text;
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
    if asks(recovery) {
        return asked(recovery);
    }
    if let Some(text) = veto(recovery, now) {
        return text;
    }
    let waits = recovery.step(StepKind::StartMachine).status == Status::Pending;
    if recovery.exit == Some(Exit::SelfHealed) && waits {
        return format!("{node} is up again. It is checked, then uncordoned.");
    }
    if recovery.resolved && waits {
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
    let undoing = recovery.step(StepKind::Cordon).status == Status::Undoing;
    let hold = recovery
        .hold
        .as_ref()
        .filter(|hold| undoing || hold.step == StepKind::Uncordon || !recovery.stopped)?;
    let until = clock(hold.since + seconds(recovery.plan.guards.approval_s));
    let what = hold.step.title().to_lowercase();
    Some(match &hold.gate {
        Gate::Queued(reason) => format!(
            "Queued since {} before \"{what}\": {reason}. Goes on by itself; a person is asked at {until}.",
            clock(hold.since)
        ),
        Gate::Storm(reason) => format!(
            "Held since {} before \"{what}\": {reason}. A yes lets just this one through; else it waits until the breaker closes.",
            clock(hold.since)
        ),
        Gate::Blocked(reason) => format!(
            "Held since {} before \"{what}\": {reason}. Goes on once the switch is lifted; a person is asked at {until}.",
            clock(hold.since)
        ),
        Gate::Guarded(reason) => format!(
            "Held since {} before \"{what}\": {reason}. Goes on by itself or with a yes; a person is asked at {until}.",
            clock(hold.since)
        ),
        Gate::Human(reason) => sentence(reason),
        Gate::Open => return None,
    })
}

/// What an armed rule is about to do, while it may still be stopped.
fn veto(recovery: &Recovery, now: Timestamp) -> Option<String> {
    let until = recovery.veto_until.filter(|until| now < *until)?;
    let Consent::Veto { silence, .. } = recovery.plan.consent else {
        return None;
    };
    if !recovery.vetoable() {
        return None;
    }
    let node = &recovery.plan.target.node;
    let confirm = recovery.step(StepKind::ConfirmDown);
    let known = match confirm.status {
        Status::Succeeded => sentence(&confirm.evidence.text),
        _ => format!("{node} is being checked."),
    };
    let then = match silence {
        Silence::Act => format!("It is started at {} unless it is stopped.", precise(until)),
        Silence::Ask => format!(
            "It may be started or stopped now; from {} on it waits for a yes.",
            precise(until)
        ),
    };
    Some(format!("{known} {then}"))
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
