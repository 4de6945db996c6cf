//! The hand that breaks and mends the world: `/sandbox/*`.

use crate::clock::millis;
use crate::faults::Faults;
use crate::machine::{Machine, Role};
use crate::realm::{Realm, Shared, lock};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// The routes; they may be merged into another router.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/sandbox/clusters/{cluster}/nodes/{node}/{act}", post(act))
        .route("/sandbox/faults", get(show_faults).put(put_faults))
        .route("/sandbox/ledger", get(ledger))
        .route("/sandbox/compact", post(compact))
        .route("/sandbox/world", get(world))
        .with_state(shared)
}

/// What may be done to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Act {
    PowerOff,
    Hang,
    HostDown,
    Heal,
}

/// What becomes of the physical host when all its machines go off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum HostMode {
    /// It is down as well: starts are accepted and fail.
    #[default]
    Host,
    /// It is fine: starts succeed.
    Vms,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ActQuery {
    mode: HostMode,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LedgerQuery {
    all: String,
}

async fn act(
    State(shared): State<Arc<Shared>>,
    Path((cluster, node, act)): Path<(String, String, Act)>,
    Query(query): Query<ActQuery>,
) -> Response {
    let touched = shared.with(|realm, now| {
        if cluster != "prod" || !realm.machines.contains_key(&node) {
            return None;
        }
        Some(apply(realm, &node, act, query.mode, now))
    });
    match touched {
        Some(nodes) => Json(json!({"cluster": cluster, "nodes": nodes})).into_response(),
        None => problem(
            StatusCode::NOT_FOUND,
            &format!("there is no node {node:?} in cluster {cluster:?}"),
        ),
    }
}

/// Does it and answers the nodes it was done to.
fn apply(realm: &mut Realm, node: &str, act: Act, mode: HostMode, now: Timestamp) -> Vec<String> {
    let host = realm.machines[node].host.clone();
    let mut touched = Vec::new();
    let mut each = |machine: &mut Machine, change: fn(&mut Machine, Timestamp)| {
        change(machine, now);
        touched.push(machine.name.clone());
    };
    match act {
        Act::HostDown => {
            if mode == HostMode::Host {
                realm.hosts_down.insert(host.clone());
            }
            for machine in realm
                .machines
                .values_mut()
                .filter(|one| one.host == host && one.role == Role::Worker)
            {
                each(machine, Machine::power_off);
            }
        }
        Act::PowerOff | Act::Hang | Act::Heal => {
            if act == Act::Heal {
                realm.hosts_down.remove(&host);
            }
            let change = match act {
                Act::PowerOff | Act::HostDown => Machine::power_off,
                Act::Hang => Machine::hang,
                Act::Heal => Machine::heal,
            };
            if let Some(machine) = realm.machines.get_mut(node) {
                each(machine, change);
            }
        }
    }
    touched
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
