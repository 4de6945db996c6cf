//! The steps of a plan: what each is called, needs, does, and how its outcome is judged.

mod call;
mod cordon;
mod down;
mod evidence;
mod finish;
mod kind;
mod node;
mod ready;
mod start;
mod team;
mod verdict;
mod workload;

pub use call::{Answer, Call, Facts, Move};
pub use evidence::{Class, Evidence, Finding, Mark, Phase};
pub use kind::{BadStep, Needs, StepKind};

use crate::check::Tried;
use crate::event::What;
use crate::recovery::Recovery;
use jiff::{SignedDuration, Timestamp};
use verdict::{Verdict, failed, same_node, says, skipped, succeeded};

/// Pause between two reads of the same thing.
const POLL: SignedDuration = SignedDuration::from_secs(2);

/// Judges a started step by what was read: the only place that decides what happens next in it.
pub fn decide(recovery: &Recovery, step: StepKind, facts: &Facts, now: Timestamp) -> Move {
    let verdict = match step {
        StepKind::Cordon => cordon::cordon(recovery, facts, now),
        StepKind::ConfirmDown => down::confirm(recovery, facts, now),
        StepKind::StartMachine => start::start(recovery, facts, now),
        StepKind::WaitReady => ready::wait(recovery, facts, now),
        StepKind::CheckNode => node::check(recovery, facts, now),
        StepKind::Uncordon => cordon::uncordon(recovery, facts, now),
        StepKind::CheckWorkload => workload::check(recovery, facts, now),
        StepKind::CloseAlarm => finish::close(recovery, now),
        StepKind::Check(_, name) => team::ask(recovery, step, name, now),
    };
    limited(recovery, step, verdict, now)
}

/// Judges what the outside answered to a step's call.
pub fn answered(recovery: &Recovery, step: StepKind, answer: Answer, now: Timestamp) -> Move {
    let verdict = finish::answered(recovery, step, answer, now);
    limited(recovery, step, verdict, now)
}

/// Judges what a try of a check of the team answered.
pub fn tried(recovery: &Recovery, step: StepKind, tried: Tried, now: Timestamp) -> Move {
    team::tried(recovery, step, tried, now)
}

/// Judges an undo that was started: the cordon is the only step that has one.
pub fn undo(recovery: &Recovery, facts: &Facts, now: Timestamp) -> Move {
    cordon::undo(recovery, facts, now)
}

/// Judges what the outside answered to the undo's call.
pub fn undo_answered(recovery: &Recovery, answer: Answer, now: Timestamp) -> Move {
    cordon::undo_answered(recovery, answer, now)
}

/// Whether a stopped recovery takes its cordon off or leaves it: by what was read.
pub fn settle(recovery: &Recovery, facts: &Facts, now: Timestamp) -> Move {
    cordon::settle(recovery, facts, now)
}

/// Turns "later" into a failure once the step's time is over.
fn limited(recovery: &Recovery, step: StepKind, verdict: Verdict, now: Timestamp) -> Move {
    match verdict {
        Verdict::Go(next) => *next,
        Verdict::NotYet(why) => {
            if recovery
                .deadline(step)
                .is_some_and(|deadline| now >= deadline)
            {
                Move::Append(What::StepFailed {
                    step,
                    class: Class::TimedOut,
                    reason: why,
                    output: None,
                    retry_at: None,
                })
            } else {
                Move::NotYet(now + POLL, why)
            }
        }
    }
}
