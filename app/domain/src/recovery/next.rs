//! What comes next: the one place that orders steps, questions, holds and ends.

use super::{Outcome, Recovery, Status, seconds};
use crate::event::What;
use crate::guard::{Gate, HeldBy, Warning};
use crate::plan::{Consent, Exit};
use crate::receipt;
use crate::rule::Silence;
use crate::step::{Move, StepKind};
use crate::trigger::Trigger;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// The next thing to do for a recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Append this event; nothing outside is needed to know it.
    Append(What),
    /// Ask the guards, then [`Recovery::begin`] this step.
    Begin(StepKind),
    /// Read what a start destroys, then append it as [`What::EvidenceSaved`].
    Gather,
    /// It has begun: read what it needs, then `step::decide`.
    Work(StepKind),
    /// Read the node, then `step::settle`: what becomes of the cordon after a stop.
    Settle,
    /// Ask the guards, then [`Recovery::begin_undo`].
    BeginUndo,
    /// The undo has begun: read the node, then `step::undo`.
    WorkUndo,
    /// Nothing until then, unless an event comes.
    Wait(Timestamp),
    /// Nothing until a person acts.
    Human,
    /// Nothing more.
    Finished,
}

impl Recovery {
    /// What comes next.
    pub fn next(&self, now: Timestamp) -> Next {
        if !self.holds_slot() {
            return Next::Finished;
        }
        if self.human.is_some() {
            return Next::Human;
        }
        if let Some(next) = self.undo_next() {
            return next;
        }
        if self.cancelled {
            return self.finish(Outcome::Aborted, now);
        }
        if self.stopped {
            return self.stopped_next(now);
        }
        if self.exit == Some(Exit::FalseAlarm) {
            return match self.step(StepKind::Cordon).status {
                Status::Succeeded => Next::BeginUndo,
                _ => self.finish(Outcome::FalseAlarm, now),
            };
        }
        match self.grace_until {
            Some(until) if now < until => Next::Wait(until),
            _ => self.walk(now),
        }
    }

    fn undo_next(&self) -> Option<Next> {
        let cordon = self.step(StepKind::Cordon);
        match cordon.status {
            Status::Undoing => Some(Next::WorkUndo),
            Status::UndoFailed => Some(human(cordon.reason.clone().unwrap_or_default())),
            _ => None,
        }
    }

    fn stopped_next(&self, now: Timestamp) -> Next {
        let begun = self.step(StepKind::Cordon).status != Status::Pending;
        let settled = matches!(
            self.step(StepKind::Uncordon).status,
            Status::Succeeded | Status::Skipped
        ) || self.step(StepKind::Cordon).status == Status::Undone;
        if begun && !settled {
            Next::Settle
        } else {
            self.finish(Outcome::Aborted, now)
        }
    }

    fn walk(&self, now: Timestamp) -> Next {
        let up = self.exit == Some(Exit::SelfHealed);
        let heals = (self.resolved || up) && self.step(StepKind::StartMachine).attempt == 0;
        if heals && self.step(StepKind::Cordon).status == Status::Pending {
            // Over before anything of ours was done: nothing to check, nothing to undo.
            return self.finish(Outcome::SelfHealed, now);
        }
        for planned in &self.plan.steps {
            let kind = planned.step;
            let progress = self.step(kind);
            let skippable = heals && matches!(kind, StepKind::ConfirmDown | StepKind::StartMachine);
            match progress.status {
                Status::Succeeded | Status::Skipped | Status::Undone => {}
                Status::Pending | Status::Started | Status::Retrying if skippable => {
                    return Next::Append(What::StepSkipped {
                        step: kind,
                        reason: if up {
                            "it is up already".to_owned()
                        } else {
                            "resolved at the source before the start".to_owned()
                        },
                    });
                }
                Status::Pending if kind == StepKind::CloseAlarm && self.resolved => {
                    return Next::Append(What::StepSkipped {
                        step: kind,
                        reason: "already resolved at the source".to_owned(),
                    });
                }
                Status::Pending => return self.before(kind, heals, now),
                Status::Retrying => {
                    return match progress.retry_at {
                        Some(at) if now < at => Next::Wait(at),
                        _ => Next::Begin(kind),
                    };
                }
                Status::Started => return Next::Work(kind),
                Status::Failed | Status::Undoing | Status::UndoFailed => {
                    let reason = progress.reason.clone().unwrap_or_default();
                    return human(format!(
                        "\"{}\" failed: {reason}. {}",
                        kind.title(),
                        self.safe_thing(kind)
                    ));
                }
            }
        }
        self.finish(
            if heals {
                Outcome::SelfHealed
            } else {
                Outcome::Recovered
            },
            now,
        )
    }

    /// The question to a person, or the veto window, comes right after the cordon and must be over before power is used.
    fn before(&self, kind: StepKind, heals: bool, now: Timestamp) -> Next {
        if heals || kind == StepKind::Cordon {
            return Next::Begin(kind);
        }
        if !self.consented() {
            let wait = match self.plan.consent {
                Consent::Veto { seconds, silence } => self.veto(kind, seconds, silence, now),
                Consent::Given | Consent::Needed => self.asked(kind, now),
            };
            if let Some(wait) = wait {
                return wait;
            }
        }
        if kind == StepKind::StartMachine && !self.evidence_saved {
            return Next::Gather;
        }
        Next::Begin(kind)
    }

    fn asked(&self, kind: StepKind, now: Timestamp) -> Option<Next> {
        match self.asked_until {
            None => Some(Next::Append(What::ApprovalAsked {
                until: now + seconds(self.plan.guards.approval_s),
                text: self.question(),
            })),
            Some(until) if kind == StepKind::StartMachine => Some(if now < until {
                Next::Wait(until)
            } else {
                human("Nobody answered in time. The node stays cordoned; retry to start it, or acknowledge and look after it yourself.".to_owned())
            }),
            Some(_) => None,
        }
    }

    fn veto(&self, kind: StepKind, long: u32, silence: Silence, now: Timestamp) -> Option<Next> {
        match self.veto_until {
            None => Some(Next::Append(What::VetoStarted {
                until: now + seconds(long),
                silence,
            })),
            Some(until) if kind == StepKind::StartMachine && now < until => Some(Next::Wait(until)),
            Some(_) if kind == StepKind::StartMachine => match silence {
                Silence::Act => None,
                Silence::Ask => self.asked(kind, now),
            },
            Some(_) => None,
        }
    }

    fn question(&self) -> String {
        let warnings: Vec<String> = self.plan.warnings.iter().map(Warning::text).collect();
        if warnings.is_empty() {
            format!("Start {}?", self.plan.target.node)
        } else {
            format!("Start {}? {}", self.plan.target.node, warnings.join(" "))
        }
    }

    fn finish(&self, outcome: Outcome, now: Timestamp) -> Next {
        let receipt = match outcome {
            Outcome::Recovered | Outcome::SelfHealed => Some(Box::new(receipt::of(self, now))),
            Outcome::FalseAlarm | Outcome::Aborted | Outcome::Refused | Outcome::Expired => None,
        };
        Next::Append(What::Finished { outcome, receipt })
    }

    /// The event with which a step begins, or waits, given what the guards say.
    pub fn begin(&self, step: StepKind, gate: &Gate, now: Timestamp) -> Move {
        match gate {
            Gate::Open | Gate::Queued(_) if self.too_old(step, now) => self.expire(step),
            Gate::Open => {
                let attempt = self.step(step).attempt + 1;
                Move::Append(What::StepStarted {
                    step,
                    attempt,
                    key: key(self, step, attempt),
                })
            }
            held => self.held(step, held, now),
        }
    }

    /// Whether an act was held, or nobody lived to do it, for so long that what asked for it is old news by now.
    fn too_old(&self, step: StepKind, now: Timestamp) -> bool {
        if !matches!(step, StepKind::Cordon | StepKind::StartMachine) {
            return false;
        }
        let guards = &self.plan.guards;
        // A cloud without room is asked again for longer than that.
        let first = matches!(self.step(step).status, Status::Pending | Status::Started);
        let lapsed = |since: Timestamp, limit_s: u32| {
            first && now > since + seconds(limit_s.max(self.before_power_s()))
        };
        match (&self.plan.trigger, self.approved_at) {
            (_, Some(yes)) => lapsed(yes, guards.approval_s),
            (Trigger::Person { .. }, None) => lapsed(self.started_at, guards.approval_s),
            (Trigger::Alarm { starts_at, .. }, None) => {
                let held = self.hold.as_ref().is_some_and(|hold| hold.step == step);
                lapsed(self.started_at, guards.alarm_ttl_s)
                    || held && now > *starts_at + seconds(guards.alarm_ttl_s)
            }
        }
    }

    /// Seconds that what comes before the start may take.
    fn before_power_s(&self) -> u32 {
        let window = match self.plan.consent {
            Consent::Veto { seconds, .. } => seconds,
            Consent::Given | Consent::Needed => 0,
        };
        let guards = &self.plan.guards;
        window + guards.small_step_s + guards.confirm_s
    }

    /// Old news starts nothing: without a trace it expires, with our cordon on the node a person is asked.
    fn expire(&self, step: StepKind) -> Move {
        let queued = matches!(&self.hold, Some(hold) if matches!(hold.gate, Gate::Queued(_)));
        let waited = self
            .hold
            .as_ref()
            .map_or("nothing was done for too long", |hold| hold.words());
        if step == StepKind::Cordon && !queued && self.step(step).attempt == 0 {
            return Move::Append(What::Finished {
                outcome: Outcome::Expired,
                receipt: None,
            });
        }
        Move::Append(What::NeedsHuman {
            reason: format!(
                "The alarm became too old before the start: {waited}. Retry to start the node now, or acknowledge and look after it yourself."
            ),
        })
    }

    /// The event with which the undo of the cordon begins, or waits.
    pub fn begin_undo(&self, gate: &Gate, now: Timestamp) -> Move {
        match gate {
            Gate::Open => Move::Append(What::UndoStarted {
                step: StepKind::Cordon,
            }),
            held => self.held(StepKind::Uncordon, held, now),
        }
    }

    /// Asked right before every call of a step that has begun: `None` when it may be made, else how it waits. Limits hold a
    /// step before it begins, never within; the switch holds both.
    pub fn hold_call(&self, step: StepKind, gate: &Gate, now: Timestamp) -> Option<Move> {
        match gate {
            Gate::Open | Gate::Queued(_) | Gate::Human(_) if self.too_old(step, now) => {
                Some(self.expire(step))
            }
            Gate::Blocked(_) | Gate::Guarded(_) | Gate::Storm(_) => {
                Some(self.held(step, gate, now))
            }
            Gate::Open | Gate::Queued(_) | Gate::Human(_) => None,
        }
    }

    /// One safe thing a person can do when a step has failed for good.
    fn safe_thing(&self, step: StepKind) -> &'static str {
        let opened = self.step(StepKind::Uncordon).status != Status::Pending;
        match step {
            StepKind::Cordon => "Look at the node; retry, or cordon it by hand.",
            StepKind::ConfirmDown => "Look at the node and its machine before anything is started.",
            StepKind::StartMachine => "Look at the machine in its cloud, then retry.",
            StepKind::WaitReady => "Look at the kubelet; the node stays cordoned.",
            StepKind::CheckNode => "Look at what is named; the node stays cordoned.",
            StepKind::Uncordon => "Uncordon the node by hand.",
            StepKind::CheckWorkload => "Look at what is named; the node takes pods.",
            StepKind::Check(..) if opened => "Look at what the check says; the node takes pods.",
            StepKind::Check(..) => "Look at what the check says; the node stays cordoned.",
            StepKind::CloseAlarm => "Close the alarm by hand.",
        }
    }

    fn held(&self, step: StepKind, gate: &Gate, now: Timestamp) -> Move {
        let event = match gate {
            Gate::Open => return Move::Later(now),
            Gate::Human(reason) => {
                return Move::Append(What::NeedsHuman {
                    reason: reason.clone(),
                });
            }
            Gate::Queued(reason) => What::Queued {
                step,
                reason: reason.clone(),
            },
            Gate::Blocked(reason) => blocked(step, HeldBy::Switch, reason),
            Gate::Guarded(reason) => blocked(step, HeldBy::Guard, reason),
            Gate::Storm(reason) => blocked(step, HeldBy::Storm, reason),
        };
        let known = self.hold.as_ref();
        match known.filter(|hold| hold.step == step && hold.same_cause(gate)) {
            None => Move::Append(event),
            // One person was asked when the breaker tripped; not one more for each node it holds.
            Some(_) if matches!(gate, Gate::Storm(_)) => Move::Later(now + HELD),
            Some(hold) if now >= hold.since + seconds(self.plan.guards.approval_s) => {
                Move::Append(What::NeedsHuman {
                    reason: format!("Waited too long: {}", hold.words()),
                })
            }
            Some(_) => Move::Later(now + HELD),
        }
    }
}

fn blocked(step: StepKind, by: HeldBy, reason: &str) -> What {
    What::Blocked {
        step,
        by,
        reason: reason.to_owned(),
    }
}

/// Pause between two looks at a guard that holds a step.
const HELD: SignedDuration = SignedDuration::from_secs(2);

fn human(reason: String) -> Next {
    Next::Append(What::NeedsHuman { reason })
}

/// Same recovery, step and attempt: same key, so that a repeat after a crash is the same request.
fn key(recovery: &Recovery, step: StepKind, attempt: u32) -> String {
    let text = format!(
        "{}/{}/{}/{attempt}",
        recovery.id.0,
        recovery.started_at,
        step.word()
    );
    Sha256::digest(text.as_bytes())
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
