//! Nova's acting half: start, stop, restart, and the console.

use super::order::read;
use super::outcome::{Answer, carry_out};
use super::{CloudError, caller};
use crate::faces::meddle::NoRoom;
use crate::field::fresh_uuid;
use crate::ledger::{Entry, Face};
use crate::realm::Shared;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use bytes::Bytes;
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
