//! The steps of a plan: what each is called, needs, does, and how its outcome is judged.

mod cordon;
mod down;
mod finish;
mod node;
mod ready;
mod start;
mod workload;

use crate::event::What;
use crate::id::{AlarmId, NodeName, SourceName};
use crate::recovery::Recovery;
use crate::target::Target;
use crate::world::{ClusterFacts, MachineFacts, NodeFacts, OwnerMark, Reading};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The steps, in the order of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Keep new pods off the node. Undo: take the cordon off again, if it is ours.
    Cordon,
    /// Two independent signals must agree that it is down. Reads only.
    ConfirmDown,
    /// Ask the cloud to start the machine and wait until it runs. No undo: we never stop a machine.
    StartMachine,
    /// Wait until the node is Ready and stays so. Reads only.
    WaitReady,
    /// The node itself works: pressure, critical pods, drivers, taints, resources. Reads only.
    CheckNode,
    /// Take our own cordon off.
    Uncordon,
    /// The workload is back. Reads only.
    CheckWorkload,
    /// Close the alarm where it came from.
    CloseAlarm,
}

impl StepKind {
    /// All steps.
    pub const ALL: [Self; 8] = [
        Self::Cordon,
        Self::ConfirmDown,
        Self::StartMachine,
        Self::WaitReady,
        Self::CheckNode,
        Self::Uncordon,
        Self::CheckWorkload,
        Self::CloseAlarm,
    ];

    /// The word of REST and the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cordon => "cordon",
            Self::ConfirmDown => "confirm_down",
            Self::StartMachine => "start_machine",
            Self::WaitReady => "wait_ready",
            Self::CheckNode => "check_node",
            Self::Uncordon => "uncordon",
            Self::CheckWorkload => "check_workload",
            Self::CloseAlarm => "close_alarm",
        }
    }

    /// The name on the screen.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Cordon => "Cordon the node",
            Self::ConfirmDown => "Confirm it is down",
            Self::StartMachine => "Start the machine",
            Self::WaitReady => "Wait until Ready",
            Self::CheckNode => "Check the node",
            Self::Uncordon => "Uncordon the node",
            Self::CheckWorkload => "Check the workload",
            Self::CloseAlarm => "Close the alarm",
        }
    }

    /// What must be read before this step is judged.
    pub const fn needs(self) -> Needs {
        match self {
            Self::Cordon | Self::WaitReady | Self::Uncordon => Needs {
                node: true,
                machine: false,
                cluster: false,
            },
            Self::ConfirmDown | Self::StartMachine => Needs {
                node: true,
                machine: true,
                cluster: false,
            },
            Self::CheckNode | Self::CheckWorkload => Needs {
                node: true,
                machine: false,
                cluster: true,
            },
            Self::CloseAlarm => Needs {
                node: false,
                machine: false,
                cluster: false,
            },
        }
    }

    /// Whether the step changes something outside.
    pub const fn acts(self) -> bool {
        match self {
            Self::Cordon | Self::StartMachine | Self::Uncordon | Self::CloseAlarm => true,
            Self::ConfirmDown | Self::WaitReady | Self::CheckNode | Self::CheckWorkload => false,
        }
    }
}

/// Which systems a step reads, fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// The node with its lease.
    pub node: bool,
    /// The machine.
    pub machine: bool,
    /// Nodes, pods, workloads and drivers of the whole cluster.
    pub cluster: bool,
}

/// What was read for a step; what it does not need is `Absent`.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The node.
    pub node: Reading<NodeFacts>,
    /// The machine.
    pub machine: Reading<MachineFacts>,
    /// The cluster.
    pub cluster: Reading<ClusterFacts>,
    /// Other nodes that have a recovery of their own: their trouble is not this recovery's.
    pub others: Vec<NodeName>,
}

/// One call to the outside, in the form "be like this".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// Set unschedulable and the owner annotation in one patch.
    Cordon {
        /// Node.
        target: Target,
        /// Precondition.
        resource_version: String,
        /// Content of the annotation.
        mark: OwnerMark,
    },
    /// Clear unschedulable and the owner annotation in one patch.
    Uncordon {
        /// Node.
        target: Target,
        /// Precondition.
        resource_version: String,
    },
    /// Start the machine.
    Start {
        /// Node it belongs to.
        target: Target,
        /// The cloud's id.
        machine: String,
        /// Idempotency key, where the cloud has them.
        key: String,
    },
    /// Close the alarm where it came from.
    Close {
        /// Source.
        source: SourceName,
        /// Alarm.
        alarm: AlarmId,
    },
}

/// What the outside answered, as a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Done; the words hold a request id or version.
    Done(String),
    /// It was like that already.
    AlreadyThere(String),
    /// It failed in a way that passes.
    Retryable(String),
    /// Too many calls; not before so many seconds.
    Throttled(String, Option<u32>),
    /// The cloud has no room.
    Capacity(String),
    /// Somebody else changed it meanwhile, or it is in between states: read again.
    Conflict(String),
    /// No right.
    Denied(String),
    /// No such thing.
    NotFound(String),
    /// Refused for good.
    Refused(String),
    /// No usable answer: it may have happened. A timeout is this.
    Unknown(String),
}

/// Kind of a step's failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Passing trouble.
    Retryable,
    /// Too many calls.
    Throttled,
    /// No room in the cloud.
    Capacity,
    /// Changed by somebody else.
    Conflict,
    /// No right.
    Denied,
    /// Not there, or another one.
    NotFound,
    /// Refused for good.
    Refused,
    /// Signals disagree, or a start cannot help.
    Disagree,
    /// The time limit is over.
    TimedOut,
    /// Ready came and went too often.
    Flapping,
    /// The process died too often in this step.
    Poison,
}

/// Part of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Phase {
    /// The cloud took the start; it is never sent again in this recovery.
    Accepted,
    /// Ready was seen; the soak begins.
    Ready {
        /// `lastTransitionTime` of the Ready condition.
        transition: Timestamp,
    },
    /// Ready was lost during the soak.
    Flapped,
}

/// What was seen, for the timeline and the receipt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// One sentence.
    pub text: String,
    /// Single findings, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Finding>,
    /// Whether the effect was found already there after a restart or a lost answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub found: bool,
    /// Boot ID, where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot_id: Option<String>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Whether it is as it should be.
    pub mark: Mark,
    /// What and how.
    pub text: String,
}

/// How a finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// As it should be.
    Good,
    /// Not as it should be; the step waits for it.
    Bad,
    /// Shown, not waited for.
    Ignored,
}

/// What to do about a started step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Make this call, then ask [`answered`].
    Call(Call),
    /// Append this event.
    Append(What),
    /// Read again then.
    Later(Timestamp),
}

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
    };
    limited(recovery, step, verdict, now)
}

/// Judges what the outside answered to a step's call.
pub fn answered(recovery: &Recovery, step: StepKind, answer: Answer, now: Timestamp) -> Move {
    let verdict = finish::answered(recovery, step, answer, now);
    limited(recovery, step, verdict, now)
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
                    retry_at: None,
                })
            } else {
                Move::Later(now + POLL)
            }
        }
    }
}

/// What a step's own judgement says; the time limit is put on afterwards.
enum Verdict {
    Go(Box<Move>),
    /// Why it is not done yet: the reason given if time runs out.
    NotYet(String),
}

impl Verdict {
    fn go(next: Move) -> Self {
        Self::Go(Box::new(next))
    }
}

fn failed(step: StepKind, class: Class, reason: impl Into<String>) -> Verdict {
    Verdict::go(Move::Append(What::StepFailed {
        step,
        class,
        reason: reason.into(),
        retry_at: None,
    }))
}

fn succeeded(step: StepKind, evidence: Evidence) -> Verdict {
    Verdict::go(Move::Append(What::StepSucceeded {
        step,
        evidence,
        exit: None,
    }))
}

fn skipped(step: StepKind, reason: impl Into<String>) -> Verdict {
    Verdict::go(Move::Append(What::StepSkipped {
        step,
        reason: reason.into(),
    }))
}

fn says(text: impl Into<String>) -> Evidence {
    Evidence {
        text: text.into(),
        ..Evidence::default()
    }
}

/// The node if it is still the one the plan is about; else what to do about it.
fn same_node<'a>(
    recovery: &Recovery,
    step: StepKind,
    facts: &'a Facts,
) -> Result<&'a NodeFacts, Verdict> {
    let target = &recovery.plan.target;
    match &facts.node {
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
