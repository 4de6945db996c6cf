//! What people and programs see of a recovery.

use serde::{Deserialize, Serialize};

/// What people and programs see of a recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// For a yes, a limit, a switch or the end of a grace.
    Waiting,
    /// A step is under way.
    Running,
    /// The node is back.
    Recovered,
    /// A person is needed; the node's slot is held until that is acknowledged.
    NeedsHuman,
    /// Stopped by a person.
    Cancelled,
    /// Not allowed to begin.
    Refused,
}

impl State {
    /// The word of REST and the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Recovered => "recovered",
            Self::NeedsHuman => "needs_human",
            Self::Cancelled => "cancelled",
            Self::Refused => "refused",
        }
    }
}

/// How a recovery ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Started and proven back.
    Recovered,
    /// Came back by itself.
    SelfHealed,
    /// Was never down.
    FalseAlarm,
    /// Stopped, or handed to a person who took it.
    Aborted,
    /// Not allowed to begin.
    Refused,
    /// Too old to act on.
    Expired,
}

impl Outcome {
    /// The word of REST and the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::SelfHealed => "self_healed",
            Self::FalseAlarm => "false_alarm",
            Self::Aborted => "aborted",
            Self::Refused => "refused",
            Self::Expired => "expired",
        }
    }
}
