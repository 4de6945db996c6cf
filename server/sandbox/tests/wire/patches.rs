//! Changing objects by patches of every format.

use crate::rig::Rig;
use serde_json::{Value, json};

const MERGE: &str = "merge-patch+json";

#[tokio::test]
async fn a_cordon_is_one_patch_with_a_version_and_a_stale_version_is_refused() {
    let rig = Rig::start(1.0).await;
    let path = "/api/v1/nodes/node-12";
    let version = rig.get(path).await["metadata"]["resourceVersion"].clone();
    let cordon = json!({
        "metadata": {"resourceVersion": version, "annotations": {"uncordon.dev/owner": "1042"}}, "spec": {"unschedulable": true},
    });
    let answer = rig.patch(path, MERGE, &cordon).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(
        answer.json::<Value>().await.expect("JSON")["spec"]["unschedulable"],
        true
    );
    let stale = rig.patch(path, MERGE, &cordon).await;
    assert_eq!(stale.status(), 409);
    assert_eq!(
        stale.json::<Value>().await.expect("JSON")["reason"],
        "Conflict"
    );
    let node = rig
        .wait_for(
            "/api/v1/nodes?fieldSelector=metadata.name=node-12",
            |node| node["spec"]["taints"].is_array(),
        )
        .await;
    assert_eq!(
        node["spec"]["taints"][0]["key"],
        "node.kubernetes.io/unschedulable"
    );
    rig.patch(path, MERGE, &json!({"spec": {"unschedulable": false}}))
        .await;
    let node = rig
        .wait_for(
            "/api/v1/nodes?fieldSelector=metadata.name=node-12",
            |node| !node["spec"]["taints"].is_array(),
        )
        .await;
    assert!(node["spec"].get("unschedulable").is_none());
    let ledger = rig.ledger("kubernetes").await;
    assert_eq!(ledger.len(), 2, "{ledger:?}");
    assert_eq!(
        (&ledger[0]["verb"], &ledger[0]["node"], &ledger[0]["body"]),
        (&json!("patch"), &json!("node-12"), &cordon)
    );
}

#[tokio::test]
async fn a_dry_run_changes_nothing_and_a_broken_object_is_named() {
    let rig = Rig::start(1.0).await;
    let before = rig.get("/api/v1/nodes/node-13").await;
    let answer = rig
        .patch(
            "/api/v1/nodes/node-13?dryRun=All",
            MERGE,
            &json!({"spec": {"unschedulable": true}}),
        )
        .await;
    assert_eq!(
        answer.json::<Value>().await.expect("JSON")["spec"]["unschedulable"],
        true
    );
    assert_eq!(
        rig.get("/api/v1/nodes/node-13").await["spec"],
        before["spec"]
    );
    let bad = rig
        .patch(
            "/api/v1/nodes/node-13",
            MERGE,
            &json!({"spec": {"taints": [{"key": "a", "effect": "Never"}]}}),
        )
        .await;
    assert_eq!(bad.status(), 422);
    assert_eq!(
        rig.patch("/api/v1/nodes/nobody", MERGE, &json!({}))
            .await
            .status(),
        404
    );
    assert_eq!(
        rig.patch("/api/v1/nodes/node-13", "nonsense", &json!({}))
            .await
            .status(),
        415
    );
    assert!(rig.ledger("kubernetes").await.is_empty());
}

#[tokio::test]
async fn strategic_patches_merge_conditions_and_replace_taints() {
    let rig = Rig::start(1.0).await;
    let path = "/api/v1/nodes/node-15";
    for key in ["a", "b"] {
        let patch = json!({"spec": {"taints": [{"key": key, "effect": "NoSchedule"}]}});
        assert_eq!(
            rig.patch(path, "strategic-merge-patch+json", &patch)
                .await
                .status(),
            200
        );
    }
    let condition = json!({"status": {"conditions": [{"type": "Checked", "status": "True"}]}, "spec": {"unschedulable": true}});
    rig.patch(
        &format!("{path}/status"),
        "strategic-merge-patch+json",
        &condition,
    )
    .await;
    let node = rig.get(path).await;
    assert_eq!(
        node["spec"]["taints"],
        json!([{"key": "b", "effect": "NoSchedule"}])
    );
    assert_eq!(
        node["status"]["conditions"].as_array().map(Vec::len),
        Some(5)
    );
    let steps = json!([{"op": "test", "path": "/spec/taints/0/key", "value": "z"}, {"op": "remove", "path": "/spec/taints"}]);
    assert_eq!(
        rig.patch(path, "json-patch+json", &steps).await.status(),
        422
    );
}

#[tokio::test]
async fn applied_fields_belong_to_their_manager_until_taken_by_force() {
    let rig = Rig::start(1.0).await;
    let path = "/api/v1/nodes/node-16";
    let apply = |value: &str| json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-16", "labels": {"team": value}}});
    let format = "apply-patch+yaml";
    assert_eq!(rig.patch(path, format, &apply("a")).await.status(), 400);
    assert_eq!(
        rig.patch(&format!("{path}?fieldManager=one"), format, &apply("a"))
            .await
            .status(),
        200
    );
    let refused = rig
        .patch(&format!("{path}?fieldManager=two"), format, &apply("b"))
        .await;
    assert_eq!(refused.status(), 409);
    assert_eq!(
        rig.patch(
            &format!("{path}?fieldManager=two&force=true"),
            format,
            &apply("b")
        )
        .await
        .status(),
        200
    );
    assert_eq!(rig.get(path).await["metadata"]["labels"]["team"], "b");
}
