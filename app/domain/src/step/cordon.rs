//! Cordon, uncordon, and what becomes of the cordon when a recovery ends early: only our own is ever undone.

use super::{
    Answer, Call, Class, Facts, Move, POLL, StepKind, Verdict, failed, same_node, says, skipped,
    succeeded,
};
use crate::event::What;
use crate::recovery::{Recovery, Status, seconds};
use crate::world::{Cordon, NodeFacts, OwnerMark, Reading, Ready};
use jiff::Timestamp;

pub(super) fn cordon(recovery: &Recovery, facts: &Facts, now: Timestamp) -> Verdict {
    let step = StepKind::Cordon;
    let node = match same_node(recovery, step, facts) {
        Ok(node) => node,
        Err(verdict) => return verdict,
    };
    match &node.cordon {
        Cordon::Ours(mark) if mark.recovery == recovery.id => {
            let mut evidence = says("cordoned by this recovery");
            evidence.found = recovery.step(step).doubts > 0;
            succeeded(step, evidence)
        }
        Cordon::Foreign(_) | Cordon::Held(_) => skipped(
            step,
            "already cordoned by somebody else; that cordon is theirs and stays",
        ),
        Cordon::Open | Cordon::Ours(_) => Verdict::go(Move::Call(Call::Cordon {
            target: recovery.plan.target.clone(),
            resource_version: node.resource_version.clone(),
            mark: OwnerMark {
                recovery: recovery.id,
                at: now,
            },
        })),
    }
}

pub(super) fn uncordon(recovery: &Recovery, facts: &Facts, _now: Timestamp) -> Verdict {
    let step = StepKind::Uncordon;
    let node = match same_node(recovery, step, facts) {
        Ok(node) => node,
        Err(verdict) => return verdict,
    };
    match &node.cordon {
        Cordon::Open
            if recovery.step(step).doubts > 0
                || recovery.step(StepKind::Cordon).status == Status::Succeeded =>
        {
            let doubted = recovery.step(step).doubts > 0;
            let mut evidence = says(if doubted {
                "the node takes pods again"
            } else {
                "somebody took our cordon off already"
            });
            evidence.found = doubted;
            succeeded(step, evidence)
        }
        Cordon::Open => skipped(step, "the node is not cordoned"),
        Cordon::Ours(mark) if mark.recovery == recovery.id => {
            Verdict::go(Move::Call(take_off(recovery, node)))
        }
        Cordon::Ours(mark) => skipped(
            step,
            format!("recovery {} holds this cordon", mark.recovery),
        ),
        Cordon::Foreign(_) | Cordon::Held(_) => skipped(
            step,
            "somebody else cordoned the node; that cordon is theirs and stays",
        ),
    }
}

/// The undo of the cordon, once begun.
pub(super) fn undo(recovery: &Recovery, facts: &Facts, now: Timestamp) -> Move {
    let node = match &facts.node {
        Reading::Seen(node) => node,
        Reading::Absent => return undone("the node is no longer in the cluster"),
        Reading::Unreadable(why) => {
            return undo_later(recovery, &format!("the cluster cannot be read: {why}"), now);
        }
    };
    match &node.cordon {
        Cordon::Ours(mark)
            if mark.recovery == recovery.id && node.uid == recovery.plan.target.uid =>
        {
            Move::Call(take_off(recovery, node))
        }
        Cordon::Open => undone("the node takes pods again"),
        Cordon::Ours(_) | Cordon::Held(_) | Cordon::Foreign(_) => {
            undone("the cordon that is there now is not this recovery's; it stays")
        }
    }
}

pub(super) fn undo_answered(recovery: &Recovery, answer: Answer, now: Timestamp) -> Move {
    match answer {
        Answer::Done(_) | Answer::AlreadyThere(_) => undone("the node takes pods again"),
        Answer::Denied(why) | Answer::Refused(why) => undo_failed(recovery, &why),
        Answer::NotFound(why)
        | Answer::Conflict(why)
        | Answer::Retryable(why)
        | Answer::Throttled(why, _)
        | Answer::Capacity(why)
        | Answer::Unknown(why) => undo_later(recovery, &why, now),
    }
}

/// An undo is never given up in silence and never tried for ever: after its time a person is asked.
fn undo_later(recovery: &Recovery, why: &str, now: Timestamp) -> Move {
    let since = recovery.step(StepKind::Cordon).undo_at.unwrap_or(now);
    if now < since + seconds(recovery.plan.guards.small_step_s) {
        Move::Later(now + POLL)
    } else {
        undo_failed(recovery, why)
    }
}

fn undo_failed(recovery: &Recovery, why: &str) -> Move {
    Move::Append(What::UndoFailed {
        step: StepKind::Cordon,
        reason: format!(
            "the cordon of {} could not be taken off: {why}. Take it off by hand.",
            recovery.plan.target.node
        ),
    })
}

/// After a stop: undone only if the node is Ready, else kept and shown.
pub(super) fn settle(recovery: &Recovery, facts: &Facts, now: Timestamp) -> Move {
    let skip = |reason: String| {
        Move::Append(What::StepSkipped {
            step: StepKind::Uncordon,
            reason,
        })
    };
    let node = match &facts.node {
        Reading::Seen(node) => node,
        Reading::Absent => return skip("stopped; the node is no longer in the cluster".to_owned()),
        Reading::Unreadable(why) => {
            let asked_for = now.duration_since(recovery.last_at);
            if asked_for < seconds(30) {
                return Move::Later(now + POLL);
            }
            return skip(format!(
                "stopped; the cordon is kept because the cluster cannot be read: {why}"
            ));
        }
    };
    let ours = matches!(&node.cordon, Cordon::Ours(mark) if mark.recovery == recovery.id);
    if !ours || node.uid != recovery.plan.target.uid {
        skip("stopped; nothing of ours is left to undo".to_owned())
    } else if node.ready == Ready::True {
        Move::Append(What::UndoStarted {
            step: StepKind::Cordon,
        })
    } else {
        skip(format!(
            "stopped; the cordon is kept because {} is not Ready",
            node.name
        ))
    }
}

/// What a cordon or uncordon call's answer means.
pub(super) fn patched(recovery: &Recovery, step: StepKind, answer: Answer) -> Verdict {
    match answer {
        Answer::Done(version) | Answer::AlreadyThere(version) => {
            let text = match step {
                StepKind::Cordon => "the node takes no new pods",
                _ => "the node takes pods again",
            };
            succeeded(step, says(format!("{text} ({version})")))
        }
        Answer::Denied(why) => failed(
            step,
            Class::Denied,
            format!("no right to patch {}: {why}", recovery.plan.target.node),
        ),
        Answer::Refused(why) => failed(step, Class::Refused, why),
        Answer::NotFound(why) => failed(step, Class::NotFound, why),
        Answer::Conflict(why)
        | Answer::Retryable(why)
        | Answer::Throttled(why, _)
        | Answer::Capacity(why)
        | Answer::Unknown(why) => Verdict::NotYet(why),
    }
}

fn take_off(recovery: &Recovery, node: &NodeFacts) -> Call {
    Call::Uncordon {
        target: recovery.plan.target.clone(),
        resource_version: node.resource_version.clone(),
    }
}

fn undone(text: &str) -> Move {
    Move::Append(What::StepUndone {
        step: StepKind::Cordon,
        text: text.to_owned(),
    })
}
