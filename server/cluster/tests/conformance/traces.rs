//! What is kept for those who look later: who set a field, and events about a node.

use crate::door::{Door, NODES};
use crate::suite::Went;
use serde_json::{Value, json};

const EVENTS: &str = "/api/v1/namespaces/default/events";

/// The managers of `spec.unschedulable`.
fn managers(node: &Value) -> Vec<&str> {
    let entries = node["metadata"]["managedFields"].as_array();
    entries
        .into_iter()
        .flatten()
        .filter(|one| one["fieldsV1"]["f:spec"]["f:unschedulable"].is_object())
        .filter_map(|one| one["manager"].as_str())
        .collect()
}

pub async fn a_cordon_names_the_manager_that_set_it(door: &Door) -> Went {
    let path = format!("{NODES}/{}", door.node("b"));
    let cordon = async |by: &str, on: Value| {
        let patch = json!({"spec": {"unschedulable": on}});
        let path = format!("{path}?fieldManager={by}");
        door.patch(&path, &patch).await.is(200)
    };
    let node = cordon("kubectl-cordon", json!(true)).await;
    assert_eq!(managers(&node), ["kubectl-cordon"]);
    let node = cordon("another", json!(true)).await;
    assert_eq!(
        managers(&node),
        ["kubectl-cordon"],
        "saying it again changes nothing"
    );
    let node = cordon("another", json!(null)).await;
    assert!(managers(&node).is_empty());
    Went::Well
}

pub async fn events_are_chosen_by_the_node_they_are_about(door: &Door) -> Went {
    let name = |letter: &str| format!("{}.event", door.node(letter));
    for letter in ["a", "b"] {
        let event = json!({
            "apiVersion": "v1", "kind": "Event", "metadata": {"name": name(letter), "namespace": "default"},
            "involvedObject": {"kind": "Node", "name": door.node(letter)}, "type": "Normal", "reason": "Checked",
            "message": "by the conformance suite", "count": 3, "lastTimestamp": "2026-01-02T03:04:05Z",
        });
        door.post(EVENTS, &event).await.is(201);
    }
    let about = format!(
        "fieldSelector=involvedObject.kind=Node,involvedObject.name={}",
        door.node("a")
    );
    for list in [EVENTS, "/api/v1/events"] {
        let found = door.get(&format!("{list}?{about}")).await.is(200);
        let items = found["items"].as_array().unwrap();
        let ours = items.iter().find(|one| one["reason"] == "Checked").unwrap();
        assert_eq!(
            (&ours["count"], &ours["lastTimestamp"]),
            (&json!(3), &json!("2026-01-02T03:04:05Z"))
        );
        assert!(
            items
                .iter()
                .all(|one| one["involvedObject"]["name"] == door.node("a"))
        );
    }
    for letter in ["a", "b"] {
        door.delete(&format!("{EVENTS}/{}", name(letter)))
            .await
            .is(200);
    }
    Went::Well
}
