//! The hand that breaks and mends the world: `/sandbox/*`.

mod act;
mod zone;

use crate::callers::Guest;
use crate::clock::millis;
use crate::faults::Faults;
use crate::realm::{Shared, lock};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// The routes; they may be merged into another router.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route(
            "/sandbox/clusters/{cluster}/nodes/{node}/{act}",
            post(act::act),
        )
        .route("/sandbox/zones/{zone}/{act}", post(zone::act))
        .route("/sandbox/faults", get(show_faults).put(put_faults))
        .route("/sandbox/callers", get(show_callers).put(put_callers))
        .route("/sandbox/ledger", get(ledger))
        .route("/sandbox/compact", post(compact))
        .route("/sandbox/world", get(world))
        .with_state(shared)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LedgerQuery {
    all: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Put {
    callers: Vec<Guest>,
}

async fn show_faults(State(shared): State<Arc<Shared>>) -> Response {
    let body = json!({ "faults": lock(&shared.faults).faults });
    Json(body).into_response()
}

async fn put_faults(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    match serde_json::from_slice::<Faults>(&body) {
        Ok(put) => {
            lock(&shared.faults).replace(put.faults);
            shared.wake();
            show_faults(State(shared)).await
        }
        Err(error) => problem(
            StatusCode::BAD_REQUEST,
            &format!("the faults cannot be read: {error}"),
        ),
    }
}

async fn show_callers(State(shared): State<Arc<Shared>>) -> Response {
    let body = json!({ "used": lock(&shared.callers).record() });
    Json(body).into_response()
}

async fn put_callers(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    match serde_json::from_slice::<Put>(&body) {
        Ok(put) => {
            lock(&shared.callers).replace(put.callers);
            show_callers(State(shared)).await
        }
        Err(error) => problem(
            StatusCode::BAD_REQUEST,
            &format!("the callers cannot be read: {error}"),
        ),
    }
}

async fn ledger(State(shared): State<Arc<Shared>>, Query(query): Query<LedgerQuery>) -> Response {
    let body: Value = shared.with(|realm, _| {
        realm
            .ledger
            .to_json(!query.all.is_empty() && query.all != "false")
    });
    Json(body).into_response()
}

async fn compact(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.with(|realm, _| realm.store.compact());
    StatusCode::NO_CONTENT
}

async fn world(State(shared): State<Arc<Shared>>) -> Response {
    let body = shared.with(|realm, now| {
        let machines: Vec<Value> = realm
            .machines
            .values()
            .map(|machine| {
                json!({
                    "node": machine.name, "ip": machine.ip, "server": machine.id, "host": machine.host, "zone": machine.zone,
                    "power": format!("{:?}", machine.power), "kubelet": format!("{:?}", machine.kubelet), "boot_id": machine.boot_id,
                })
            })
            .collect();
        json!({"now": millis(now), "machines": machines})
    });
    Json(body).into_response()
}

fn problem(status: StatusCode, detail: &str) -> Response {
    (status, Json(json!({"status": status.as_u16(), "title": status.canonical_reason(), "detail": detail}))).into_response()
}
