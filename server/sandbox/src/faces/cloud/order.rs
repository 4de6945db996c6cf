//! What may be asked of a server, and in which state it may be asked.

use super::CloudError;
use super::server::state;
use crate::machine::Machine;
use serde_json::{Map, Value};

/// What may be asked of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `os-start`.
    Start,
    /// `os-stop`.
    Stop,
    /// `reboot`, `SOFT`.
    SoftReboot,
    /// `reboot`, `HARD`.
    HardReboot,
    /// `os-getConsoleOutput`.
    Console {
        /// How many of the last lines; `None` is all.
        lines: Option<usize>,
    },
}

/// Reads the body of an action.
pub fn read(asked: &Map<String, Value>) -> Result<Order, CloudError> {
    let Some((name, detail)) = asked.iter().next() else {
        return Err(CloudError::new(
            400,
            "badRequest",
            "There is no such action: None",
        ));
    };
    match (name.as_str(), detail["type"].as_str()) {
        ("os-start", _) => Ok(Order::Start),
        ("os-stop", _) => Ok(Order::Stop),
        ("reboot", Some("SOFT")) => Ok(Order::SoftReboot),
        ("reboot", Some("HARD")) => Ok(Order::HardReboot),
        ("reboot", _) => Err(CloudError::new(
            400,
            "badRequest",
            "Invalid input for field/attribute type: SOFT or HARD expected",
        )),
        ("os-getConsoleOutput", _) => Ok(Order::Console {
            lines: detail["length"]
                .as_u64()
                .and_then(|lines| usize::try_from(lines).ok()),
        }),
        (other, _) => Err(CloudError::new(
            400,
            "badRequest",
            format!("There is no such action: {other}"),
        )),
    }
}

/// Refuses what makes no sense in the present state.
pub fn allow(machine: &Machine, order: Order, verb: &str) -> Result<(), CloudError> {
    let state = state(&machine.power);
    let fits = match order {
        Order::Start => state.vm == "stopped",
        Order::Stop => ["active", "error"].contains(&state.vm),
        Order::SoftReboot => state.vm == "active",
        Order::HardReboot | Order::Console { .. } => true,
    };
    let obstacle = match state.task {
        Some(task) => format!("task_state {task}"),
        None if !fits => format!("vm_state {}", state.vm),
        None => return Ok(()),
    };
    let message = format!(
        "Cannot '{verb}' instance {} while it is in {obstacle}",
        machine.id
    );
    Err(CloudError::new(409, "conflictingRequest", message))
}
