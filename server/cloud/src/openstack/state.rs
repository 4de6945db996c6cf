//! Nova's status, task and power state as one of our six states, with Nova's own words beside it.

use super::server::Server;
use domain::world::{MachineFacts, MachineState};
use jiff::Timestamp;

/// The hypervisor says: shut down, or crashed.
const POWER_OFF: [i64; 2] = [4, 6];

/// The machine in our words.
pub fn facts(server: Server) -> MachineFacts {
    let state = state(&server);
    let since = match state {
        MachineState::On => server.launched_at.as_deref().or(server.updated.as_deref()),
        MachineState::Off
        | MachineState::Starting
        | MachineState::Stopping
        | MachineState::Error
        | MachineState::Other => server.updated.as_deref(),
    };
    MachineFacts {
        state,
        detail: detail(&server),
        since: since.and_then(time),
        host: server
            .host
            .or(server.host_id)
            .filter(|host| !host.is_empty()),
        zone: server.zone.filter(|zone| !zone.is_empty()),
        group: None,
        purpose: None,
        id: server.id,
    }
}

/// The power state; a task that is under way comes before the status it started from.
pub fn state(server: &Server) -> MachineState {
    match (server.status.as_str(), server.task.as_deref()) {
        ("ERROR", _) => MachineState::Error,
        ("BUILD" | "REBOOT" | "HARD_REBOOT" | "REBUILD", _) => MachineState::Starting,
        (_, Some(task)) if up(task) => MachineState::Starting,
        (_, Some(task)) if down(task) => MachineState::Stopping,
        // Off in truth: Nova itself sends the stop as soon as its sync sees this; until then a start answers 409.
        ("ACTIVE", None) if server.power.is_some_and(|power| POWER_OFF.contains(&power)) => {
            MachineState::Stopping
        }
        // Snapshots, live migration and the like leave it running.
        ("ACTIVE" | "PASSWORD" | "MIGRATING", _) => MachineState::On,
        ("VERIFY_RESIZE", None) if server.power == Some(1) => MachineState::On,
        ("SHUTOFF", None) if !server.locked => MachineState::Off,
        // Nova refuses a start while any task runs, while it is locked, and in every other state.
        _ => MachineState::Other,
    }
}

fn up(task: &str) -> bool {
    task.starts_with("reboot")
        || matches!(
            task,
            "powering-on" | "resuming" | "unpausing" | "unshelving" | "unrescuing" | "restoring"
        )
}

fn down(task: &str) -> bool {
    task.starts_with("shelving")
        || matches!(
            task,
            "powering-off" | "suspending" | "pausing" | "deleting" | "soft-deleting" | "rescuing"
        )
}

fn detail(server: &Server) -> String {
    let mut words = server.status.clone();
    if let Some(task) = &server.task {
        words = format!("{words}, {task}");
    } else if state(server) == MachineState::Stopping {
        words.push_str(", but its power is off");
    }
    if server.locked {
        let why = server
            .locked_reason
            .as_deref()
            .filter(|why| !why.is_empty());
        words = why.map_or_else(
            || format!("{words}, locked"),
            |why| format!("{words}, locked ({why})"),
        );
    }
    let words = match &server.fault {
        Some(fault) if !fault.message.is_empty() => format!("{words}: {}", fault.message),
        Some(_) | None => words,
    };
    match to_do(server) {
        Some(way_out) => format!("{words}; {way_out}"),
        None => words,
    }
}

/// What a person must do with a machine that no start brings back.
fn to_do(server: &Server) -> Option<&'static str> {
    if server.task.is_some() {
        return None;
    }
    Some(match server.status.as_str() {
        _ if server.locked && server.status == "SHUTOFF" => {
            "somebody locked it: unlock it, then start it"
        }
        "SHELVED" | "SHELVED_OFFLOADED" => "unshelve it",
        "SUSPENDED" => "resume it",
        "PAUSED" => "unpause it",
        "RESCUE" => "somebody is repairing it: unrescue it when that is done",
        "VERIFY_RESIZE" if server.power != Some(1) => "confirm or revert its resize",
        "RESIZE" | "REVERT_RESIZE" => "a resize is under way: wait for it",
        "SOFT_DELETED" => "it was deleted: restore it before it is gone",
        "DELETED" => "it was deleted",
        "ERROR" => "look at its fault; an administrator may reset its state",
        _ => return None,
    })
}

/// Nova writes some times with a zone and some without; all are UTC.
fn time(text: &str) -> Option<Timestamp> {
    text.parse()
        .ok()
        .or_else(|| format!("{text}Z").parse().ok())
}

#[cfg(test)]
mod tests;
