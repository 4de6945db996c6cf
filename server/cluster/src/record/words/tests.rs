//! Events and pods as people will read them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use super::{line, newest, words};
use crate::wire::event::Event;
use domain::world::EVENTS_MAX;
use serde_json::{Value, from_value, json};

fn events(sent: Value) -> Vec<Event> {
    from_value(sent).unwrap()
}

#[test]
fn events_of_both_shapes_are_told_newest_first() {
    let told = newest(&events(json!([
        {"reason": "NodeReady", "message": "is ready", "count": 1, "lastTimestamp": "2026-01-02T03:00:00Z", "eventTime": null},
        {"reason": "Rebooted", "message": null, "eventTime": "2026-01-02T03:02:00.000000Z", "lastTimestamp": null, "count": null},
        {"reason": "Flaps", "message": "again", "eventTime": "2026-01-02T02:00:00.000000Z",
            "series": {"count": 7, "lastObservedTime": "2026-01-02T03:01:00.000000Z"}},
        {"message": "nobody says when"},
    ])));
    let lines: Vec<(&str, u32)> = told
        .iter()
        .map(|one| (one.text.as_str(), one.count))
        .collect();
    assert_eq!(
        lines,
        [
            ("Rebooted", 1),
            ("Flaps: again", 7),
            ("NodeReady: is ready", 1),
            ("nobody says when", 1)
        ]
    );
    assert_eq!(told[1].at.unwrap().to_string(), "2026-01-02T03:01:00Z");
}

#[test]
fn the_oldest_events_are_let_go() {
    let many: Vec<Value> = (0..50)
        .map(|n| json!({"reason": n.to_string(), "lastTimestamp": format!("2026-01-02T03:00:{n:02}Z")}))
        .collect();
    let told = newest(&events(json!(many)));
    assert_eq!(told.len(), EVENTS_MAX);
    assert_eq!(
        (told[0].text.as_str(), told[EVENTS_MAX - 1].text.as_str()),
        ("49", "20")
    );
}

#[test]
fn a_pod_is_one_line_with_its_reason() {
    let line = |status: Value, deleted: Value| {
        line(&from_value(json!({"metadata": {"namespace": "shop", "name": "web-1", "deletionTimestamp": deleted}, "status": status})).unwrap())
    };
    assert_eq!(
        line(json!({"phase": "Running"}), Value::Null),
        "shop/web-1 Running"
    );
    let crashing = json!({"phase": "Running", "containerStatuses": [{"state": {"waiting": {"reason": "CrashLoopBackOff"}}}]});
    assert_eq!(
        line(crashing, json!("2026-01-02T03:00:00Z")),
        "shop/web-1 Running, CrashLoopBackOff, being deleted"
    );
    assert_eq!(line(json!({}), Value::Null), "shop/web-1 Unknown");
}

#[test]
fn reason_and_message_stand_side_by_side_and_alone() {
    assert_eq!(words("a", "b"), "a: b");
    assert_eq!(words("a", ""), "a");
    assert_eq!(words("", "b"), "b");
    assert_eq!(words("", ""), "");
}
