//! Breaking and mending nodes.

use super::problem;
use crate::machine::{Machine, Role};
use crate::realm::{Realm, Shared};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// What may be done to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    PowerOff,
    Hang,
    HostDown,
    Heal,
}

/// What becomes of the physical host when all its machines go off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HostMode {
    /// It is down as well: starts are accepted and fail.
    #[default]
    Host,
    /// It is fine: starts succeed.
    Vms,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ActQuery {
    mode: HostMode,
}

/// `POST /sandbox/clusters/{c}/nodes/{n}/{act}`.
pub async fn act(
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
