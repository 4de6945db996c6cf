//! What a step's own judgement says, before its time limit is put on.

use super::{Class, Evidence, Facts, Move, StepKind};
use crate::event::What;
use crate::recovery::Recovery;
use crate::world::{NodeFacts, Reading};

/// What a step's own judgement says; the time limit is put on afterwards.
pub(super) enum Verdict {
    Go(Box<Move>),
    /// Why it is not done yet: the reason given if time runs out.
    NotYet(String),
}

impl Verdict {
    pub(super) fn go(next: Move) -> Self {
        Self::Go(Box::new(next))
    }
}

pub(super) fn failed(step: StepKind, class: Class, reason: impl Into<String>) -> Verdict {
    Verdict::go(Move::Append(What::StepFailed {
        step,
        class,
        reason: reason.into(),
        output: None,
        retry_at: None,
    }))
}

pub(super) fn succeeded(step: StepKind, evidence: Evidence) -> Verdict {
    Verdict::go(Move::Append(What::StepSucceeded {
        step,
        evidence,
        exit: None,
    }))
}

pub(super) fn skipped(step: StepKind, reason: impl Into<String>) -> Verdict {
    Verdict::go(Move::Append(What::StepSkipped {
        step,
        reason: reason.into(),
    }))
}

pub(super) fn says(text: impl Into<String>) -> Evidence {
    Evidence {
        text: text.into(),
        ..Evidence::default()
    }
}

/// The node if it is still the one the plan is about; else what to do about it.
pub(super) fn same_node<'a>(
    recovery: &Recovery,
    step: StepKind,
    facts: &'a Facts,
) -> Result<&'a NodeFacts, Verdict> {
    let target = &recovery.plan.target;
    match &facts.node {
        Reading::Seen(node) if node.uid == target.uid && node.provider_id != target.provider_id => {
            Err(failed(
                step,
                Class::NotFound,
                format!(
                    "{} belongs to another machine now: {}",
                    target.node,
                    node.provider_id.as_deref().unwrap_or("no provider id")
                ),
            ))
        }
        Reading::Seen(node) if node.uid == target.uid => Ok(node),
        Reading::Seen(node) => Err(failed(
            step,
            Class::NotFound,
            format!(
                "{} was re-created: its uid is now {}",
                target.node, node.uid
            ),
        )),
        Reading::Absent => Err(failed(
            step,
            Class::NotFound,
            format!("{} is no longer in the cluster", target.node),
        )),
        Reading::Unreadable(why) => Err(Verdict::NotYet(format!(
            "the cluster cannot be read: {why}"
        ))),
    }
}
