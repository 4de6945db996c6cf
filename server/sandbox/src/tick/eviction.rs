//! The taint manager: pods leave a node that has been unreachable for as long as they tolerate it.

use super::pods::dismiss;
use crate::clock::secs;
use crate::field::{Condition, list, set_condition};
use crate::objects::About;
use crate::realm::Realm;
use crate::store::{Key, Kind};
use jiff::Timestamp;
use serde_json::Value;

/// Asks pods to leave; those on a silent node stay listed until its kubelet comes back.
pub fn run(realm: &mut Realm, now: Timestamp) {
    let overdue: Vec<(String, Timestamp)> = realm
        .machines
        .values()
        .filter(|machine| !machine.evicted)
        .filter_map(|machine| Some((machine.name.clone(), machine.not_ready_since?)))
        .collect();
    for (node, since) in overdue {
        let mut left = 0_usize;
        for key in realm.store.pods_on(&node) {
            let Some(pod) = realm.store.get(Kind::Pod, &key) else {
                continue;
            };
            let Some(tolerated) = tolerated(pod) else {
                continue;
            };
            if pod["metadata"]["deletionTimestamp"].is_string() {
                continue;
            }
            if since + secs(tolerated) <= now {
                evict(realm, &key, now);
            } else {
                left += 1;
            }
        }
        if left == 0
            && let Some(machine) = realm.machines.get_mut(&node)
        {
            machine.evicted = true;
        }
    }
}

fn evict(realm: &mut Realm, key: &Key, now: Timestamp) {
    realm.store.update(Kind::Pod, key, |pod| {
        let message = "Taint manager: deleting due to NoExecute taint";
        let wanted = Condition {
            kind: "DisruptionTarget",
            status: "True",
            reason: "DeletionByTaintManager",
            message,
        };
        set_condition(pod, &wanted, now);
        dismiss(pod, None, now);
    });
    let Some(pod) = realm.store.get(Kind::Pod, key).map(|pod| Value::clone(pod)) else {
        return;
    };
    let message = format!("Marking for deletion Pod {}/{}", key.namespace, key.name);
    let about = About {
        level: "Normal",
        reason: "TaintManagerEviction",
        message: &message,
        from: "taint-eviction-controller",
    };
    realm.tell(Kind::Pod, &pod, &about, now);
}

/// For how many seconds a pod tolerates an unreachable node; `None` is for ever.
fn tolerated(pod: &Value) -> Option<i64> {
    let mut shortest = None;
    for toleration in list(pod, "/spec/tolerations") {
        let key = toleration["key"].as_str().unwrap_or("");
        let effect = toleration["effect"].as_str().unwrap_or("");
        if !["", "node.kubernetes.io/unreachable"].contains(&key)
            || !["", "NoExecute"].contains(&effect)
        {
            continue;
        }
        let seconds = toleration["tolerationSeconds"].as_i64()?;
        shortest = Some(shortest.map_or(seconds, |present: i64| present.min(seconds)));
    }
    Some(shortest.unwrap_or(0))
}
