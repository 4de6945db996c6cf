//! Strategic merges.

use super::merge;
use serde_json::json;

#[test]
fn conditions_merge_by_type_and_taints_are_replaced() {
    let mut node = json!({
        "spec": {"taints": [{"key": "a"}]},
        "status": {"conditions": [{"type": "Ready", "status": "True", "reason": "R"}, {"type": "Disk", "status": "False"}]},
    });
    merge(
        &mut node,
        &json!({"spec": {"taints": [{"key": "b"}]}, "status": {"conditions": [{"type": "Ready", "status": "False"}]}}),
    );
    assert_eq!(node["spec"]["taints"], json!([{"key": "b"}]));
    assert_eq!(
        node["status"]["conditions"][0],
        json!({"type": "Ready", "status": "False", "reason": "R"})
    );
    assert_eq!(
        node["status"]["conditions"].as_array().map(Vec::len),
        Some(2)
    );
}

#[test]
fn directives_delete_and_replace() {
    let mut pod = json!({"containers": [{"name": "a"}, {"name": "b"}], "labels": {"x": "1"}});
    merge(
        &mut pod,
        &json!({"containers": [{"name": "a", "$patch": "delete"}], "labels": {"$patch": "replace", "y": "2"}}),
    );
    assert_eq!(
        pod,
        json!({"containers": [{"name": "b"}], "labels": {"y": "2"}})
    );
}
