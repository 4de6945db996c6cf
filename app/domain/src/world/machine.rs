//! A machine as its cloud tells it.

use super::{Claim, Healer};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Power state of a machine, in our words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MachineState {
    /// Running.
    On,
    /// Off, and a start is possible.
    Off,
    /// On its way up.
    Starting,
    /// On its way down.
    Stopping,
    /// The cloud calls it broken.
    Error,
    /// A state that a start does not answer (suspended, shelved, rescue, locked).
    Other,
}

impl MachineState {
    /// The word used on the screen and in REST.
    pub const fn word(self) -> &'static str {
        match self {
            Self::On => "running",
            Self::Off => "off",
            Self::Starting => "starting",
            Self::Stopping => "stopping",
            Self::Error => "error",
            Self::Other => "other",
        }
    }
}

/// A group of the cloud that replaces its machines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Whose it is.
    pub healer: Healer,
    /// Kind and name, such as `autoscaling group web`.
    pub name: String,
}

/// One machine, read from its cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineFacts {
    /// The cloud's id.
    pub id: String,
    /// Power state.
    pub state: MachineState,
    /// The cloud's own words, such as `SHUTOFF` or `ACTIVE, powering-off`, and a fault if there is one.
    pub detail: String,
    /// Since when, if the cloud tells (launch or last update).
    pub since: Option<Timestamp>,
    /// Physical host, if the cloud tells.
    pub host: Option<String>,
    /// Zone, if the cloud tells.
    #[serde(default)]
    pub zone: Option<String>,
    /// What else may replace or remove it.
    #[serde(default)]
    pub group: Option<Group>,
    /// Why it counts as stopped on purpose, in words: then it is offered to a person, not started by a rule.
    #[serde(default)]
    pub purpose: Option<String>,
}

impl MachineFacts {
    /// Who else has it, as its cloud says.
    pub fn claim(&self) -> Option<Claim> {
        let group = self.group.as_ref()?;
        Some(Claim {
            healer: group.healer,
            evidence: format!("its machine {} belongs to the {}", self.id, group.name),
        })
    }

    /// A machine of which no more is known.
    pub fn new(id: impl Into<String>, state: MachineState, detail: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            state,
            detail: detail.into(),
            since: None,
            host: None,
            zone: None,
            group: None,
            purpose: None,
        }
    }
}
