//! The life of a pod on its node: bound, started, broken, restarted, dismissed, gone.

mod absence;
mod containers;
mod ending;

pub use absence::{begin_anew, call_unready};
pub use containers::BROKEN;

use super::Due;
use crate::clock::{seconds, secs};
use crate::field::{Condition, number, set_condition, text};
use crate::machine::Machine;
use crate::realm::Realm;
use crate::store::{Key, Kind};
use containers::{run_containers, unready};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Looks at a pod that was just written and notes what is to become of it.
pub fn sort(realm: &mut Realm, key: &Key, now: Timestamp) {
    let work = &mut realm.work;
    work.budgets = Due::Wanted;
    work.waiting.remove(key);
    let Some(pod) = realm.store.get(Kind::Pod, key) else {
        work.starting.remove(key);
        work.leaving.remove(key);
        return;
    };
    let node = text(pod, "/spec/nodeName");
    if pod["metadata"]["deletionTimestamp"].is_string() {
        work.starting.remove(key);
        work.ending.remove(key);
        work.leaving.entry(key.clone()).or_insert(now + secs(1));
    } else if node.is_empty() {
        work.waiting.insert(key.clone());
        work.schedule = Due::Wanted;
    } else if text(pod, "/status/phase") == "Pending" && !work.starting.contains_key(key) {
        work.starting.insert(key.clone(), now + secs(2));
    }
}

/// Starts and removes the pods that are due, on nodes that can do so.
pub fn run(realm: &mut Realm, now: Timestamp) {
    let Realm {
        store,
        machines,
        work,
        ..
    } = realm;
    let machine = |key: &Key| {
        let pod = store.get(Kind::Pod, key)?;
        machines.get(text(pod, "/spec/nodeName"))
    };
    let starts = work
        .starting
        .iter()
        .filter(|(key, at)| **at <= now && machine(key).is_some_and(Machine::speaks));
    let leaves = work
        .leaving
        .iter()
        .filter(|(key, at)| **at <= now && machine(key).is_none_or(Machine::speaks));
    let starts = starts.map(|(key, _)| (key.clone(), Due::Wanted));
    let leaves = leaves.map(|(key, _)| (key.clone(), Due::Idle));
    let due: Vec<(Key, Due)> = starts.chain(leaves).collect();
    for (key, what) in due {
        match what {
            Due::Wanted => {
                realm.work.starting.remove(&key);
                realm
                    .store
                    .update(Kind::Pod, &key, |pod| run_containers(pod, now));
                ending::note(realm, &key, now);
            }
            Due::Idle => {
                realm.work.leaving.remove(&key);
                realm.store.remove(Kind::Pod, &key);
            }
        }
    }
}

/// Ends the pods of Jobs that are done.
pub fn end(realm: &mut Realm, now: Timestamp) {
    ending::run(realm, now);
}

/// Binds a pending pod to a node.
pub fn bind(pod: &mut Value, node: &str, host_ip: &str, now: Timestamp) {
    pod["spec"]["nodeName"] = json!(node);
    pod["status"]["hostIP"] = json!(host_ip);
    pod["status"]["startTime"] = json!(seconds(now));
    set_condition(
        pod,
        &Condition {
            kind: "PodScheduled",
            status: "True",
            reason: "",
            message: "",
        },
        now,
    );
    set_condition(
        pod,
        &Condition {
            kind: "Initialized",
            status: "True",
            reason: "",
            message: "",
        },
        now,
    );
    unready(pod, now);
}

/// Marks a pod as leaving; `grace` overrides the pod's own grace period.
pub fn dismiss(pod: &mut Value, grace: Option<i64>, now: Timestamp) {
    if pod["metadata"]["deletionTimestamp"].is_string() {
        return;
    }
    let grace = grace.unwrap_or_else(
        || match number(pod, "/spec/terminationGracePeriodSeconds") {
            0 => 30,
            seconds => seconds,
        },
    );
    pod["metadata"]["deletionTimestamp"] = json!(seconds(now + secs(grace)));
    pod["metadata"]["deletionGracePeriodSeconds"] = json!(grace);
}
