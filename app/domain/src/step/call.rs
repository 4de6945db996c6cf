//! What a step reads, the one call it may make, and the classes of answers.

use crate::check::Ask;
use crate::event::What;
use crate::id::{AlarmId, NodeName, SourceName};
use crate::target::Target;
use crate::world::{ClusterFacts, MachineFacts, NodeFacts, OwnerMark, Reading};
use jiff::Timestamp;

/// What to do about a started step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// Make this call, then ask [`super::answered`].
    Call(Call),
    /// Try this check of the team once, then ask [`super::tried`].
    Check(Ask),
    /// Append this event.
    Append(What),
    /// Read again then.
    Later(Timestamp),
    /// What it waits for is not so yet, for the people who watch: read again then.
    NotYet(Timestamp, String),
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
