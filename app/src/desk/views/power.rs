//! Power acts: what the button offers, what a person saw before the tap, and what the sheet tells.

use crate::error::AppError;
use domain::guard::Warning;
use domain::id::{ClusterName, NodeName, RecoveryId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the power button of a node offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "offer")]
pub enum Offer {
    /// One tap starts it.
    Start,
    /// It starts after the node's short name was typed.
    Confirm {
        /// Why.
        warnings: Vec<Warning>,
    },
    /// Its machine comes up already: the same tap begins a recovery that only watches.
    Wait,
    /// A recovery is at work: go there.
    Watch {
        /// Which.
        recovery: RecoveryId,
        /// Who asked for it and when, in a sentence.
        text: String,
    },
    /// A recovery waits for exactly this tap.
    Approve {
        /// Which.
        recovery: RecoveryId,
        /// What must be typed for, if anything.
        warnings: Vec<Warning>,
    },
    /// Too little is known: look again, never start.
    Check {
        /// What cannot be read, in a sentence.
        text: String,
    },
    /// It may not be started now.
    Blocked {
        /// Why, in a sentence.
        text: String,
        /// Who or what can lift it, in a sentence.
        way_out: String,
    },
    /// Nothing to start, and why.
    Nothing {
        /// In a sentence.
        text: String,
    },
}

impl Offer {
    /// The word used in REST and in the version of the facts.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Confirm { .. } => "confirm",
            Self::Wait => "wait",
            Self::Watch { .. } => "watch",
            Self::Approve { .. } => "approve",
            Self::Check { .. } => "check",
            Self::Blocked { .. } => "blocked",
            Self::Nothing { .. } => "nothing",
        }
    }

    /// What must be confirmed first.
    pub fn warnings(&self) -> &[Warning] {
        match self {
            Self::Confirm { warnings } | Self::Approve { warnings, .. } => warnings,
            Self::Start
            | Self::Wait
            | Self::Watch { .. }
            | Self::Check { .. }
            | Self::Blocked { .. }
            | Self::Nothing { .. } => &[],
        }
    }
}

/// What a power act rests on: it goes on only while this still holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// The version of the facts the person saw; none: nothing is compared.
    pub facts: Option<String>,
    /// The end of its time, on the wall clock; none: it has no end.
    pub not_after: Option<Timestamp>,
}

impl Basis {
    /// Refuses what came after its time.
    pub fn in_time(&self, wall: Timestamp) -> Result<(), AppError> {
        match self.not_after {
            Some(until) if wall > until => Err(AppError::Expired {
                text: format!(
                    "This came {} s after its time. Nothing was started. Look at the facts again, then tap.",
                    wall.duration_since(until).as_secs().max(1)
                ),
            }),
            Some(_) | None => Ok(()),
        }
    }
}

/// Order to start a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartOrder {
    /// Cluster.
    pub cluster: ClusterName,
    /// Node.
    pub node: NodeName,
    /// The node's short name, typed, where warnings ask for it.
    pub confirm: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// What the person saw.
    pub basis: Basis,
}

/// What a start would do, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetView {
    /// Why it is thought to be down, in a sentence, and since when.
    pub cause: Option<(String, Timestamp)>,
    /// The steps, in order.
    pub steps: Vec<SheetStep>,
    /// `1 of 3 starts this hour`.
    pub starts: String,
    /// Who else is acting in this cluster, one sentence each.
    pub acting: Vec<String>,
    /// Pods that wait for this node.
    pub waits: Vec<String>,
    /// Pods that can run only on it, with the reason.
    pub only_here: Vec<String>,
}

/// One step of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetStep {
    /// In a few words.
    pub title: String,
    /// What it usually takes in this cluster, in words; none when it was never seen.
    pub usual: Option<String>,
}
