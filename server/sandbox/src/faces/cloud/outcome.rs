//! What becomes of an order: refused, accepted, or answered.

use super::console::console;
use super::order::{Order, allow};
use super::{CloudError, READER};
use crate::machine::{CloudAct, Fate};
use crate::realm::Realm;
use jiff::Timestamp;

/// What a server answers.
pub enum Answer {
    /// It will be done.
    Accepted,
    /// Its console log.
    Console(String),
}

/// Does what may be done.
pub fn carry_out(
    realm: &mut Realm,
    id: &str,
    order: Order,
    (who, request): (&str, &str),
    no_room: bool,
    now: Timestamp,
) -> Result<Answer, CloudError> {
    let hosts_down = realm.hosts_down.clone();
    let machine = realm.server(id).ok_or_else(|| CloudError::no_server(id))?;
    let (verb, right) = match order {
        Order::Start => ("start", "servers:start"),
        Order::Stop => ("stop", "servers:stop"),
        Order::SoftReboot | Order::HardReboot => ("reboot", "servers:reboot"),
        Order::Console { .. } => ("console", "os-console-output"),
    };
    if who == READER {
        let message = format!("Policy doesn't allow os_compute_api:{right} to be performed.");
        return Err(CloudError::new(403, "forbidden", message));
    }
    if let Order::Console { lines } = order {
        return Ok(Answer::Console(console(machine, lines, now)));
    }
    allow(machine, order, verb)?;
    let fate = match (no_room, hosts_down.contains(&machine.host)) {
        (true, _) => {
            Fate::Fails("No valid host was found. There are not enough hosts available.".to_owned())
        }
        (false, true) => Fate::Fails(format!(
            "No valid host was found. Compute host {} is down.",
            machine.host
        )),
        (false, false) => Fate::Boots,
    };
    match (order, &fate) {
        (Order::Start, _) | (Order::HardReboot | Order::SoftReboot, Fate::Fails(_)) => {
            machine.start(now, fate);
        }
        (Order::Stop, _) => machine.stop(now),
        (Order::HardReboot | Order::SoftReboot | Order::Console { .. }, _) => machine.reboot(now),
    }
    machine.acts.push(CloudAct {
        action: verb,
        at: now,
        request: request.to_owned(),
        user: who.to_owned(),
    });
    Ok(Answer::Accepted)
}
