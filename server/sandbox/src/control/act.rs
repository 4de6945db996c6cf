//! Breaking and mending nodes.

use super::problem;
use crate::machine::{Machine, Role};
use crate::realm::{Realm, Shared, lock};
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

/// What may be said besides.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ActQuery {
    /// For `host-down`.
    pub mode: HostMode,
}

/// `POST /sandbox/clusters/{c}/nodes/{n}/{act}`.
pub async fn act(
    State(shared): State<Arc<Shared>>,
    Path((cluster, node, act)): Path<(String, String, Act)>,
    Query(query): Query<ActQuery>,
) -> Response {
    let beside = lock(&shared.beside).clone();
    let mut worlds = std::iter::once(shared).chain(beside);
    let called = |one: &Arc<Shared>| one.with(|realm, _| realm.cluster == cluster);
    let world = worlds.find(called);
    let touched = world.and_then(|world| {
        world.with(|realm, now| {
            let host = realm.machines.get(&node)?.host.clone();
            let nodes = match act {
                Act::HostDown => names(realm, |one| one.host == host && one.role == Role::Worker),
                Act::PowerOff | Act::Hang | Act::Heal => vec![node.clone()],
            };
            Some(apply(realm, nodes, act, query.mode, now))
        })
    });
    match touched {
        Some(nodes) => Json(json!({"cluster": cluster, "nodes": nodes})).into_response(),
        None => problem(
            StatusCode::NOT_FOUND,
            &format!("there is no node {node:?} in cluster {cluster:?}"),
        ),
    }
}

/// The machines that are meant.
pub fn names(realm: &Realm, wanted: impl Fn(&Machine) -> bool) -> Vec<String> {
    realm
        .machines
        .values()
        .filter(|one| wanted(one))
        .map(|one| one.name.clone())
        .collect()
}

/// Does it and answers the nodes it was done to.
pub fn apply(
    realm: &mut Realm,
    nodes: Vec<String>,
    act: Act,
    mode: HostMode,
    now: Timestamp,
) -> Vec<String> {
    for node in &nodes {
        let Some(machine) = realm.machines.get_mut(node) else {
            continue;
        };
        match act {
            Act::PowerOff => machine.power_off(now),
            Act::Hang => machine.hang(now),
            Act::HostDown => {
                if mode == HostMode::Host {
                    realm.hosts_down.insert(machine.host.clone());
                }
                machine.lose_host(now);
            }
            Act::Heal => {
                realm.hosts_down.remove(&machine.host);
                machine.heal(now);
            }
        }
    }
    nodes
}
