//! What is left behind for those who look later: events about nodes, and whose hand cordoned them.

use crate::rig::{Rig, ready};
use reqwest::Method;
use serde_json::{Value, json};

const NODE: &str = "/api/v1/nodes/node-12";
const NODES: &str = "/api/v1/nodes?fieldSelector=metadata.name=node-12";
const MERGE: &str = "merge-patch+json";
const ABOUT: &str = "fieldSelector=involvedObject.kind=Node,involvedObject.name=node-12";

async fn reasons(rig: &Rig, list: &str) -> Vec<String> {
    let events = rig.get(&format!("{list}?{ABOUT}")).await;
    let items = events["items"].as_array().expect("a list");
    assert!(
        items
            .iter()
            .all(|one| one["involvedObject"]["name"] == "node-12"
                && one["lastTimestamp"].is_string()
                && one["message"].is_string())
    );
    items
        .iter()
        .map(|one| one["reason"].as_str().expect("a reason").to_owned())
        .collect()
}

/// Waits for an event with this reason about node-12.
async fn told(rig: &Rig, reason: &str) {
    rig.wait_for(&format!("/api/v1/events?{ABOUT}"), |one| {
        one["reason"] == reason
    })
    .await;
}

#[tokio::test]
async fn events_tell_of_a_nodes_end_and_return_in_both_lists() {
    let rig = Rig::start(60.0).await;
    for act in ["power-off", "heal"] {
        rig.control(
            Method::POST,
            &format!("clusters/prod/nodes/node-12/{act}"),
            &json!({}),
        )
        .await;
        let state = if act == "heal" { "True" } else { "Unknown" };
        rig.wait_for(NODES, |node| ready(node) == state).await;
    }
    told(&rig, "NodeReady").await;
    let all = reasons(&rig, "/api/v1/events").await;
    assert_eq!(all, ["NodeNotReady", "Rebooted", "NodeReady"]);
    assert_eq!(
        reasons(&rig, "/api/v1/namespaces/default/events").await,
        all
    );
    assert!(
        reasons(&rig, "/api/v1/namespaces/kube-system/events")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn a_kubelet_tells_of_its_cordon_and_a_silent_one_does_not() {
    let rig = Rig::start(60.0).await;
    let cordon = async |on: Value| {
        let patch = json!({"spec": {"unschedulable": on}});
        assert_eq!(rig.patch(NODE, MERGE, &patch).await.status(), 200);
    };
    cordon(json!(true)).await;
    told(&rig, "NodeNotSchedulable").await;
    cordon(json!(null)).await;
    told(&rig, "NodeSchedulable").await;
    rig.control(Method::POST, "clusters/prod/nodes/node-12/hang", &json!({}))
        .await;
    cordon(json!(true)).await;
    told(&rig, "NodeNotReady").await;
    assert_eq!(
        reasons(&rig, "/api/v1/events").await,
        ["NodeNotSchedulable", "NodeSchedulable", "NodeNotReady"]
    );
    rig.control(Method::POST, "clusters/prod/nodes/node-12/heal", &json!({}))
        .await;
    told(&rig, "NodeReady").await;
    assert!(
        reasons(&rig, "/api/v1/events")
            .await
            .iter()
            .filter(|one| *one == "NodeNotSchedulable")
            .count()
            <= 2
    );
}

/// The managers of `spec.unschedulable`.
async fn managers(rig: &Rig) -> Vec<String> {
    let node = rig.get(NODE).await;
    let entries = node["metadata"]["managedFields"].as_array().cloned();
    let mut found = Vec::new();
    for entry in entries.unwrap_or_default() {
        if entry["fieldsV1"]["f:spec"]["f:unschedulable"].is_object() {
            assert!(entry["time"].is_string() && entry["fieldsType"] == "FieldsV1");
            found.push(entry["manager"].as_str().unwrap_or("").to_owned());
        }
    }
    found
}

#[tokio::test]
async fn a_cordon_belongs_to_the_manager_that_set_it_or_to_its_user_agent() {
    let rig = Rig::start(1.0).await;
    let on = json!({"spec": {"unschedulable": true}});
    let off = json!({"spec": {"unschedulable": null}});
    assert!(managers(&rig).await.is_empty());
    let by = |who: &str| format!("{NODE}?fieldManager={who}");
    rig.patch(&by("kubectl-cordon"), MERGE, &on).await;
    assert_eq!(managers(&rig).await, ["kubectl-cordon"]);
    rig.patch(&by("other"), MERGE, &on).await;
    assert_eq!(
        managers(&rig).await,
        ["kubectl-cordon"],
        "saying it again changes nothing"
    );
    rig.patch(&by("other"), MERGE, &off).await;
    assert!(managers(&rig).await.is_empty());
    let request = rig
        .kube(Method::PATCH, NODE)
        .header("content-type", "application/strategic-merge-patch+json")
        .header("user-agent", "kubectl/v1.36.1 (linux/amd64)");
    let answer = request.body(on.to_string()).send().await.expect("answered");
    assert_eq!(answer.status(), 200);
    assert_eq!(managers(&rig).await, ["kubectl"]);
    let apply = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-12"}, "spec": {"unschedulable": false}});
    let forced = format!("{}&force=true", by("flux"));
    rig.patch(&forced, "apply-patch+yaml", &apply).await;
    assert!(!managers(&rig).await.contains(&"kubectl".to_owned()));
}

#[tokio::test]
async fn a_zone_goes_off_and_comes_back_by_one_call_that_the_ledger_does_not_count() {
    let rig = Rig::start(60.0).await;
    let gone = rig
        .control(Method::POST, "zones/zone-b/power-off", &json!({}))
        .await;
    assert_eq!(
        gone["nodes"],
        json!(["node-12", "node-15", "node-16", "node-18"])
    );
    rig.wait_for(NODES, |node| ready(node) == "Unknown").await;
    rig.control(Method::POST, "zones/zone-b/heal", &json!({}))
        .await;
    rig.wait_for(NODES, |node| ready(node) == "True").await;
    let ledger = rig.control(Method::GET, "ledger", &Value::Null).await;
    assert_eq!(ledger["items"], json!([]));
    let nowhere = format!(
        "{}/sandbox/zones/nowhere/power-off",
        rig.world.control_url()
    );
    let answer = rig.client.post(nowhere).send().await.expect("answered");
    assert_eq!(answer.status(), 404);
}
