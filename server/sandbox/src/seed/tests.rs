//! The world is born as contract part 9 describes it, and its timers run as it says.

use super::world;
use crate::clock::secs;
use crate::config::WorldSize;
use crate::field::{condition, text};
use crate::machine::Fate;
use crate::realm::Realm;
use crate::store::{KINDS, Key, Kind};
use crate::tick;
use jiff::Timestamp;

const T0: Timestamp = Timestamp::constant(1_800_000_000, 0);

fn run(realm: &mut Realm, from: i64, to: i64) {
    for second in from..=to {
        tick::step(realm, T0 + secs(second));
    }
}

fn ready(realm: &Realm, node: &str) -> String {
    realm
        .store
        .get(Kind::Node, &Key::cluster(node))
        .map_or(String::new(), |node| condition(node, "Ready").to_owned())
}

fn pods(realm: &Realm, app: &str) -> Vec<(String, String, String, bool)> {
    realm
        .store
        .iter(Kind::Pod, "", None)
        .filter(|(_, pod)| pod["metadata"]["labels"]["app"] == app)
        .map(|(key, pod)| {
            let leaving = pod["metadata"]["deletionTimestamp"].is_string();
            (
                key.name.clone(),
                text(pod, "/spec/nodeName").to_owned(),
                condition(pod, "Ready").to_owned(),
                leaving,
            )
        })
        .collect()
}

#[test]
fn prod_is_born_healthy_but_for_the_deployment_that_crashes() {
    let mut realm = world(WorldSize::Prod, T0);
    run(&mut realm, 0, 5);
    assert_eq!(realm.store.iter(Kind::Node, "", None).count(), 12);
    for (name, daemon) in [
        ("cni", 12),
        ("kube-proxy", 12),
        ("csi", 12),
        ("web", 6),
        ("mysql", 1),
    ] {
        let pods = pods(&realm, name);
        assert_eq!(pods.len(), daemon, "{name}");
        assert!(pods.iter().all(|pod| pod.2 == "True"), "{pods:?}");
    }
    assert_eq!(pods(&realm, "mysql")[0].1, "node-12");
    assert!(pods(&realm, "web").iter().any(|pod| pod.1 == "node-12"));
    let report = pods(&realm, "report");
    assert_eq!((report.len(), report[0].2.as_str()), (1, "False"));
    let budget = realm
        .store
        .get(Kind::PodDisruptionBudget, &Key::new("default", "web"))
        .expect("seeded");
    assert_eq!(budget["status"]["disruptionsAllowed"], 2);
}

#[test]
fn nothing_is_written_in_a_quiet_minute_but_leases() {
    let mut realm = world(WorldSize::Prod, T0);
    run(&mut realm, 0, 20);
    let before = realm.store.version();
    run(&mut realm, 21, 81);
    let written = |kind| {
        realm
            .store
            .changes_after(kind, before)
            .expect("remembered")
            .len()
    };
    assert_eq!(written(Kind::Lease), 12 * 6);
    let others = KINDS
        .into_iter()
        .filter(|kind| ![Kind::Lease, Kind::Node].contains(kind));
    assert_eq!(others.map(written).sum::<usize>(), 0);
}

#[test]
fn a_silent_node_is_not_ready_after_forty_seconds_and_back_after_its_boot() {
    let mut realm = world(WorldSize::Prod, T0);
    run(&mut realm, 0, 5);
    let node = |realm: &mut Realm, act: &dyn Fn(&mut crate::machine::Machine)| {
        act(realm.machines.get_mut("node-12").expect("seeded"));
    };
    node(&mut realm, &|machine| machine.power_off(T0 + secs(5)));
    run(&mut realm, 6, 44);
    assert_eq!(ready(&realm, "node-12"), "True");
    run(&mut realm, 45, 46);
    assert_eq!(ready(&realm, "node-12"), "Unknown");
    assert_eq!(pods(&realm, "mysql")[0].2, "False");
    let old = realm.machines["node-12"].boot_id.clone();
    node(&mut realm, &|machine| {
        machine.start(T0 + secs(50), Fate::Boots);
    });
    run(&mut realm, 51, 69);
    assert_eq!(ready(&realm, "node-12"), "Unknown");
    run(&mut realm, 70, 76);
    assert_eq!(ready(&realm, "node-12"), "True");
    assert_eq!(pods(&realm, "mysql")[0].2, "True");
    let stored = realm
        .store
        .get(Kind::Node, &Key::cluster("node-12"))
        .expect("seeded");
    assert_ne!(stored["status"]["nodeInfo"]["bootID"], old.as_str());
    assert!(stored["spec"].get("taints").is_none(), "{stored}");
}

#[test]
fn after_three_hundred_seconds_web_moves_and_mysql_waits_for_its_node() {
    let mut realm = world(WorldSize::Prod, T0);
    run(&mut realm, 0, 5);
    realm
        .machines
        .get_mut("node-12")
        .expect("seeded")
        .power_off(T0 + secs(5));
    run(&mut realm, 6, 352);
    let web = pods(&realm, "web");
    assert_eq!(
        web.iter().filter(|pod| !pod.3 && pod.2 == "True").count(),
        6,
        "{web:?}"
    );
    assert_eq!(
        web.iter().filter(|pod| pod.3 && pod.1 == "node-12").count(),
        1
    );
    assert!(pods(&realm, "mysql")[0].3);
    assert!(pods(&realm, "cni").iter().all(|pod| !pod.3));
    realm
        .store
        .update(Kind::Node, &Key::cluster("node-12"), |node| {
            node["spec"]["unschedulable"] = true.into();
        });
    realm
        .machines
        .get_mut("node-12")
        .expect("seeded")
        .heal(T0 + secs(353));
    run(&mut realm, 353, 362);
    assert_eq!(pods(&realm, "web").len(), 6);
    let mysql = pods(&realm, "mysql");
    assert_eq!((mysql[0].1.as_str(), mysql[0].3), ("", false), "{mysql:?}");
    let pod = realm
        .store
        .get(Kind::Pod, &Key::new("default", "mysql-0"))
        .expect("recreated");
    assert_eq!(condition(pod, "PodScheduled"), "False");
    realm
        .store
        .update(Kind::Node, &Key::cluster("node-12"), |node| {
            node["spec"]["unschedulable"] = false.into();
        });
    run(&mut realm, 363, 370);
    assert_eq!(pods(&realm, "mysql")[0].2, "True");
}

#[test]
fn a_cordon_is_followed_by_its_taint_and_an_uncordon_by_its_end() {
    let mut realm = world(WorldSize::Prod, T0);
    let key = Key::cluster("node-13");
    realm.store.update(Kind::Node, &key, |node| {
        node["spec"]["unschedulable"] = true.into();
    });
    run(&mut realm, 0, 1);
    assert_eq!(
        realm.store.get(Kind::Node, &key).expect("seeded")["spec"]["taints"][0]["key"],
        "node.kubernetes.io/unschedulable"
    );
    realm.store.update(Kind::Node, &key, |node| {
        node["spec"]
            .as_object_mut()
            .expect("an object")
            .remove("unschedulable");
    });
    run(&mut realm, 2, 3);
    assert!(
        realm.store.get(Kind::Node, &key).expect("seeded")["spec"]
            .get("taints")
            .is_none()
    );
}

#[test]
fn a_generated_world_has_the_asked_size_and_settles() {
    let mut realm = world(
        WorldSize::Generated {
            nodes: 50,
            pods: 395,
        },
        T0,
    );
    run(&mut realm, 0, 3);
    assert_eq!(realm.machines.len(), 62);
    assert_eq!(realm.store.iter(Kind::Pod, "load", None).count(), 395);
    assert!(
        realm
            .store
            .iter(Kind::Pod, "load", None)
            .all(|(_, pod)| condition(pod, "Ready") == "True")
    );
}
