//! `start_machine`: at most one accepted start per recovery, and the machine is read before anything is repeated.

use super::{
    Answer, Call, Class, Facts, Move, Phase, StepKind, Verdict, failed, same_node, says, succeeded,
};
use crate::event::What;
use crate::recovery::{Recovery, seconds};
use crate::world::{MachineState, Reading};
use jiff::{SignedDuration, Timestamp};

/// After an answer that was lost, how long a start may take to show before it is sent again.
const SHOWS_WITHIN: SignedDuration = SignedDuration::from_secs(10);
/// Doubts after which a person is asked.
const DOUBTS_MAX: u32 = 3;
/// Attempts that failed in passing after which a person is asked.
const ATTEMPTS_MAX: u32 = 8;

pub(super) fn start(recovery: &Recovery, facts: &Facts, now: Timestamp) -> Verdict {
    let step = StepKind::StartMachine;
    if let Err(verdict) = same_node(recovery, step, facts) {
        return verdict;
    }
    let progress = recovery.step(step);
    let machine = match &facts.machine {
        Reading::Seen(machine) => machine,
        Reading::Absent => {
            return failed(
                step,
                Class::NotFound,
                "the cloud no longer has this machine",
            );
        }
        Reading::Unreadable(why) => {
            return Verdict::NotYet(format!("the cloud cannot be read: {why}"));
        }
    };
    let down = &recovery.step(StepKind::ConfirmDown).evidence.machine;
    if down.as_ref().is_some_and(|seen| *seen != machine.id) {
        return failed(
            step,
            Class::NotFound,
            format!("another machine answers for this node now: {}", machine.id),
        );
    }
    match machine.state {
        MachineState::On => {
            let mut evidence = says(format!("the machine runs: {}", machine.detail));
            evidence.found = progress.accepted_at.is_none();
            succeeded(step, evidence)
        }
        MachineState::Starting if progress.accepted_at.is_none() => {
            accepted(step, "the machine is already starting".to_owned())
        }
        MachineState::Starting | MachineState::Stopping => {
            Verdict::NotYet(format!("the machine is {}", machine.detail))
        }
        MachineState::Error | MachineState::Other => failed(
            step,
            Class::Refused,
            on_host(
                recovery,
                machine.host.as_deref(),
                &format!("the start failed: the machine is {}", machine.detail),
            ),
        ),
        MachineState::Off if progress.accepted_at.is_some() => Verdict::NotYet(format!(
            "the start was accepted but the machine is still off ({})",
            machine.detail
        )),
        MachineState::Off if progress.doubts >= DOUBTS_MAX => failed(
            step,
            Class::Poison,
            "the outcome of the start was lost three times",
        ),
        // Nobody lived to see what became of it: what was right then may be old news now.
        MachineState::Off
            if progress.doubts > 0 && recovery.deadline(step).is_some_and(|end| now >= end) =>
        {
            failed(
                step,
                Class::TimedOut,
                "the outcome of the start was lost, and the machine was still off when its time was over",
            )
        }
        MachineState::Off if progress.doubt_at.is_some_and(|at| now < at + SHOWS_WITHIN) => {
            Verdict::go(Move::Later(now + SignedDuration::from_secs(1)))
        }
        MachineState::Off => Verdict::go(Move::Call(Call::Start {
            target: recovery.plan.target.clone(),
            machine: machine.id.clone(),
            key: progress.key.clone(),
        })),
    }
}

pub(super) fn answered(recovery: &Recovery, answer: Answer, now: Timestamp) -> Verdict {
    let step = StepKind::StartMachine;
    match answer {
        Answer::Done(id) if id.is_empty() => {
            accepted(step, "the cloud accepted the start".to_owned())
        }
        Answer::Done(id) => accepted(step, format!("the cloud accepted the start ({id})")),
        Answer::AlreadyThere(why) => accepted(step, why),
        Answer::Conflict(why) => Verdict::NotYet(why),
        Answer::Unknown(reason) => Verdict::go(Move::Append(What::StepInDoubt { step, reason })),
        Answer::Denied(why) => failed(
            step,
            Class::Denied,
            format!("no right to start the machine: {why}"),
        ),
        Answer::NotFound(why) => failed(step, Class::NotFound, why),
        Answer::Refused(why) => failed(step, Class::Refused, on_host(recovery, None, &why)),
        Answer::Retryable(reason) => again(recovery, Class::Retryable, reason, None, now),
        Answer::Throttled(reason, after) => again(recovery, Class::Throttled, reason, after, now),
        Answer::Capacity(reason) => capacity(recovery, reason, now),
    }
}

fn accepted(step: StepKind, text: String) -> Verdict {
    Verdict::go(Move::Append(What::StepProgressed {
        step,
        phase: Phase::Accepted,
        text,
    }))
}

fn again(
    recovery: &Recovery,
    class: Class,
    reason: String,
    after: Option<u32>,
    now: Timestamp,
) -> Verdict {
    let step = StepKind::StartMachine;
    let attempt = recovery.step(step).attempt;
    if attempt >= ATTEMPTS_MAX {
        return failed(step, class, format!("{reason} ({attempt} attempts)"));
    }
    let wait = after
        .unwrap_or(0)
        .clamp(2_u32.saturating_pow(attempt.min(6)), 600);
    retry(class, reason, now + seconds(wait))
}

/// 1, 2, 5, 10 minutes, then every 10 until the limit.
fn capacity(recovery: &Recovery, reason: String, now: Timestamp) -> Verdict {
    let step = StepKind::StartMachine;
    let progress = recovery.step(step);
    let since = progress.first_at.unwrap_or(now);
    if now >= since + seconds(recovery.plan.guards.capacity_s) {
        return failed(
            step,
            Class::Capacity,
            on_host(
                recovery,
                None,
                &format!("the cloud still has no room: {reason}"),
            ),
        );
    }
    let minutes = match progress.attempt {
        0 | 1 => 1,
        2 => 2,
        3 => 5,
        _ => 10,
    };
    retry(Class::Capacity, reason, now + seconds(minutes * 60))
}

fn retry(class: Class, reason: String, at: Timestamp) -> Verdict {
    Verdict::go(Move::Append(What::StepFailed {
        step: StepKind::StartMachine,
        class,
        reason,
        output: None,
        retry_at: Some(at),
    }))
}

/// Names the physical host in a failure, since other machines may share it.
fn on_host(recovery: &Recovery, cloud: Option<&str>, text: &str) -> String {
    match recovery.plan.host.as_deref().or(cloud) {
        Some(host) => {
            format!("{text} (physical host {host}; its other machines may be affected too)")
        }
        None => text.to_owned(),
    }
}
