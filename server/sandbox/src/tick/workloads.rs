//! The workload controllers: keep the number of pods right and the statuses true.

mod status;

use super::create_pod;
use super::pods::dismiss;
use crate::field::{list, number, text};
use crate::objects::Owner;
use crate::realm::Realm;
use crate::store::{Key, Kind, controller};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;
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
            | Kind::Lease => {}
        }
        status::write(realm, kind, &key, now);
    }
    if realm.work.budgets.take() {
        status::write_budgets(realm, now);
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

fn share_replicas(realm: &mut Realm, deployment: &Value) {
    let replicas = deployment["spec"]["replicas"].clone();
    for set in sets_of(realm, deployment) {
        realm.store.update(Kind::ReplicaSet, &Key::of(&set), |set| {
            set["spec"]["replicas"] = replicas.clone();
        });
    }
}

fn replace(realm: &mut Realm, set: &Arc<Value>, now: Timestamp) {
    let active: Vec<Key> = realm
        .store
        .pods_of(text(set, "/metadata/uid"))
        .into_iter()
        .filter(|key| {
            realm
                .store
                .get(Kind::Pod, key)
                .is_some_and(|pod| active(pod))
        })
        .collect();
    let wanted = usize::try_from(number(set, "/spec/replicas")).unwrap_or(0);
    for _ in active.len()..wanted {
        let name = format!(
            "{}-{}",
            text(set, "/metadata/name"),
            suffix(realm.next_serial())
        );
        create_pod(
            realm,
            &Owner {
                kind: Kind::ReplicaSet,
                object: set,
            },
            &name,
            None,
            now,
        );
    }
    for key in active.iter().skip(wanted) {
        realm
            .store
            .update(Kind::Pod, key, |pod| dismiss(pod, None, now));
    }
}

fn fill_ordinals(realm: &mut Realm, set: &Arc<Value>, now: Timestamp) {
    let namespace = text(set, "/metadata/namespace");
    for ordinal in 0..number(set, "/spec/replicas") {
        let name = format!("{}-{ordinal}", text(set, "/metadata/name"));
        if realm
            .store
            .get(Kind::Pod, &Key::new(namespace, &name))
            .is_none()
        {
            create_pod(
                realm,
                &Owner {
                    kind: Kind::StatefulSet,
                    object: set,
                },
                &name,
                None,
                now,
            );
        }
    }
}

fn fill_nodes(realm: &mut Realm, set: &Arc<Value>, now: Timestamp) {
    let owned = realm.store.pods_of(text(set, "/metadata/uid"));
    let pods = owned
        .iter()
        .filter_map(|key| realm.store.get(Kind::Pod, key));
    let served: BTreeSet<String> = pods
        .map(|pod| text(pod, "/spec/nodeName").to_owned())
        .collect();
    let bare: Vec<String> = realm
        .store
        .iter(Kind::Node, "", None)
        .map(|(key, _)| key.name.clone())
        .filter(|node| !served.contains(node))
        .collect();
    for node in bare {
        let name = format!(
            "{}-{}",
            text(set, "/metadata/name"),
            suffix(realm.next_serial())
        );
        create_pod(
            realm,
            &Owner {
                kind: Kind::DaemonSet,
                object: set,
            },
            &name,
            Some(&node),
            now,
        );
    }
}

fn active(pod: &Value) -> bool {
    !pod["metadata"]["deletionTimestamp"].is_string()
        && !["Failed", "Succeeded"].contains(&text(pod, "/status/phase"))
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
