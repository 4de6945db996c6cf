//! Watches: beginning, resuming, expiring, being cut.

use crate::rig::Rig;
use serde_json::{Value, json};

async fn label(rig: &Rig, node: &str, value: &str) -> Value {
    let patch = json!({"metadata": {"labels": {"mark": value}}});
    let answer = rig
        .patch(&format!("/api/v1/nodes/{node}"), "merge-patch+json", &patch)
        .await;
    answer.json().await.expect("JSON")
}

#[tokio::test]
async fn a_watch_resumes_where_it_left_off() {
    let rig = Rig::start(1.0).await;
    let first = label(&rig, "node-11", "1").await;
    let second = label(&rig, "node-11", "2").await;
    let version = first["metadata"]["resourceVersion"]
        .as_str()
        .expect("a version");
    let mut lines = rig
        .watch(&format!(
            "/api/v1/nodes?watch=true&resourceVersion={version}"
        ))
        .await;
    let event = lines.next().await.expect("an event");
    assert_eq!(
        (&event["type"], &event["object"]),
        (&json!("MODIFIED"), &second)
    );
}

#[tokio::test]
async fn a_streamed_list_ends_with_a_bookmark() {
    let rig = Rig::start(1.0).await;
    let query =
        "watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true";
    let mut lines = rig
        .watch(&format!("/api/v1/nodes?{query}&resourceVersion="))
        .await;
    let mut added = 0;
    let bookmark = loop {
        let event = lines.next().await.expect("an event");
        match event["type"].as_str() {
            Some("ADDED") => added += 1,
            _ => break event,
        }
    };
    assert_eq!(added, 12);
    assert_eq!(bookmark["type"], "BOOKMARK");
    assert_eq!(
        bookmark["object"]["metadata"]["annotations"]["k8s.io/initial-events-end"],
        "true"
    );
}

#[tokio::test]
async fn a_watch_that_reaches_its_time_limit_says_goodbye_with_a_bookmark() {
    let rig = Rig::start(1.0).await;
    let version = rig.get("/api/v1/namespaces").await["metadata"]["resourceVersion"]
        .as_str()
        .expect("a version")
        .to_owned();
    let query =
        format!("watch=1&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion={version}");
    let mut lines = rig.watch(&format!("/api/v1/namespaces?{query}")).await;
    assert_eq!(lines.next().await.expect("a bookmark")["type"], "BOOKMARK");
    assert!(lines.next().await.is_none());
}

#[tokio::test]
async fn a_forgotten_version_is_an_expired_error_in_the_stream() {
    let rig = Rig::start(1.0).await;
    let mut lines = rig.watch("/api/v1/nodes?watch=1&resourceVersion=1").await;
    let event = lines.next().await.expect("an error");
    assert_eq!(
        (&event["type"], &event["object"]["code"]),
        (&json!("ERROR"), &json!(410))
    );
    assert_eq!(event["object"]["reason"], "Expired");
    assert!(lines.next().await.is_none());
}

#[tokio::test]
async fn an_object_that_leaves_the_selection_is_deleted_for_the_watcher() {
    let rig = Rig::start(1.0).await;
    label(&rig, "node-13", "yes").await;
    let mut lines = rig
        .watch("/api/v1/nodes?watch=1&labelSelector=mark=yes")
        .await;
    assert_eq!(lines.next().await.expect("an event")["type"], "ADDED");
    label(&rig, "node-13", "no").await;
    assert_eq!(lines.next().await.expect("an event")["type"], "DELETED");
}

#[tokio::test]
async fn a_cut_ends_open_watches_and_the_next_ones() {
    let rig = Rig::start(1.0).await;
    let mut open = rig.watch("/api/v1/namespaces?watch=1").await;
    for _ in 0..4 {
        assert_eq!(open.next().await.expect("an event")["type"], "ADDED");
    }
    rig.faults(
        json!([{"match": "GET /api/v1/namespaces", "times": 1, "do": "cut_watch", "delay_ms": 0}]),
    )
    .await;
    assert!(open.next().await.is_none());
    let mut cut = rig.watch("/api/v1/namespaces?watch=1").await;
    while cut.next().await.is_some() {}
    let mut whole = rig.watch("/api/v1/namespaces?watch=1").await;
    assert!(whole.next().await.is_some());
}

#[tokio::test]
async fn metadata_alone_is_answered_when_asked_for() {
    let rig = Rig::start(1.0).await;
    let accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    let request = rig
        .kube(reqwest::Method::GET, "/api/v1/pods?limit=1")
        .header("accept", accept);
    let list: Value = request
        .send()
        .await
        .expect("answered")
        .json()
        .await
        .expect("JSON");
    assert_eq!(list["items"][0]["kind"], "PartialObjectMetadata");
    assert!(list["items"][0].get("spec").is_none());
}
