//! Folds events into a recovery and refuses a log that cannot have happened.

use super::{Hold, Progress, Recovery, Status};
use crate::event::{Event, What};
use crate::guard::{Gate, HeldBy};
use crate::step::{Phase, StepKind};
use jiff::{SignedDuration, Timestamp};

/// An event that cannot follow the ones before it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event {n} ({kind}) cannot happen here: {why}")]
pub struct IllegalEvent {
    /// Its number, from 1.
    pub n: u32,
    /// Its kind.
    pub kind: &'static str,
    /// Why not.
    pub why: String,
}

/// Rebuilds a recovery from all its events, in order.
pub fn replay(events: &[Event]) -> Result<Recovery, IllegalEvent> {
    let illegal = |n: usize, what: Option<&What>, why: &str| IllegalEvent {
        n: u32::try_from(n).unwrap_or(u32::MAX),
        kind: what.map_or("nothing", What::kind),
        why: why.to_owned(),
    };
    let Some((first, rest)) = events.split_first() else {
        return Err(illegal(1, None, "a recovery begins with its plan"));
    };
    let What::Planned { id, plan } = &first.what else {
        return Err(illegal(
            1,
            Some(&first.what),
            "a recovery begins with its plan",
        ));
    };
    let mut recovery = Recovery {
        id: *id,
        plan: (**plan).clone(),
        n: 1,
        started_at: first.at,
        last_at: first.at,
        steps: plan
            .steps
            .iter()
            .map(|one| (one.step, Progress::default()))
            .collect(),
        exit: None,
        asked_until: None,
        veto_until: None,
        evidence_saved: false,
        approved_at: None,
        grace_until: None,
        cancelled: false,
        hold: None,
        resolved: false,
        stopped: false,
        human: None,
        acknowledged: false,
        finished: None,
        acknowledged_at: None,
    };
    for (index, event) in rest.iter().enumerate() {
        let n = index + 2;
        recovery
            .apply(event)
            .map_err(|why| illegal(n, Some(&event.what), why))?;
        recovery.n += 1;
        recovery.last_at = event.at;
    }
    Ok(recovery)
}

impl Recovery {
    /// The recovery after one more event.
    pub fn with(&self, event: &Event) -> Result<Self, IllegalEvent> {
        let mut next = self.clone();
        let refused = |why: &str| IllegalEvent {
            n: self.n + 1,
            kind: event.what.kind(),
            why: why.to_owned(),
        };
        next.append(event).map_err(refused)?;
        Ok(next)
    }

    fn append(&mut self, event: &Event) -> Result<(), &'static str> {
        self.apply(event)?;
        self.n += 1;
        self.last_at = event.at;
        Ok(())
    }

    fn apply(&mut self, event: &Event) -> Result<(), &'static str> {
        let at = event.at;
        match &event.what {
            What::Planned { .. } => return Err("a recovery has one plan"),
            What::Noted { .. } | What::Said { .. } | What::Retried { .. } if !self.holds_slot() => {
                return Ok(());
            }
            What::AlarmResolved if !self.holds_slot() => return Ok(()),
            What::NeedsHuman { reason } => {
                if self.human.is_some() {
                    return Err("a person is already needed");
                }
                self.human = Some(reason.clone());
                return Ok(());
            }
            _ if !self.holds_slot() => return Err("it has ended"),
            _ => {}
        }
        match &event.what {
            What::ApprovalAsked { until, .. } => self.asked_until = Some(*until),
            What::VetoStarted { until, .. } => self.veto_until = Some(*until),
            What::EvidenceSaved { .. } => self.evidence_saved = true,
            What::Approved => self.approved_at = Some(at),
            What::GraceStarted { until } => self.grace_until = Some(*until),
            What::GraceCancelled => self.grace_cancelled(),
            What::Queued { step, reason } => self.hold(*step, Gate::Queued(reason.clone()), at),
            What::Blocked { step, by, reason } => {
                let gate = match by {
                    HeldBy::Switch => Gate::Blocked(reason.clone()),
                    HeldBy::Guard => Gate::Guarded(reason.clone()),
                    HeldBy::Storm => Gate::Storm(reason.clone()),
                };
                self.hold(*step, gate, at);
            }
            What::Stopped { .. } => {
                self.stopped = true;
                self.grace_until = None;
            }
            What::Acknowledged => {
                if self.human.is_none() {
                    return Err("nobody is asked for help");
                }
                self.acknowledged = true;
                self.acknowledged_at = Some(at);
            }
            What::AlarmResolved => self.resolved = true,
            What::Finished { outcome, .. } => self.finished = Some((*outcome, at)),
            What::Noted { .. }
            | What::Said { .. }
            | What::Planned { .. }
            | What::NeedsHuman { .. } => {}
            What::Retried { .. } => {
                self.acknowledged = self.human.is_some();
                self.acknowledged_at = Some(at);
            }
            step => return self.apply_step(step, at),
        }
        Ok(())
    }

    fn grace_cancelled(&mut self) {
        self.grace_until = None;
        if self.approved() {
            self.approved_at = None;
        } else {
            self.cancelled = true;
        }
    }

    fn hold(&mut self, step: StepKind, gate: Gate, at: Timestamp) {
        let since = self
            .hold
            .as_ref()
            .filter(|hold| hold.step == step && hold.same_cause(&gate))
            .map_or(at, |hold| hold.since);
        self.hold = Some(Hold { step, gate, since });
    }

    fn apply_step(&mut self, what: &What, at: Timestamp) -> Result<(), &'static str> {
        let kind = what.step().ok_or("it names no step")?;
        let exit_taken = match what {
            What::StepSucceeded { exit, .. } => *exit,
            _ => None,
        };
        let progress = self
            .steps
            .get_mut(&kind)
            .ok_or("the plan has no such step")?;
        change(progress, what, at)?;
        // Whatever a step does, it no longer waits.
        self.hold = None;
        if matches!(what, What::StepStarted { .. }) {
            self.grace_until = None;
        }
        if exit_taken.is_some() {
            self.exit = exit_taken;
        }
        Ok(())
    }
}

fn change(progress: &mut Progress, what: &What, at: Timestamp) -> Result<(), &'static str> {
    let started = progress.status == Status::Started;
    match what {
        What::StepStarted { attempt, key, .. } => {
            if !matches!(progress.status, Status::Pending | Status::Retrying) {
                return Err("the step has begun already");
            }
            progress.status = Status::Started;
            progress.attempt = *attempt;
            progress.key.clone_from(key);
            progress.first_at = progress.first_at.or(Some(at));
            progress.started_at = Some(at);
            progress.retry_at = None;
        }
        What::StepSkipped { reason, .. } => {
            if matches!(progress.status, Status::Succeeded | Status::Skipped) {
                return Err("the step is done already");
            }
            (progress.status, progress.ended_at) = (Status::Skipped, Some(at));
            progress.reason = Some(reason.clone());
        }
        What::UndoStarted { .. } => {
            (progress.status, progress.undo_at) = (Status::Undoing, Some(at));
        }
        What::StepUndone { .. } => {
            (progress.status, progress.ended_at) = (Status::Undone, Some(at));
        }
        What::UndoFailed { reason, .. } => {
            progress.status = Status::UndoFailed;
            progress.reason = Some(reason.clone());
        }
        _ if !started => return Err("the step has not begun"),
        What::StepSucceeded { evidence, .. } => {
            (progress.status, progress.ended_at) = (Status::Succeeded, Some(at));
            progress.evidence = evidence.clone();
        }
        What::StepFailed {
            reason,
            class,
            output,
            retry_at,
            ..
        } => {
            progress.status = if retry_at.is_some() {
                Status::Retrying
            } else {
                Status::Failed
            };
            progress.ended_at = retry_at.is_none().then_some(at);
            progress.reason = Some(reason.clone());
            progress.class = Some(*class);
            progress.output.clone_from(output);
            progress.retry_at = *retry_at;
        }
        What::StepInDoubt { step, .. } => {
            let quick = SignedDuration::from_secs(super::restart::QUICK_S);
            let long_ago = progress.doubt_at.is_some_and(|last| at > last + quick);
            if !step.acts() && long_ago {
                progress.doubts = 0;
            }
            progress.doubts += 1;
            progress.doubt_at = Some(at);
        }
        What::StepProgressed {
            phase: Phase::Accepted,
            ..
        } => progress.accepted_at = Some(at),
        What::StepProgressed {
            phase: Phase::Ready { transition },
            ..
        } => progress.ready = Some((*transition, at)),
        What::StepProgressed {
            phase: Phase::Flapped,
            ..
        } => {
            progress.ready = None;
            progress.flaps += 1;
        }
        _ => return Err("it is not about a step"),
    }
    Ok(())
}
