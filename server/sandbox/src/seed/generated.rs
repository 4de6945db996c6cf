//! A large cluster for measuring: workers and Deployments of ten pods each.

use super::add_machine;
use crate::machine::{Machine, Role};
use crate::objects::{self, Owner};
use crate::realm::Realm;
use crate::store::Kind;
use crate::tick;
use jiff::Timestamp;

const PER_DEPLOYMENT: u32 = 10;
const PER_HOST: u32 = 8;

/// Adds so many workers and so many pods, the pods dealt out evenly.
pub fn add(realm: &mut Realm, nodes: u32, pods: u32, (made, launched): (Timestamp, Timestamp)) {
    let mut names = Vec::new();
    for number in 0..nodes {
        let name = format!("worker-{number:04}");
        let ip = format!(
            "10.{}.{}.{}",
            1 + number / 62_500,
            number / 250 % 250,
            1 + number % 250
        );
        let host = format!("rack-{:03}", number / PER_HOST);
        let zone = ["zone-a", "zone-b", "zone-c"][(number / PER_HOST % 3) as usize];
        add_machine(
            realm,
            Machine::new(&name, &ip, (&host, zone), Role::Worker, launched),
            made,
        );
        names.push(name);
    }
    if names.is_empty() {
        return;
    }
    realm
        .store
        .put(Kind::Namespace, objects::namespace("load", made));
    let mut places = names.iter().cycle();
    for number in 0..pods.div_ceil(PER_DEPLOYMENT) {
        let replicas = PER_DEPLOYMENT.min(pods - number * PER_DEPLOYMENT);
        let name = format!("app-{number:05}");
        let deployment = realm.store.put(
            Kind::Deployment,
            objects::deployment(("load", &name), replicas, "app:1.0.0", made),
        );
        let set = realm
            .store
            .put(Kind::ReplicaSet, objects::replica_set(&deployment, made));
        for (replica, node) in (0..replicas).zip(&mut places) {
            let name = format!(
                "{}-{replica:05}",
                set["metadata"]["name"].as_str().unwrap_or(&name)
            );
            let owner = Owner {
                kind: Kind::ReplicaSet,
                object: &set,
            };
            tick::create_pod(realm, &owner, &name, Some(node), launched);
        }
    }
}
