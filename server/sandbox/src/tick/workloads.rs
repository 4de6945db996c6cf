//! The workload controllers: keep the number of pods right and the statuses true.

mod budgets;
mod fill;
mod jobs;
mod status;

use crate::field::{list, number, text};
use crate::realm::Realm;
use crate::store::{Key, Kind, controller};
use fill::{fill_nodes, fill_ordinals, replace, share_replicas};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;

/// The controller an object belongs to.
pub fn owner_of(object: &Value, namespace: &str) -> Option<(Kind, Key)> {
    let owner = list(object, "/metadata/ownerReferences")
        .iter()
        .find(|owner| owner["controller"] == true)?;
    let kind = match text(owner, "/kind") {
        "Deployment" => Kind::Deployment,
        "ReplicaSet" => Kind::ReplicaSet,
        "StatefulSet" => Kind::StatefulSet,
        "DaemonSet" => Kind::DaemonSet,
        "Job" => Kind::Job,
        _ => return None,
    };
    Some((kind, Key::new(namespace, text(owner, "/name"))))
}

/// Looks at every controller that has something new below or above it.
pub fn run(realm: &mut Realm, now: Timestamp) {
    for (kind, key) in std::mem::take(&mut realm.work.owners) {
        let Some(owner) = realm.store.get(kind, &key).map(Arc::clone) else {
            continue;
        };
        match kind {
            Kind::Deployment => share_replicas(realm, &owner),
            Kind::ReplicaSet => replace(realm, &owner, now),
            Kind::StatefulSet => fill_ordinals(realm, &owner, now),
            Kind::DaemonSet => fill_nodes(realm, &owner, now),
            Kind::Job => {
                jobs::run(realm, &owner, now);
                continue;
            }
            Kind::Node
            | Kind::Namespace
            | Kind::Pod
            | Kind::Event
            | Kind::PersistentVolume
            | Kind::PersistentVolumeClaim
            | Kind::ConfigMap
            | Kind::PodDisruptionBudget
            | Kind::CsiNode
            | Kind::VolumeAttachment
            | Kind::Definition
            | Kind::Custom(_)
            | Kind::Lease => {}
        }
        status::write(realm, kind, &key, now);
    }
    jobs::watch_time(realm, now);
    if realm.work.budgets.take() {
        budgets::write(realm, now);
    }
}

/// The ReplicaSets of a Deployment; their names begin with its name.
fn sets_of(realm: &Realm, deployment: &Value) -> Vec<Arc<Value>> {
    let key = Key::of(deployment);
    let uid = text(deployment, "/metadata/uid");
    let behind = realm
        .store
        .iter(Kind::ReplicaSet, &key.namespace, Some(&key));
    behind
        .take_while(|(set, _)| set.name.starts_with(&key.name))
        .filter(|(_, set)| controller(set) == uid)
        .map(|(_, set)| Arc::clone(set))
        .collect()
}

/// Five letters as Kubernetes would draw them, never drawn twice.
fn suffix(serial: u64) -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut rest = serial.wrapping_mul(5_915_587).wrapping_add(7_654_321) % 14_348_907;
    let mut letters = String::new();
    for _ in 0..5 {
        let place = usize::try_from(rest % 27).unwrap_or(0);
        letters.push(char::from(LETTERS[place]));
        rest /= 27;
    }
    letters
}

/// A condition of a workload as the controllers write it.
fn flag(condition: bool) -> &'static str {
    if condition { "True" } else { "False" }
}

/// Copies `metadata.generation` to where a controller says it has seen it.
fn observe(object: &mut Value) {
    object["status"]["observedGeneration"] = json!(number(object, "/metadata/generation").max(1));
}

#[cfg(test)]
mod tests;
