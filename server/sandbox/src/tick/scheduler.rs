//! The scheduler: gives every waiting pod a node that may carry it, or says why none may.

mod fit;

use super::pods::bind;
use crate::field::{Condition, condition, set_condition, text};
use crate::objects::About;
use crate::realm::Realm;
use crate::store::{Key, Kind, controller};
use fit::{Unfit, explain, unfit};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Tries all waiting pods once, when something changed that may help them.
pub fn run(realm: &mut Realm, now: Timestamp) {
    if !realm.work.schedule.take() {
        return;
    }
    let nodes: Vec<(String, Arc<Value>)> = realm
        .store
        .iter(Kind::Node, "", None)
        .map(|(key, node)| (key.name.clone(), Arc::clone(node)))
        .collect();
    for key in realm.work.waiting.clone() {
        match choose(realm, &key, &nodes) {
            Some(Ok(node)) => {
                let ip = realm
                    .machines
                    .get(&node)
                    .map_or(String::new(), |machine| machine.ip.clone());
                realm.work.waiting.remove(&key);
                realm
                    .store
                    .update(Kind::Pod, &key, |pod| bind(pod, &node, &ip, now));
                let message = format!(
                    "Successfully assigned {}/{} to {node}",
                    key.namespace, key.name
                );
                tell(
                    realm,
                    &key,
                    &About {
                        level: "Normal",
                        reason: "Scheduled",
                        message: &message,
                        from: "default-scheduler",
                    },
                    now,
                );
            }
            Some(Err(message)) => refuse(realm, &key, &message, now),
            None => {
                realm.work.waiting.remove(&key);
            }
        }
    }
}

fn choose(
    realm: &Realm,
    key: &Key,
    nodes: &[(String, Arc<Value>)],
) -> Option<Result<String, String>> {
    let pod = realm.store.get(Kind::Pod, key)?;
    let mut siblings: BTreeMap<&str, usize> = BTreeMap::new();
    let kin = realm.store.pods_of(controller(pod));
    for sibling in kin
        .iter()
        .filter_map(|sibling| realm.store.get(Kind::Pod, sibling))
    {
        *siblings.entry(text(sibling, "/spec/nodeName")).or_default() += 1;
    }
    let mut reasons: BTreeMap<Unfit, usize> = BTreeMap::new();
    let mut best: Option<(usize, usize, &str)> = None;
    for (name, node) in nodes {
        if let Some(reason) = unfit(pod, node) {
            *reasons.entry(reason).or_default() += 1;
            continue;
        }
        let score = (
            siblings.get(name.as_str()).copied().unwrap_or(0),
            realm.store.pod_count(name) / 8,
            name.as_str(),
        );
        best = Some(best.map_or(score, |present| present.min(score)));
    }
    Some(
        best.map(|(_, _, name)| name.to_owned())
            .ok_or_else(|| explain(nodes.len(), &reasons)),
    )
}

fn refuse(realm: &mut Realm, key: &Key, message: &str, now: Timestamp) {
    let known = realm
        .store
        .get(Kind::Pod, key)
        .is_some_and(|pod| condition(pod, "PodScheduled") == "False");
    realm.store.update(Kind::Pod, key, |pod| {
        set_condition(
            pod,
            &Condition {
                kind: "PodScheduled",
                status: "False",
                reason: "Unschedulable",
                message,
            },
            now,
        );
    });
    if !known {
        tell(
            realm,
            key,
            &About {
                level: "Warning",
                reason: "FailedScheduling",
                message,
                from: "default-scheduler",
            },
            now,
        );
    }
}

fn tell(realm: &mut Realm, key: &Key, about: &About<'_>, now: Timestamp) {
    if let Some(pod) = realm.store.get(Kind::Pod, key).map(Arc::clone) {
        realm.tell(Kind::Pod, &pod, about, now);
    }
}
