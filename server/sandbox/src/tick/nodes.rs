//! The node controller: calls silent nodes not ready and keeps the taints that follow from a node's state.

use super::{kubelet, pods};
use crate::clock::{seconds, secs};
use crate::field::{Condition, list, set_condition};
use crate::objects::{About, CONDITIONS};
use crate::realm::Realm;
use crate::store::{Key, Kind};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

const GRACE: SignedDuration = secs(40);
const UNREACHABLE: &str = "node.kubernetes.io/unreachable";
const UNSCHEDULABLE: &str = "node.kubernetes.io/unschedulable";

/// Calls nodes not ready after forty seconds of silence, and ready when they speak again.
pub fn watch(realm: &mut Realm, now: Timestamp) {
    let mut lost = Vec::new();
    let mut found = Vec::new();
    for machine in realm.machines.values_mut() {
        match (machine.silent_since, machine.not_ready_since) {
            (Some(since), None) if since + GRACE <= now => {
                machine.not_ready_since = Some(now);
                lost.push(machine.name.clone());
            }
            (None, Some(_)) => {
                machine.not_ready_since = None;
                machine.ready_since = now;
                machine.evicted = false;
                found.push(machine.name.clone());
            }
            (Some(_) | None, Some(_) | None) => {}
        }
    }
    for name in lost {
        lose(realm, &name, now);
    }
    for name in found {
        realm
            .store
            .update(Kind::Node, &Key::cluster(&name), |node| {
                retain_taints(node, |taint| taint["key"] != UNREACHABLE);
            });
    }
}

/// Adds or removes the `unschedulable` taint of nodes that were just written, and lets their kubelets speak of it.
pub fn taint(realm: &mut Realm, now: Timestamp) {
    for name in std::mem::take(&mut realm.work.nodes) {
        realm.store.update(Kind::Node, &Key::cluster(&name), |node| {
            let cordoned = node["spec"]["unschedulable"] == true;
            let tainted = list(node, "/spec/taints").iter().any(|taint| taint["key"] == UNSCHEDULABLE);
            if cordoned && !tainted {
                add_taints(node, &[json!({"key": UNSCHEDULABLE, "effect": "NoSchedule", "timeAdded": seconds(now)})]);
            } else if !cordoned && tainted {
                retain_taints(node, |taint| taint["key"] != UNSCHEDULABLE);
            }
        });
        kubelet::tell_cordon(realm, &name, now);
    }
}

fn lose(realm: &mut Realm, name: &str, now: Timestamp) {
    let key = Key::cluster(name);
    realm.store.update(Kind::Node, &key, |node| {
        let message = "Kubelet stopped posting node status.";
        for (kind, ..) in CONDITIONS {
            set_condition(
                node,
                &Condition {
                    kind,
                    status: "Unknown",
                    reason: "NodeStatusUnknown",
                    message,
                },
                now,
            );
        }
        let since = seconds(now);
        add_taints(
            node,
            &[
                json!({"key": UNREACHABLE, "effect": "NoSchedule", "timeAdded": since}),
                json!({"key": UNREACHABLE, "effect": "NoExecute", "timeAdded": since}),
            ],
        );
    });
    let Some(node) = realm
        .store
        .get(Kind::Node, &key)
        .map(|node| Value::clone(node))
    else {
        return;
    };
    let message = format!("Node {name} status is now: NodeNotReady");
    let about = About {
        level: "Normal",
        reason: "NodeNotReady",
        message: &message,
        from: "node-controller",
    };
    realm.tell(Kind::Node, &node, &about, now);
    pods::call_unready(realm, name, now);
}

fn add_taints(node: &mut Value, taints: &[Value]) {
    if !node["spec"]["taints"].is_array() {
        node["spec"]["taints"] = json!([]);
    }
    if let Some(present) = node["spec"]["taints"].as_array_mut() {
        present.extend_from_slice(taints);
    }
}

fn retain_taints(node: &mut Value, keep: impl Fn(&Value) -> bool) {
    let Some(taints) = node
        .pointer_mut("/spec/taints")
        .and_then(Value::as_array_mut)
    else {
        return;
    };
    taints.retain(keep);
    if taints.is_empty()
        && let Some(spec) = node["spec"].as_object_mut()
    {
        spec.remove("taints");
    }
}
