//! Nodes as a real API server writes them, and odd ones.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use super::row;
use crate::wire::node::Node;
use domain::id::{PersonName, RecoveryId};
use domain::world::{Cordon, ForeignMark, HolderMark, NodeFacts, OwnerMark, Ready};
use serde_json::{Value, from_value, json};

fn node() -> Value {
    json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": {
            "name": "node-12", "uid": "3f1c", "resourceVersion": "4711", "creationTimestamp": "2026-01-02T03:04:05Z",
            "labels": {
                "kubernetes.io/hostname": "node-12", "node-role.kubernetes.io/worker": "",
                "topology.kubernetes.io/zone": "z1", "topology.uncordon.dev/host": "rack-1",
            },
            "managedFields": [{"manager": "kubelet", "operation": "Update", "fieldsV1": {"f:status": {}}}],
        },
        "spec": {"providerID": "openstack:///abc", "taints": [{"key": "a", "effect": "NoSchedule", "value": "x"}]},
        "status": {
            "addresses": [{"type": "Hostname", "address": "node-12"}, {"type": "ExternalIP", "address": "192.0.2.1"},
                {"type": "InternalIP", "address": "10.0.0.12"}, {"type": "InternalDNS", "address": "node-12"}],
            "conditions": [
                {"type": "DiskPressure", "status": "True", "lastTransitionTime": "2026-01-02T03:05:00Z"},
                {"type": "MemoryPressure", "status": "Unknown", "lastTransitionTime": null},
                {"type": "Ready", "status": "Unknown", "reason": "NodeStatusUnknown", "lastTransitionTime": "2026-01-02T03:06:00Z"},
            ],
            "allocatable": {"cpu": "7800m", "memory": "31815572Ki", "pods": "110", "hugepages-2Mi": "0"},
            "nodeInfo": {"bootID": "boot-1", "kernelVersion": "6.12"},
        },
    })
}

fn facts(node: Value) -> NodeFacts {
    row(&from_value::<Node>(node).unwrap()).unwrap().facts
}

#[test]
fn a_node_is_read_with_all_that_decisions_need() {
    let facts = facts(node());
    assert_eq!(facts.name.as_str(), "node-12");
    assert_eq!(facts.uid.as_str(), "3f1c");
    assert_eq!(facts.resource_version, "4711");
    assert_eq!(
        facts.addresses,
        ["10.0.0.12", "node-12", "192.0.2.1"],
        "InternalIP first, nothing twice"
    );
    assert_eq!(facts.provider_id.as_deref(), Some("openstack:///abc"));
    assert_eq!(facts.boot_id, "boot-1");
    assert_eq!(
        (facts.ready, facts.ready_since.to_string().as_str()),
        (Ready::Unknown, "2026-01-02T03:06:00Z")
    );
    assert_eq!(
        facts.pressure,
        ["DiskPressure"],
        "a condition nobody knows is not a finding"
    );
    assert_eq!(facts.taints, ["a:NoSchedule"]);
    assert_eq!(facts.roles, ["worker"]);
    assert_eq!(facts.zone.as_deref(), Some("z1"));
    assert_eq!(
        facts.host, None,
        "which label names the host is configured: the tables know"
    );
    assert_eq!(
        (facts.allocatable.cpu_milli, facts.allocatable.pods),
        (7_800, 110)
    );
    assert_eq!(facts.cordon, Cordon::Open);
    assert!(!facts.excluded);
}

#[test]
fn a_node_without_a_ready_condition_is_silent_since_it_was_made() {
    let facts = facts(
        json!({"metadata": {"name": "n", "uid": "u", "creationTimestamp": "2026-01-02T03:04:05Z"},
        "status": {"conditions": null, "addresses": null}}),
    );
    assert_eq!(
        (facts.ready, facts.ready_since),
        (Ready::Unknown, facts.created_at)
    );
    assert_eq!(facts.provider_id, None);
}

#[test]
fn a_cordon_is_ours_or_a_persons_only_with_our_annotation() {
    let mark = OwnerMark {
        recovery: RecoveryId(1042),
        at: "2026-01-02T03:04:05Z".parse().unwrap(),
    };
    let with = |unschedulable: Value, owner: Value| {
        let mut one = node();
        one["spec"]["unschedulable"] = unschedulable;
        one["metadata"]["annotations"] = json!({"uncordon.dev/owner": owner});
        if owner.is_null() {
            one["metadata"]["annotations"] = Value::Null;
        }
        facts(one).cordon
    };
    assert_eq!(
        with(json!(true), json!(mark.to_string())),
        Cordon::Ours(mark)
    );
    let held = HolderMark {
        person: PersonName::parse("ada").unwrap(),
        at: mark.at,
    };
    assert_eq!(
        with(json!(true), json!(held.to_string())),
        Cordon::Held(held.clone())
    );
    assert_eq!(with(json!(true), Value::Null), Cordon::FOREIGN);
    assert_eq!(with(json!(true), json!("somebody else")), Cordon::FOREIGN);
    assert_eq!(with(json!(false), json!(held.to_string())), Cordon::Open);
    assert_eq!(with(json!(false), json!(mark.to_string())), Cordon::Open);
    assert_eq!(with(Value::Null, json!(mark.to_string())), Cordon::Open);
}

#[test]
fn a_foreign_cordon_tells_who_set_it_and_never_names_us() {
    let with = |managed: Value| {
        let mut one = node();
        one["spec"]["unschedulable"] = json!(true);
        one["metadata"]["managedFields"] = managed;
        facts(one).cordon
    };
    let entry = |manager: &str, minute: u32, fields: Value| {
        json!({"manager": manager, "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1",
            "time": format!("2026-01-02T03:{minute:02}:00Z"), "fieldsV1": fields})
    };
    let cordons = || json!({"f:spec": {"f:unschedulable": {}}});
    let taints =
        json!({"f:spec": {"f:taints": {}}, "f:metadata": {"f:labels": {".": {}, "f:a": {}}}});
    let by = |name: Option<&str>, at: &str| {
        Cordon::Foreign(ForeignMark {
            by: name.map(str::to_owned),
            at: Some(at.parse().unwrap()),
        })
    };
    let several = json!([
        entry("kubelet", 9, json!({"f:status": {}})),
        entry("kubectl-cordon", 4, cordons()),
        entry("drainer", 2, cordons()),
        entry("kube-controller-manager", 8, taints),
        entry("uncordon", 7, cordons()),
    ]);
    assert_eq!(
        with(several),
        by(Some("kubectl-cordon"), "2026-01-02T03:04:00Z")
    );
    assert_eq!(
        with(json!([entry("uncordon", 7, cordons())])),
        Cordon::FOREIGN,
        "our own hand of the past is nobody's name"
    );
    let nameless =
        json!([{"operation": "Update", "time": "2026-01-02T03:04:00Z", "fieldsV1": cordons()}]);
    assert_eq!(with(nameless), by(None, "2026-01-02T03:04:00Z"));
    for odd in [
        Value::Null,
        json!([]),
        json!([{"manager": "x"}]),
        json!([{"manager": "x", "fieldsV1": {}}]),
    ] {
        assert_eq!(with(odd), Cordon::FOREIGN);
    }
}

#[test]
fn the_exclude_label_counts_unless_it_says_false() {
    let with = |value: &str| {
        let mut one = node();
        one["metadata"]["labels"]["uncordon.dev/exclude"] = json!(value);
        facts(one).excluded
    };
    assert!(with("true") && with("") && with("maintenance"));
    assert!(!with("false"));
}

#[test]
fn only_a_host_name_that_differs_is_kept() {
    let mut one = node();
    assert_eq!(
        row(&from_value(one.clone()).unwrap()).unwrap().hostname,
        None
    );
    one["metadata"]["labels"]["kubernetes.io/hostname"] = json!("ip-10-0-0-12");
    assert_eq!(
        row(&from_value(one).unwrap()).unwrap().hostname.as_deref(),
        Some("ip-10-0-0-12")
    );
}
