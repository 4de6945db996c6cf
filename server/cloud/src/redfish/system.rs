//! A machine as its controller writes it.

use domain::world::{MachineFacts, MachineState};
use jiff::Timestamp;
use serde::Deserialize;

/// A pointer to another resource.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Link {
    /// Its path.
    #[serde(rename = "@odata.id", default)]
    pub path: String,
}

/// A list of pointers.
#[derive(Debug, Default, Deserialize)]
pub struct Members {
    /// The pointers.
    #[serde(rename = "Members", default)]
    pub members: Vec<Link>,
    /// Where the rest is.
    #[serde(rename = "Members@odata.nextLink", default)]
    pub next: Option<String>,
}

/// `ComputerSystem`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct System {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Option<String>,
    /// The operating system's name for it.
    pub host_name: Option<String>,
    /// `On`, `Off`, `PoweringOn`, `PoweringOff`, `Paused`.
    pub power_state: Option<String>,
    /// Whether it is there and well.
    pub status: Status,
    /// How far it has booted.
    pub boot_progress: BootProgress,
    /// Last reset.
    pub last_reset_time: Option<String>,
    /// What can be asked of it.
    pub actions: Actions,
    /// Its logs.
    pub log_services: Link,
    /// What it belongs to.
    pub links: Links,
}

/// Whether it is there and well.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Status {
    /// `Enabled`, `Absent`, `Updating` ..
    pub state: Option<String>,
    /// `OK`, `Warning`, `Critical`.
    pub health: Option<String>,
}

/// How far it has booted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BootProgress {
    /// Such as `OSRunning`.
    pub last_state: Option<String>,
}

/// What can be asked of it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Actions {
    /// Power.
    #[serde(rename = "#ComputerSystem.Reset", default)]
    pub reset: Option<Reset>,
}

/// The power action.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Reset {
    /// Where it is posted.
    #[serde(default)]
    pub target: String,
    /// What it takes.
    #[serde(rename = "ResetType@Redfish.AllowableValues", default)]
    pub allowed: Vec<String>,
    /// Where that is said instead.
    #[serde(rename = "@Redfish.ActionInfo", default)]
    pub info: Option<String>,
}

/// What it belongs to.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Links {
    /// Its controllers.
    pub managed_by: Vec<Link>,
}

/// `ActionInfo`.
#[derive(Debug, Default, Deserialize)]
pub struct ActionInfo {
    /// What the action takes.
    #[serde(rename = "Parameters", default)]
    pub parameters: Vec<Parameter>,
}

/// One parameter of an action.
#[derive(Debug, Deserialize)]
pub struct Parameter {
    /// Name.
    #[serde(rename = "Name", default)]
    pub name: String,
    /// Its values.
    #[serde(rename = "AllowableValues", default)]
    pub allowed: Vec<String>,
}

impl System {
    /// The power state; `None` where the controller does not tell.
    pub fn state(&self) -> Option<MachineState> {
        let there = !matches!(
            self.status.state.as_deref(),
            Some("Absent" | "UnavailableOffline" | "Updating" | "InTest" | "Deferring")
        );
        Some(match self.power_state.as_deref()? {
            "On" => MachineState::On,
            "Off" if there => MachineState::Off,
            "PoweringOn" => MachineState::Starting,
            "PoweringOff" => MachineState::Stopping,
            _ => MachineState::Other,
        })
    }

    /// Whether it is called so.
    pub fn called(&self, name: &str) -> bool {
        let own = [Some(&self.id), self.name.as_ref(), self.host_name.as_ref()];
        own.into_iter()
            .flatten()
            .any(|one| one.eq_ignore_ascii_case(name))
    }

    /// The machine in our words; `id` is its whole address.
    pub fn facts(&self, id: String) -> Option<MachineFacts> {
        let state = self.state()?;
        let mut machine = MachineFacts::new(id, state, self.detail());
        if state == MachineState::On {
            let reset = self.last_reset_time.as_deref();
            machine.since = reset.and_then(|time| time.parse::<Timestamp>().ok());
        }
        Some(machine)
    }

    fn detail(&self) -> String {
        let mut words = self.power_state.clone().unwrap_or_default();
        if let Some(state) = self
            .status
            .state
            .as_deref()
            .filter(|state| *state != "Enabled")
        {
            words = format!("{words}, {state}");
        }
        if let Some(health) = &self.status.health {
            words = format!("{words}, health {health}");
        }
        if let Some(boot) = self
            .boot_progress
            .last_state
            .as_deref()
            .filter(|boot| *boot != "None")
        {
            words = format!("{words}, boot progress {boot}");
        }
        words
    }
}

#[cfg(test)]
mod tests;
