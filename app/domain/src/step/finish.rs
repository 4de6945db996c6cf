//! `close_alarm`, and what the answers to calls mean for each step.

use super::{
    Answer, Call, Class, Move, StepKind, Verdict, cordon, failed, says, skipped, start, succeeded,
};
use crate::event::What;
use crate::recovery::{Recovery, seconds};
use jiff::Timestamp;

pub(super) fn close(recovery: &Recovery, _now: Timestamp) -> Verdict {
    match recovery.plan.trigger.alarm() {
        Some(_) if recovery.resolved => {
            skipped(StepKind::CloseAlarm, "already resolved at the source")
        }
        Some((alarm, source)) => Verdict::go(Move::Call(Call::Close {
            source: source.clone(),
            alarm,
        })),
        None => skipped(StepKind::CloseAlarm, "no alarm"),
    }
}

pub(super) fn answered(
    recovery: &Recovery,
    step: StepKind,
    answer: Answer,
    now: Timestamp,
) -> Verdict {
    match step {
        StepKind::Cordon | StepKind::Uncordon => cordon::patched(recovery, step, answer),
        StepKind::StartMachine => start::answered(recovery, answer, now),
        StepKind::CloseAlarm => closed(recovery, answer, now),
        StepKind::ConfirmDown
        | StepKind::WaitReady
        | StepKind::CheckNode
        | StepKind::CheckWorkload
        | StepKind::Check(..) => Verdict::NotYet("this step makes no calls".to_owned()),
    }
}

fn closed(recovery: &Recovery, answer: Answer, now: Timestamp) -> Verdict {
    let step = StepKind::CloseAlarm;
    match answer {
        Answer::Done(text) | Answer::AlreadyThere(text) => succeeded(step, says(text)),
        Answer::Denied(why) => failed(
            step,
            Class::Denied,
            format!("the node is back, but its alarm could not be closed: {why}"),
        ),
        Answer::Refused(why) | Answer::NotFound(why) => failed(
            step,
            Class::Refused,
            format!("the node is back, but its alarm could not be closed: {why}"),
        ),
        Answer::Retryable(why)
        | Answer::Throttled(why, _)
        | Answer::Capacity(why)
        | Answer::Conflict(why)
        | Answer::Unknown(why) => {
            let progress = recovery.step(step);
            let began = progress.first_at.unwrap_or(now);
            let limit = recovery
                .plan
                .step(step)
                .map_or(0, |planned| planned.limit_s);
            if now >= began + seconds(limit) {
                return failed(
                    step,
                    Class::TimedOut,
                    format!("the node is back, but its alarm could not be closed: {why}"),
                );
            }
            let wait = 2_u32.saturating_pow(progress.attempt.min(6));
            Verdict::go(Move::Append(What::StepFailed {
                step,
                class: Class::Retryable,
                reason: why,
                output: None,
                retry_at: Some(now + seconds(wait)),
            }))
        }
    }
}
