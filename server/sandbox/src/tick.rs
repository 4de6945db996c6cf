//! One step of the world: machines, kubelets and controllers do what is due.

mod eviction;
mod kubelet;
mod nodes;
mod pods;
mod scheduler;
mod work;
mod workloads;

pub use pods::{BROKEN, dismiss};
pub use work::Work;

use crate::monitor;
use crate::objects::{Owner, pod};
use crate::realm::Realm;
use crate::store::{Key, Kind};
use jiff::Timestamp;
use work::Due;

/// Lets everything happen that is due at `now`.
pub fn step(realm: &mut Realm, now: Timestamp) {
    kubelet::run(realm, now);
    nodes::watch(realm, now);
    sort(realm, now);
    nodes::taint(realm, now);
    eviction::run(realm, now);
    pods::run(realm, now);
    pods::end(realm, now);
    workloads::run(realm, now);
    scheduler::run(realm, now);
    monitor::watch(realm, now);
}

/// Puts what was written since the last step on the desks it concerns.
fn sort(realm: &mut Realm, now: Timestamp) {
    for (kind, object) in realm.store.take_touched() {
        let key = Key::of(&object);
        match kind {
            Kind::Node => {
                realm.work.nodes.insert(key.name.clone());
                realm.work.schedule = Due::Wanted;
            }
            Kind::Pod => pods::sort(realm, &key, now),
            Kind::Deployment
            | Kind::StatefulSet
            | Kind::DaemonSet
            | Kind::ReplicaSet
            | Kind::Job => {
                realm.work.owners.insert((kind, key.clone()));
            }
            Kind::PodDisruptionBudget => realm.work.budgets = Due::Wanted,
            Kind::Namespace
            | Kind::Event
            | Kind::PersistentVolume
            | Kind::PersistentVolumeClaim
            | Kind::ConfigMap
            | Kind::CsiNode
            | Kind::VolumeAttachment
            | Kind::Definition
            | Kind::Custom(_)
            | Kind::Lease => {}
        }
        if let Some(owner) = workloads::owner_of(&object, &key.namespace) {
            realm.work.owners.insert(owner);
        }
    }
}

/// Makes a pod of a controller; the scheduler or the kubelet take it from there.
pub fn create_pod(
    realm: &mut Realm,
    owner: &Owner<'_>,
    name: &str,
    node: Option<&str>,
    now: Timestamp,
) {
    let serial = realm.next_serial();
    let mut pod = pod(owner, name, serial, now);
    if let Some(node) = node {
        pods::bind(
            &mut pod,
            node,
            realm.machines.get(node).map_or("", |machine| &machine.ip),
            now,
        );
    }
    realm.store.put(Kind::Pod, pod);
}
