//! Making and dismissing pods until a controller has as many as it wants.

use super::{sets_of, suffix};
use crate::field::{number, text};
use crate::objects::Owner;
use crate::realm::Realm;
use crate::store::{Key, Kind};
use crate::tick::create_pod;
use crate::tick::pods::dismiss;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Hands the number of replicas down.
pub fn share_replicas(realm: &mut Realm, deployment: &Value) {
    let replicas = deployment["spec"]["replicas"].clone();
    for set in sets_of(realm, deployment) {
        realm.store.update(Kind::ReplicaSet, &Key::of(&set), |set| {
            set["spec"]["replicas"] = replicas.clone();
        });
    }
}

/// Keeps a ReplicaSet at its number.
pub fn replace(realm: &mut Realm, set: &Arc<Value>, now: Timestamp) {
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

/// Keeps every ordinal of a StatefulSet filled.
pub fn fill_ordinals(realm: &mut Realm, set: &Arc<Value>, now: Timestamp) {
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

/// Keeps a pod of a DaemonSet on every node with a machine.
pub fn fill_nodes(realm: &mut Realm, set: &Arc<Value>, now: Timestamp) {
    let owned = realm.store.pods_of(text(set, "/metadata/uid"));
    let pods = owned
        .iter()
        .filter_map(|key| realm.store.get(Kind::Pod, key));
    let served: BTreeSet<String> = pods
        .map(|pod| text(pod, "/spec/nodeName").to_owned())
        .collect();
    let with_machine = |node: &&Key| realm.machines.contains_key(&node.name);
    let nodes = realm.store.iter(Kind::Node, "", None).map(|(key, _)| key);
    let bare: Vec<String> = nodes
        .filter(with_machine)
        .map(|key| key.name.clone())
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
