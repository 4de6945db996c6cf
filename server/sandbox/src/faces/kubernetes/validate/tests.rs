//! Broken objects are refused.

use super::validate;
use crate::store::Kind;
use serde_json::json;

#[test]
fn broken_objects_are_refused_and_sound_ones_pass() {
    let node = |spec| json!({"metadata": {"name": "n"}, "spec": spec});
    assert!(
        validate(
            Kind::Node,
            &node(json!({"taints": [{"key": "a/b", "effect": "NoExecute"}]}))
        )
        .is_ok()
    );
    assert!(
        validate(
            Kind::Node,
            &node(json!({"taints": [{"key": "a", "effect": "Never"}]}))
        )
        .is_err()
    );
    assert!(validate(Kind::Node, &node(json!({"unschedulable": "yes"}))).is_err());
    assert!(validate(Kind::Node, &json!({"metadata": {"name": "No_Good"}})).is_err());
    assert!(validate(Kind::Pod, &json!({"metadata": {"name": "p"}, "spec": {}})).is_err());
    assert!(
        validate(
            Kind::Node,
            &json!({"metadata": {"name": "n", "labels": {"a": "b c"}}})
        )
        .is_err()
    );
}
