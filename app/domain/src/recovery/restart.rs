//! The path after a crash: a started act without an outcome is in doubt until the world was read.

use super::{Recovery, Status};
use crate::event::What;
use crate::step::Class;
use jiff::{SignedDuration, Timestamp};

/// Process deaths in one step after which a person is asked.
pub const DEATHS_MAX: u32 = 3;

/// Deaths in a reading step count together only within so many seconds.
pub(crate) const QUICK_S: i64 = 300;

/// The event a new process appends before it drives a recovery it finds; `None` when nothing was in flight.
pub fn found(recovery: &Recovery, now: Timestamp) -> Option<What> {
    if !recovery.holds_slot() || recovery.human.is_some() {
        return None;
    }
    let step = recovery
        .steps
        .iter()
        .find(|(_, progress)| progress.status == Status::Started)
        .map(|(step, _)| *step)?;
    let progress = recovery.step(step);
    // A reading step may be long: only deaths in quick succession make it poison.
    let quick = step.acts()
        || progress
            .doubt_at
            .is_some_and(|at| now < at + SignedDuration::from_secs(QUICK_S));
    if progress.doubts >= DEATHS_MAX && quick {
        return Some(What::StepFailed {
            step,
            class: Class::Poison,
            reason: format!("its outcome was lost {} times", progress.doubts),
            output: None,
            retry_at: None,
        });
    }
    // An accepted start is known; only its end is awaited.
    if progress.accepted_at.is_some() {
        return None;
    }
    let reason = if step.acts() {
        "the process ended before the outcome was stored"
    } else {
        "the process ended while this was looked at; it is looked at again"
    };
    Some(What::StepInDoubt {
        step,
        reason: reason.to_owned(),
    })
}
