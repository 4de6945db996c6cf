//! Facts that need more than one table.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use super::Tables;
use crate::kind::Kind;
use crate::wire::node::{CsiNode, Lease, Node};
use crate::wire::pod::Pod;
use crate::wire::rest::{Deployment, PersistentVolume, PersistentVolumeClaim};
use domain::id::ClusterName;
use domain::world::{ClusterFacts, Sight, WorkloadKind};
use jiff::Timestamp;
use serde_json::{Value, from_value, json};
use std::sync::Arc;

fn put<K: Kind>(tables: &mut Tables, object: Value) {
    let object: K = from_value(object).unwrap();
    let row = object.row().unwrap();
    K::table(tables).insert(object.key(), row);
}

fn facts(tables: &mut Tables) -> ClusterFacts {
    tables.facts(
        &ClusterName::parse("prod").unwrap(),
        Timestamp::UNIX_EPOCH,
        Sight::Live,
    )
}

fn pod(spec: &Value) -> Value {
    json!({
        "metadata": {"name": "db-0", "namespace": "shop", "labels": {"pod-template-hash": "f00"},
            "ownerReferences": [{"kind": "ReplicaSet", "name": "db-f00", "controller": true}]},
        "spec": spec,
    })
}

#[test]
fn a_lease_belongs_to_the_node_of_its_name() {
    let mut tables = Tables::default();
    put::<Node>(&mut tables, json!({"metadata": {"name": "a", "uid": "1"}}));
    put::<Node>(&mut tables, json!({"metadata": {"name": "b", "uid": "2"}}));
    put::<Lease>(
        &mut tables,
        json!({"metadata": {"name": "b", "namespace": "kube-node-lease"}, "spec": {"renewTime": "2026-01-02T03:04:05.678901Z"}}),
    );
    let facts = facts(&mut tables);
    assert_eq!(facts.nodes[0].lease_renewed, None);
    assert_eq!(
        facts.nodes[1].lease_renewed.unwrap().to_string(),
        "2026-01-02T03:04:05.678901Z"
    );
}

#[test]
fn a_pod_belongs_to_its_deployment_only_while_there_is_one() {
    let mut tables = Tables::default();
    put::<Pod>(&mut tables, pod(&json!({})));
    assert_eq!(
        facts(&mut tables).pods[0].owner,
        Some((WorkloadKind::Other, "db-f00".to_owned()))
    );
    put::<Deployment>(
        &mut tables,
        json!({"metadata": {"name": "db", "namespace": "shop"}, "spec": {"replicas": 1}}),
    );
    assert_eq!(
        facts(&mut tables).pods[0].owner,
        Some((WorkloadKind::Deployment, "db".to_owned()))
    );
}

#[test]
fn a_host_name_leads_to_its_node() {
    let mut tables = Tables::default();
    put::<Node>(
        &mut tables,
        json!({"metadata": {"name": "node-12", "uid": "1", "labels": {"kubernetes.io/hostname": "ip-12"}}}),
    );
    put::<Pod>(
        &mut tables,
        pod(&json!({"nodeSelector": {"kubernetes.io/hostname": "ip-12"}})),
    );
    let pin = facts(&mut tables).pods[0].pinned.clone().unwrap();
    assert_eq!(
        (pin.node.as_str(), pin.why.as_str()),
        ("node-12", "node affinity")
    );
}

#[test]
fn a_bound_local_volume_pins_its_pod_even_when_the_node_is_gone() {
    let mut tables = Tables::default();
    put::<Pod>(
        &mut tables,
        pod(&json!({"volumes": [{"name": "d", "persistentVolumeClaim": {"claimName": "d"}}]})),
    );
    assert_eq!(facts(&mut tables).pods[0].pinned, None);
    put::<PersistentVolumeClaim>(
        &mut tables,
        json!({"metadata": {"name": "d", "namespace": "shop"}, "spec": {"volumeName": "pv-1"}}),
    );
    let required = json!({"nodeSelectorTerms": [{"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": ["node-12"]}]}]});
    put::<PersistentVolume>(
        &mut tables,
        json!({"metadata": {"name": "pv-1"}, "spec": {"nodeAffinity": {"required": required}}}),
    );
    let pin = facts(&mut tables).pods[0].pinned.clone().unwrap();
    assert_eq!(
        (pin.node.as_str(), pin.why.as_str()),
        ("node-12", "local volume")
    );
}

#[test]
fn drivers_are_listed_per_node() {
    let mut tables = Tables::default();
    put::<CsiNode>(
        &mut tables,
        json!({"metadata": {"name": "a"}, "spec": {"drivers": [{"name": "csi.one", "nodeID": "x"}]}}),
    );
    put::<CsiNode>(
        &mut tables,
        json!({"metadata": {"name": "b"}, "spec": {"drivers": null}}),
    );
    let csi = facts(&mut tables).csi;
    assert_eq!(csi.values().map(Vec::len).collect::<Vec<_>>(), [1, 0]);
}

#[test]
fn the_label_that_names_the_host_is_configured() {
    let labels = json!({"topology.uncordon.dev/host": "h1", "example.com/rack": "r7"});
    for (label, host) in [
        ("topology.uncordon.dev/host", Some("h1")),
        ("example.com/rack", Some("r7")),
        ("example.com/none", None),
    ] {
        let mut tables = Tables::new(label.into());
        put::<Node>(
            &mut tables,
            json!({"metadata": {"name": "node-1", "uid": "uid-1", "labels": labels}}),
        );
        assert_eq!(facts(&mut tables).nodes[0].host.as_deref(), host, "{label}");
    }
}

#[test]
fn a_view_is_handed_out_without_a_copy_and_what_does_not_change_is_kept_once() {
    let mut tables = Tables::default();
    for name in ["a", "b"] {
        put::<Node>(
            &mut tables,
            json!({"metadata": {"name": name, "uid": name}}),
        );
        let mut pod = pod(&json!({"nodeSelector": {"kubernetes.io/hostname": name}}));
        pod["metadata"]["name"] = json!(name);
        put::<Pod>(&mut tables, pod);
    }
    let (one, two) = (facts(&mut tables), facts(&mut tables));
    assert!(Arc::ptr_eq(&one.nodes, &two.nodes) && Arc::ptr_eq(&one.pods, &two.pods));
    assert!(Arc::ptr_eq(&one.workloads, &two.workloads) && Arc::ptr_eq(&one.csi, &two.csi));

    let lease = json!({"metadata": {"name": "b"}, "spec": {"renewTime": "2026-01-02T03:04:05Z"}});
    put::<Lease>(&mut tables, lease);
    let three = facts(&mut tables);
    assert!(
        !Arc::ptr_eq(&two.nodes, &three.nodes),
        "a lease is news of its node"
    );
    assert!(Arc::ptr_eq(&two.pods, &three.pods), "and of nothing else");

    let mut ready = pod(&json!({"nodeSelector": {"kubernetes.io/hostname": "b"}}));
    ready["metadata"]["name"] = json!("b");
    ready["status"] =
        json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]});
    put::<Pod>(&mut tables, ready);
    let four = facts(&mut tables);
    assert!(
        Arc::ptr_eq(&three.pods[0], &four.pods[0]),
        "pod a is the same"
    );
    assert_eq!((three.pods[1].ready, four.pods[1].ready), (false, true));
    // The row and the two lists hold the same one, however many views were handed out.
    assert_eq!(Arc::strong_count(&four.pods[0]), 1 + 2);
}
