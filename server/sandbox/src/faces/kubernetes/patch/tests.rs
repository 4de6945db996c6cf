//! Patches change what they should.

use super::{Patch, merge};
use serde_json::json;

#[test]
fn a_merge_removes_what_is_null_and_keeps_the_rest() {
    let mut object = json!({"spec": {"a": 1, "b": [1]}});
    merge(
        &mut object,
        &json!({"spec": {"a": null, "b": [2], "c": {"d": null, "e": 1}}}),
    );
    assert_eq!(object, json!({"spec": {"b": [2], "c": {"e": 1}}}));
}

#[test]
fn json_patch_steps_are_taken_in_order() {
    let mut object = json!({"metadata": {"annotations": {"a/b": "1"}}, "list": [1, 3]});
    let steps = json!([
        {"op": "test", "path": "/metadata/annotations/a~1b", "value": "1"},
        {"op": "add", "path": "/list/1", "value": 2},
        {"op": "move", "from": "/list/0", "path": "/list/-"},
        {"op": "remove", "path": "/metadata/annotations/a~1b"},
    ]);
    Patch::Json(steps.as_array().cloned().unwrap_or_default())
        .apply(&mut object)
        .expect("applies");
    assert_eq!(
        object,
        json!({"metadata": {"annotations": {}}, "list": [2, 3, 1]})
    );
}

#[test]
fn a_failed_test_refuses_the_patch() {
    let steps = vec![json!({"op": "test", "path": "/a", "value": 2})];
    let refused = Patch::Json(steps).apply(&mut json!({"a": 1}));
    assert_eq!(refused.expect_err("refused").code(), 422);
}
