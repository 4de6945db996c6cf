//! Checks of the team: one try at a time, within one limit over all tries.

use super::{Class, Evidence, Move, POLL, StepKind, Verdict};
use crate::check::{Ask, CheckName, Seen, Tried};
use crate::event::What;
use crate::recovery::{Recovery, seconds};
use jiff::Timestamp;

/// The next try. After a restart beyond the limit nothing is begun any more: only what was begun before is looked at.
pub(super) fn ask(
    recovery: &Recovery,
    step: StepKind,
    check: CheckName,
    now: Timestamp,
) -> Verdict {
    let progress = recovery.step(step);
    Verdict::go(Move::Check(Ask {
        check,
        target: recovery.plan.target.clone(),
        recovery: recovery.id,
        attempt: progress.attempt,
        key: progress.key.clone(),
        begin: progress.doubts == 0 || !over(recovery, step, now),
    }))
}

pub(super) fn tried(recovery: &Recovery, step: StepKind, tried: Tried, now: Timestamp) -> Move {
    match tried {
        Tried::Passed(seen) => Move::Append(What::StepSucceeded {
            step,
            evidence: Evidence {
                text: seen.text().to_owned(),
                output: seen.output().map(str::to_owned),
                ..Evidence::default()
            },
            exit: None,
        }),
        Tried::Refused(why) => failed(step, Class::Refused, &Seen::new(&why), None),
        Tried::Running(what) if over(recovery, step, now) => {
            let text = format!("its time is over; {what}");
            failed(step, Class::TimedOut, &Seen::new(&text), None)
        }
        Tried::Running(what) => Move::NotYet(now + POLL, what),
        Tried::NotYet(seen) => again(recovery, step, &seen, now),
    }
}

/// A check that only reads is simply tried again; a run of one that acts is an attempt with an end of its own.
fn again(recovery: &Recovery, step: StepKind, seen: &Seen, now: Timestamp) -> Move {
    let pause = recovery.plan.step(step).and_then(|one| one.every_s);
    let next = now + pause.map_or(POLL, seconds);
    let in_time = recovery.deadline(step).is_some_and(|end| next < end);
    if step.acts() {
        let class = if in_time {
            Class::Retryable
        } else {
            Class::TimedOut
        };
        return failed(step, class, seen, in_time.then_some(next));
    }
    if over(recovery, step, now) {
        failed(step, Class::TimedOut, seen, None)
    } else {
        let end = recovery.deadline(step).unwrap_or(next);
        Move::NotYet(next.min(end), seen.text().to_owned())
    }
}

fn over(recovery: &Recovery, step: StepKind, now: Timestamp) -> bool {
    recovery.deadline(step).is_some_and(|end| now >= end)
}

fn failed(step: StepKind, class: Class, seen: &Seen, retry_at: Option<Timestamp>) -> Move {
    Move::Append(What::StepFailed {
        step,
        class,
        reason: seen.text().to_owned(),
        output: seen.output().map(str::to_owned),
        retry_at,
    })
}
