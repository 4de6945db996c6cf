//! Why no plan is made.

use crate::guard::{Switch, Warning};
use crate::id::{NodeName, RecoveryId};
use crate::moment::clock;
use crate::recovery::State;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Why no plan is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Refusal {
    /// The alarm is older than the time to live.
    #[error("the alarm is {age_s} s old, older than the limit of {limit_s} s")]
    Expired {
        /// Seconds since its start.
        age_s: i64,
        /// The limit.
        limit_s: u32,
    },
    /// The switch holds it.
    #[error("the switch is on {}", .switch.word())]
    Switched {
        /// Its position.
        switch: Switch,
    },
    /// The node carries the exclusion label.
    #[error("the node carries the label uncordon.dev/exclude")]
    Excluded,
    /// Somebody else heals the node.
    #[error("{why} {way_out}")]
    OtherHealer {
        /// Who, and what says so.
        why: String,
        /// What the owner can do.
        way_out: String,
    },
    /// People work on the cluster.
    #[error("a maintenance window is open until {}", clock(*until))]
    Maintenance {
        /// Its end.
        until: Timestamp,
    },
    /// An alarm fires that stops automatic starts.
    #[error("a blocking alarm fires: {text}")]
    BlockedByAlarm {
        /// That alarm.
        text: String,
    },
    /// Somebody stopped the machine, as a taint says.
    #[error(
        "the taint {taint} says the machine of {node} was stopped on purpose; start it by hand if it was not"
    )]
    StoppedOnPurpose {
        /// The node.
        node: NodeName,
        /// The taint.
        taint: String,
    },
    /// A recovery already holds the node.
    #[error("recovery {recovery} is already at work on this node")]
    AlreadyRecovering {
        /// That recovery.
        recovery: RecoveryId,
        /// Its state.
        state: State,
    },
    /// Nothing is wrong.
    #[error("{text}; nothing started")]
    AlreadyHealthy {
        /// What was seen.
        text: String,
    },
    /// The machine runs but its node is not Ready: a start cannot help.
    #[error("{text}")]
    RunningNotReady {
        /// What was seen.
        text: String,
    },
    /// What must be known cannot be read.
    #[error("{text}")]
    Blind {
        /// What and why.
        text: String,
    },
    /// The node is gone or is another one now.
    #[error("{text}")]
    Gone {
        /// What was seen.
        text: String,
    },
    /// The machine is in a state that a start does not answer.
    #[error("{text}")]
    NotStartable {
        /// What was seen.
        text: String,
    },
    /// A person must type the node's name first.
    #[error("{} Type {node} to confirm.", .warnings.iter().map(Warning::text).collect::<Vec<_>>().join(" "))]
    ConfirmNeeded {
        /// What to type.
        node: String,
        /// Why.
        warnings: Vec<Warning>,
    },
}

impl Refusal {
    /// Who or what can lift it, where that is not said already.
    pub fn way_out(&self) -> Option<&'static str> {
        match self {
            Self::Switched { .. } => {
                Some("Anybody with the role responder lifts it in Settings, with a reason.")
            }
            Self::Excluded => Some("Whoever set the label on the node takes it off again."),
            Self::Maintenance { .. } => {
                Some("It ends by itself; a person may still start the node.")
            }
            Self::BlockedByAlarm { .. } => {
                Some("It lifts when that alarm is resolved or somebody acknowledges it.")
            }
            Self::RunningNotReady { .. } => {
                Some("Somebody with access to the machine looks at its kubelet and its network.")
            }
            Self::NotStartable { .. } => Some(
                "Whoever runs the cloud account resets or unlocks it; then check the state again.",
            ),
            Self::Expired { .. }
            | Self::OtherHealer { .. }
            | Self::StoppedOnPurpose { .. }
            | Self::AlreadyRecovering { .. }
            | Self::AlreadyHealthy { .. }
            | Self::Blind { .. }
            | Self::Gone { .. }
            | Self::ConfirmNeeded { .. } => None,
        }
    }
}
