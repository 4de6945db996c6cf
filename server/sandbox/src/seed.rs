//! How the world is made: the twelve nodes of `prod`, and as many more as asked for.

mod generated;

use crate::clock::secs;
use crate::config::WorldSize;
use crate::machine::{Machine, Role};
use crate::objects;
use crate::realm::Realm;
use crate::store::Kind;
use crate::tick;
use jiff::Timestamp;
use serde_json::json;

const DAY: i64 = 86_400;

/// Node, address, physical host and zone of every machine of `prod`; host-2 carries four workers.
const MACHINES: [(&str, &str, &str, &str); 12] = [
    ("node-1", "10.0.0.1", "host-1", "zone-a"),
    ("node-2", "10.0.0.2", "host-3", "zone-c"),
    ("node-3", "10.0.0.3", "host-4", "zone-a"),
    ("node-11", "10.0.0.11", "host-1", "zone-a"),
    ("node-12", "10.0.0.12", "host-2", "zone-b"),
    ("node-13", "10.0.0.13", "host-3", "zone-c"),
    ("node-14", "10.0.0.14", "host-1", "zone-a"),
    ("node-15", "10.0.0.15", "host-2", "zone-b"),
    ("node-16", "10.0.0.16", "host-2", "zone-b"),
    ("node-17", "10.0.0.17", "host-3", "zone-c"),
    ("node-18", "10.0.0.18", "host-2", "zone-b"),
    ("node-19", "10.0.0.19", "host-4", "zone-a"),
];

/// A world in which everything has been as it is for days.
pub fn world(size: WorldSize, now: Timestamp) -> Realm {
    let mut realm = Realm::new(now);
    let made = now - secs(30 * DAY);
    let launched = now - secs(12 * DAY);
    for namespace in ["default", "kube-system", "kube-public", "kube-node-lease"] {
        realm
            .store
            .put(Kind::Namespace, objects::namespace(namespace, made));
    }
    for (name, ip, host, zone) in MACHINES {
        let role = if name.len() == "node-1".len() {
            Role::ControlPlane
        } else {
            Role::Worker
        };
        add_machine(
            &mut realm,
            Machine::new(name, ip, (host, zone), role, launched),
            made,
        );
    }
    for (name, image) in [
        ("cni", "cni:1.18.2"),
        ("kube-proxy", "kube-proxy:v1.36.1"),
        ("csi", "csi-node:2.14.0"),
    ] {
        realm
            .store
            .put(Kind::DaemonSet, objects::daemon_set(name, image, made));
    }
    workloads(&mut realm, made);
    settle(&mut realm, launched);
    break_report(&mut realm, now - secs(3 * DAY));
    if let WorldSize::Generated { nodes, pods } = size {
        generated::add(&mut realm, nodes, pods, (made, launched));
    }
    settle(&mut realm, now - secs(3 * DAY));
    tick::step(&mut realm, now);
    realm.store.compact();
    realm
}

/// Puts a machine, its Node, Lease and CSINode into the world.
fn add_machine(realm: &mut Realm, machine: Machine, made: Timestamp) {
    let node = realm.store.put(Kind::Node, objects::node(&machine, made));
    realm
        .store
        .put(Kind::Lease, objects::lease(&machine, &node, made));
    realm
        .store
        .put(Kind::CsiNode, objects::csi_node(&machine, made));
    realm.machines.insert(machine.name.clone(), machine);
}

fn workloads(realm: &mut Realm, made: Timestamp) {
    let web = realm.store.put(
        Kind::Deployment,
        objects::deployment(("default", "web"), 6, "web:3.2.0", made),
    );
    realm
        .store
        .put(Kind::ReplicaSet, objects::replica_set(&web, made));
    realm.store.put(
        Kind::PodDisruptionBudget,
        objects::budget(("default", "web"), 4, made),
    );
    let mysql = objects::stateful_set(("default", "mysql"), "node-12", "mysql:8.4", made);
    realm.store.put(Kind::StatefulSet, mysql);
    realm.store.put(
        Kind::PersistentVolume,
        objects::local_volume(
            "local-node-12-0",
            "node-12",
            ("default", "data-mysql-0"),
            made,
        ),
    );
    realm.store.put(
        Kind::PersistentVolumeClaim,
        objects::claim("default", "data-mysql-0", "local-node-12-0", made),
    );
}

/// A Deployment whose container has crashed ever since it was rolled out.
fn break_report(realm: &mut Realm, since: Timestamp) {
    let mut report = objects::deployment(("default", "report"), 1, "report:0.9.0", since);
    report["spec"]["template"]["metadata"]["annotations"] =
        json!({ tick::BROKEN: "CrashLoopBackOff" });
    let report = realm.store.put(Kind::Deployment, report);
    realm
        .store
        .put(Kind::ReplicaSet, objects::replica_set(&report, since));
}

/// Lets the controllers work until nothing is left to do, in a time long past.
fn settle(realm: &mut Realm, from: Timestamp) {
    for second in 0..12 {
        tick::step(realm, from + secs(second));
    }
}

#[cfg(test)]
mod tests;
