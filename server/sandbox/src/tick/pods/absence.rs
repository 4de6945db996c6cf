//! Pods whose node fell silent, and what they do when it returns.

use super::containers::stop_containers;
use crate::clock::secs;
use crate::field::{Condition, set_condition, text};
use crate::realm::Realm;
use crate::store::Kind;
use crate::tick::kubelet::Return;
use jiff::Timestamp;

/// The node controller calls the pods of a silent node unready.
pub fn call_unready(realm: &mut Realm, node: &str, now: Timestamp) {
    for key in realm.store.pods_on(node) {
        realm.store.update(Kind::Pod, &key, |pod| {
            set_condition(
                pod,
                &Condition {
                    kind: "Ready",
                    status: "False",
                    reason: "",
                    message: "",
                },
                now,
            );
        });
    }
}

/// A kubelet is back: its pods start anew, or are only looked at again.
pub fn begin_anew(realm: &mut Realm, node: &str, how: Return, now: Timestamp) {
    for key in realm.store.pods_on(node) {
        let Some(pod) = realm.store.get(Kind::Pod, &key) else {
            continue;
        };
        let over = ["Succeeded", "Failed"].contains(&text(pod, "/status/phase"));
        if over || pod["metadata"]["deletionTimestamp"].is_string() {
            continue;
        }
        let wait = match how {
            Return::Resumed => secs(1),
            Return::Rebooted if key.namespace == "kube-system" => secs(2),
            Return::Rebooted => secs(4),
        };
        if how == Return::Rebooted {
            realm
                .store
                .update(Kind::Pod, &key, |pod| stop_containers(pod, now));
        }
        realm.work.starting.insert(key, now + wait);
    }
}
