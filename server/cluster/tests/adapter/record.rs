//! The record of a node: whole, in part, and not at all.

use crate::house::House;
use domain::id::{NodeName, NodeUid};
use domain::target::Target;
use domain::world::{EVENTS_MAX, NodeRecord, Reading, Ready};
use engine::ports::Cluster;
use serde_json::json;

async fn record(house: &House, target: &Target) -> NodeRecord {
    match house.kube.record(target).await {
        Reading::Seen(record) => record,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_dead_node_is_recorded_with_conditions_lease_events_and_pods() {
    let house = House::open(20.0).await;
    let target = house.target("node-12");
    house.act("node-12", "power-off").await;
    house
        .until("node-12 silent", |facts| {
            facts.node(&target.node).unwrap().ready == Ready::Unknown
        })
        .await;
    let record = record(&house, &target).await;
    let ready = record
        .conditions
        .iter()
        .find(|one| one.kind == "Ready")
        .unwrap();
    assert_eq!(ready.status, "Unknown");
    assert_eq!(
        ready.text,
        "NodeStatusUnknown: Kubelet stopped posting node status."
    );
    assert!(record.lease_renewed.is_some() && record.lease_renewed < ready.since);
    let newest = &record.events[0];
    assert_eq!(
        (newest.text.as_str(), newest.count),
        ("NodeNotReady: Node node-12 status is now: NodeNotReady", 1)
    );
    assert!(record.events.len() <= EVENTS_MAX && newest.at.is_some());
    assert!(
        record
            .pods
            .iter()
            .any(|pod| pod.starts_with("default/mysql-0 Running")),
        "{:?}",
        record.pods
    );
    assert!(record.missing.is_empty(), "{:?}", record.missing);
}

#[tokio::test]
async fn what_cannot_be_read_is_named_and_the_rest_is_kept() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    house
        .faults(json!([
            {"match": "GET /api/v1/namespaces/default/events", "do": "403"},
            {"match": "GET /apis/coordination.k8s.io/*/node-12", "do": "500"},
            {"match": "GET /api/v1/pods", "do": "503"},
        ]))
        .await;
    let record = record(&house, &target).await;
    assert!(!record.conditions.is_empty());
    assert!(record.events.is_empty() && record.pods.is_empty());
    assert_eq!(record.missing.len(), 3, "{:?}", record.missing);
    assert!(
        record.missing[1].starts_with("events in default: ")
            && record.missing[1].contains("give our user the right to list events"),
        "{:?}",
        record.missing
    );
}

#[tokio::test]
async fn without_its_node_there_is_no_record() {
    let house = House::open(1.0).await;
    let target = house.target("node-12");
    let gone = Target {
        node: NodeName::parse("node-99").unwrap(),
        ..target.clone()
    };
    let other = Target {
        uid: NodeUid::parse("another").unwrap(),
        ..target.clone()
    };
    for nobody in [gone, other] {
        assert_eq!(house.kube.record(&nobody).await, Reading::Absent);
    }
    house
        .faults(json!([{"match": "GET /api/v1/nodes/node-12", "do": "500"}]))
        .await;
    let reading = house.kube.record(&target).await;
    assert!(
        matches!(&reading, Reading::Unreadable(why) if why.starts_with("nodes: ")),
        "{reading:?}"
    );
}
