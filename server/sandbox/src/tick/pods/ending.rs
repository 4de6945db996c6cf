//! Pods of Jobs: they work for a while and end, well or badly.

use super::containers::end_containers;
use crate::clock::secs;
use crate::field::text;
use crate::machine::Machine;
use crate::realm::Realm;
use crate::store::{Key, Kind};
use crate::tick::workloads::owner_of;
use jiff::Timestamp;

/// An annotation of a Job's template: its pod ends with this exit code.
pub const FAILS: &str = "sandbox.uncordon.dev/exit-code";
/// An annotation of a Job's template: its pod works for so many seconds.
pub const TAKES: &str = "sandbox.uncordon.dev/takes-s";
/// How long it works otherwise, in seconds.
const USUAL_S: i64 = 3;

/// A pod began to run: if a Job made it, it will end.
pub fn note(realm: &mut Realm, key: &Key, now: Timestamp) {
    let Some(pod) = realm.store.get(Kind::Pod, key) else {
        return;
    };
    if owner_of(pod, &key.namespace).is_some_and(|(kind, _)| kind == Kind::Job) {
        let takes = pod["metadata"]["annotations"][TAKES].as_str();
        let takes = takes.and_then(|text| text.parse().ok()).unwrap_or(USUAL_S);
        realm.work.ending.insert(key.clone(), now + secs(takes));
    }
}

/// Ends those that are due, on machines that run.
pub fn run(realm: &mut Realm, now: Timestamp) {
    let due: Vec<Key> = realm
        .work
        .ending
        .iter()
        .filter(|(_, at)| **at <= now)
        .map(|(key, _)| key.clone())
        .collect();
    for key in due {
        let runs = realm.store.get(Kind::Pod, &key).is_some_and(|pod| {
            let machine = realm.machines.get(text(pod, "/spec/nodeName"));
            machine.is_some_and(Machine::speaks)
        });
        if runs {
            realm.work.ending.remove(&key);
            realm
                .store
                .update(Kind::Pod, &key, |pod| end_containers(pod, now));
        }
    }
}
