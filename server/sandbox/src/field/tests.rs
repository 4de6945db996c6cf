//! Conditions and identities.

use super::{Condition, condition, set_condition, uuid};
use jiff::Timestamp;
use serde_json::json;

#[test]
fn the_transition_time_moves_only_when_the_status_does() {
    let at = |second| Timestamp::from_second(second).expect("in range");
    let mut node = json!({"status": {}});
    let wanted = |status| Condition {
        kind: "Ready",
        status,
        reason: "R",
        message: "",
    };
    set_condition(&mut node, &wanted("True"), at(1));
    set_condition(&mut node, &wanted("True"), at(2));
    assert_eq!(
        node["status"]["conditions"][0]["lastTransitionTime"],
        "1970-01-01T00:00:01Z"
    );
    set_condition(&mut node, &wanted("False"), at(3));
    assert_eq!(
        node["status"]["conditions"][0]["lastTransitionTime"],
        "1970-01-01T00:00:03Z"
    );
    assert_eq!(condition(&node, "Ready"), "False");
}

#[test]
fn a_uuid_has_the_usual_shape_and_repeats() {
    assert_eq!(uuid("a"), uuid("a"));
    assert_ne!(uuid("a"), uuid("b"));
    assert_eq!(uuid("a").len(), 36);
}
