//! The path after a crash: a started act without an outcome is in doubt until the world was read.

use super::{Recovery, Status};
use crate::event::What;
use crate::step::{Class, StepKind};

/// Process deaths in one step after which a person is asked.
pub const DEATHS_MAX: u32 = 3;

/// The event a new process appends before it drives a recovery it finds; `None` when nothing was in flight.
pub fn found(recovery: &Recovery) -> Option<What> {
    if !recovery.holds_slot() || recovery.human.is_some() {
        return None;
    }
    let step = StepKind::ALL
        .into_iter()
        .find(|step| step.acts() && recovery.step(*step).status == Status::Started)?;
    let progress = recovery.step(step);
    if progress.doubts >= DEATHS_MAX {
        return Some(What::StepFailed {
            step,
            class: Class::Poison,
            reason: format!("its outcome was lost {} times", progress.doubts),
            retry_at: None,
        });
    }
    // An accepted start is known; only its end is awaited.
    if progress.accepted_at.is_some() {
        return None;
    }
    Some(What::StepInDoubt {
        step,
        reason: "the process ended before the outcome was stored".to_owned(),
    })
}
