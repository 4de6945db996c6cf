//! What is seen of the prod world.

use crate::house::House;
use domain::target::Target;
use domain::world::{ClusterFacts, NodeFacts, Reading, Ready, Sight, WorkloadKind};
use engine::ports::Cluster;
use sandbox::{WorldConfig, WorldSize};

fn node<'a>(facts: &'a ClusterFacts, name: &str) -> &'a NodeFacts {
    facts
        .nodes
        .iter()
        .find(|node| node.name.as_str() == name)
        .unwrap()
}

fn assert_prod(facts: &ClusterFacts) {
    assert_eq!(facts.nodes.len(), 12);
    assert!(
        facts
            .nodes
            .iter()
            .all(|node| node.ready == Ready::True && node.lease_renewed.is_some())
    );
    assert_eq!(
        facts
            .nodes
            .iter()
            .filter(|node| node.control_plane())
            .count(),
        3
    );
    let twelve = node(facts, "node-12");
    assert_eq!(twelve.ip(), Some("10.0.0.12"));
    assert!(twelve.provider_id.is_some() && twelve.zone.is_some() && twelve.host.is_some());
    assert!(
        twelve.allocatable.cpu_milli > 0
            && twelve.allocatable.memory > 0
            && twelve.allocatable.pods > 0
    );
    assert!(
        facts.csi.values().all(|drivers| !drivers.is_empty()),
        "{:?}",
        facts.csi
    );

    let mysql = facts.pods.iter().find(|pod| pod.name == "mysql-0").unwrap();
    assert_eq!(mysql.pinned.as_ref().unwrap().node.as_str(), "node-12");
    assert_eq!(
        mysql.owner,
        Some((WorkloadKind::StatefulSet, "mysql".to_owned()))
    );
    assert!(mysql.ready && mysql.reason.is_none());
    let web: Vec<_> = facts
        .pods
        .iter()
        .filter(|pod| pod.owner == Some((WorkloadKind::Deployment, "web".to_owned())))
        .collect();
    assert_eq!(web.len(), 6);
    let critical = facts
        .pods
        .iter()
        .filter(|pod| pod.critical && pod.node.as_ref() == Some(&twelve.name))
        .count();
    assert!(
        critical >= 3,
        "cni, kube-proxy and csi on every node, not {critical}"
    );
    let web = facts
        .workloads
        .iter()
        .find(|one| one.name == "web")
        .unwrap();
    assert_eq!(
        (web.kind, web.desired, web.ready),
        (WorkloadKind::Deployment, 6, 6)
    );
    assert!(
        facts
            .pods
            .iter()
            .any(|pod| !pod.ready && pod.reason.is_some()),
        "one Deployment is broken for days"
    );
}

#[tokio::test]
async fn the_cache_and_a_fresh_read_see_the_same_prod_world() {
    let house = House::open(1.0).await;
    assert_prod(&house.kube.facts());
    match house.kube.read_all().await {
        Reading::Seen(fresh) => {
            assert_eq!(fresh.sight, Sight::Live);
            assert_prod(&fresh);
            let keys = |facts: &ClusterFacts| {
                facts
                    .pods
                    .iter()
                    .map(|pod| (pod.key(), pod.pinned.clone()))
                    .collect::<Vec<_>>()
            };
            assert_eq!(keys(&fresh), keys(&house.kube.facts()));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_list_of_many_pages_is_read_to_its_end() {
    let size = WorldSize::Generated {
        nodes: 30,
        pods: 1200,
    };
    let house = House::of(WorldConfig {
        size,
        ..WorldConfig::default()
    })
    .await;
    let facts = house.kube.facts();
    assert_eq!(facts.nodes.len(), 42);
    assert!(facts.pods.len() > 1200);
    match house.kube.read_all().await {
        Reading::Seen(fresh) => assert_eq!(fresh.pods.len(), house.kube.facts().pods.len()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_machine_that_goes_off_is_seen_as_a_silent_node_and_comes_back() {
    let house = House::open(20.0).await;
    let target = house.target("node-12");
    let before = house.read(&target).await;
    house.act("node-12", "power-off").await;
    let facts = house
        .until("node-12 silent", |facts| {
            node(facts, "node-12").ready == Ready::Unknown
        })
        .await;
    assert!(node(&facts, "node-12").ready_since > before.ready_since);
    let fresh = house.read(&target).await;
    assert_eq!(fresh.ready, Ready::Unknown);
    assert!(
        fresh.lease_renewed < Some(fresh.ready_since),
        "the lease stopped before the verdict"
    );
    house.act("node-12", "heal").await;
    house
        .until("node-12 back", |facts| {
            node(facts, "node-12").ready == Ready::True
        })
        .await;
    assert_ne!(house.read(&target).await.boot_id, before.boot_id);
}

#[tokio::test]
async fn a_node_that_is_not_there_is_absent() {
    let house = House::open(1.0).await;
    let name = domain::id::NodeName::parse("node-99").unwrap();
    let target = Target {
        node: name,
        ..house.target("node-12")
    };
    assert_eq!(house.kube.read_node(&target).await, Reading::Absent);
}

#[tokio::test]
async fn baselines_are_kept_up_to_their_number() {
    let house = House::open(1.0).await;
    for _ in 0..domain::baseline::KEPT + 3 {
        house.kube.take_baseline();
    }
    let kept = house.kube.baselines();
    assert_eq!(kept.len(), domain::baseline::KEPT);
    assert!(kept.is_sorted_by_key(|one| one.taken_at));
    assert!(kept[0].not_ready.is_empty() && kept[0].boot_ids.len() == 12);
}
