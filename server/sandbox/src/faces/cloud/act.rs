//! Nova's acting half: start, stop, restart, and the console.

use super::console::console;
use super::order::{Order, allow, read};
use super::{CloudError, READER, caller};
use crate::faces::meddle::NoRoom;
use crate::field::fresh_uuid;
use crate::ledger::{Entry, Face};
use crate::machine::{CloudAct, Fate};
use crate::realm::{Realm, Shared};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// `POST /v2.1/servers/{id}/action`.
pub async fn act(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    room: Option<Extension<NoRoom>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, CloudError> {
    let who = caller(&shared, &headers)?.user;
    let asked: Map<String, Value> = serde_json::from_slice(&body).map_err(|error| {
        CloudError::new(
            400,
            "badRequest",
            format!("Malformed request body: {error}"),
        )
    })?;
    let order = read(&asked);
    let request = format!("req-{}", fresh_uuid());
    let outcome = shared.with(|realm, now| {
        let node = realm.server(&id).map(|machine| machine.name.clone());
        let outcome = match order {
            Ok(order) => carry_out(realm, &id, order, (&who, &request), room.is_some(), now),
            Err(error) => Err(error),
        };
        if !matches!(outcome, Ok(Answer::Console(_))) {
            let status = outcome.as_ref().map_or_else(CloudError::code, |_| 202);
            let verb = asked.keys().next().cloned().unwrap_or_default();
            let path = format!("/v2.1/servers/{id}/action");
            let entry = Entry {
                face: Face::Cloud,
                verb,
                path,
                node,
                status,
                user: who.clone(),
                body: Value::Object(asked),
            };
            realm.ledger.record(now, entry);
        }
        outcome
    })?;
    let stamp = [("x-openstack-request-id", request)];
    Ok(match outcome {
        Answer::Accepted => (StatusCode::ACCEPTED, stamp).into_response(),
        Answer::Console(output) => (stamp, Json(json!({ "output": output }))).into_response(),
    })
}

/// What a server answers.
enum Answer {
    Accepted,
    Console(String),
}

fn carry_out(
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
