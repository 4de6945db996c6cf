//! Which placements leave one node.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use super::{only, volume};
use serde_json::{Value, from_value, json};

fn pinned(spec: Value) -> Option<String> {
    only(&from_value(spec).unwrap())
}

fn required(terms: &Value) -> Value {
    json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}})
}

fn affinity(terms: &Value) -> Option<String> {
    pinned(json!({"affinity": required(terms)}))
}

fn hosts(names: &[&str]) -> Value {
    json!({"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "In", "values": names}]})
}

#[test]
fn one_host_name_pins() {
    assert_eq!(
        affinity(&json!([hosts(&["node-12"])])).as_deref(),
        Some("node-12")
    );
    assert_eq!(
        pinned(json!({"nodeSelector": {"kubernetes.io/hostname": "node-12"}})).as_deref(),
        Some("node-12")
    );
    let field = json!([{"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["node-12"]}]}]);
    assert_eq!(affinity(&field).as_deref(), Some("node-12"));
}

#[test]
fn all_requirements_hold_together_and_one_term_is_enough() {
    let spec = json!({"nodeSelector": {"kubernetes.io/hostname": "a"}, "affinity": required(&json!([hosts(&["a", "b"])]))});
    assert_eq!(pinned(spec).as_deref(), Some("a"));
    assert_eq!(
        affinity(&json!([hosts(&["a"]), hosts(&["a"])])).as_deref(),
        Some("a")
    );
    assert_eq!(affinity(&json!([hosts(&["a"]), hosts(&["b"])])), None);
    let open = json!({"matchExpressions": [{"key": "zone", "operator": "In", "values": ["z1"]}]});
    assert_eq!(affinity(&json!([hosts(&["a"]), open])), None);
}

#[test]
fn what_leaves_a_choice_or_only_wishes_does_not_pin() {
    assert_eq!(pinned(json!({})), None);
    assert_eq!(
        pinned(json!({"affinity": null, "nodeSelector": null})),
        None
    );
    assert_eq!(affinity(&json!([hosts(&["a", "b"])])), None);
    let not = json!([{"matchExpressions": [{"key": "kubernetes.io/hostname", "operator": "NotIn", "values": ["a"]}]}]);
    assert_eq!(affinity(&not), None);
    let preferred = json!({"affinity": {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution":
        [{"weight": 1, "preference": hosts(&["a"])}]}}});
    assert_eq!(pinned(preferred), None);
}

#[test]
fn a_local_volume_lies_on_its_node_and_a_network_volume_nowhere() {
    let of = |required: Value| {
        volume(
            &from_value(json!({"metadata": {"name": "pv"}, "spec": {"nodeAffinity": required}}))
                .unwrap(),
        )
    };
    let local = of(json!({"required": {"nodeSelectorTerms": [hosts(&["node-12"])]}})).unwrap();
    assert_eq!(local.only.as_deref(), Some("node-12"));
    let driver = json!({"matchExpressions": [{"key": "topology.topolvm.io/node", "operator": "In", "values": ["node-12"]}]});
    let driver = of(json!({"required": {"nodeSelectorTerms": [driver]}})).unwrap();
    assert_eq!(
        (driver.only, driver.maybe),
        (None, vec!["node-12".to_owned()])
    );
    assert!(of(Value::Null).is_none());
}
