//! Watch: order, resume, bookmarks, 410.

use crate::door::{Door, NODES, call, version};
use crate::suite::Went;
use futures::{AsyncBufReadExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;

/// Everything a watch says until it ends by itself.
async fn watch(door: &Door, query: &str) -> (u16, Vec<Value>) {
    let uri = format!("{NODES}?watch=true&{query}");
    let request = http::Request::get(uri).body(Vec::new()).unwrap();
    let stream = match door.full.request_stream(request).await {
        Ok(stream) => stream,
        Err(kube::Error::Api(status)) => return (status.code, Vec::new()),
        Err(error) => panic!("{error}"),
    };
    let lines = stream
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
        .collect();
    (
        200,
        tokio::time::timeout(Duration::from_secs(30), lines)
            .await
            .expect("the watch ends by itself"),
    )
}

fn told(events: &[Value]) -> Vec<(String, String)> {
    let wanted = events.iter().filter(|event| event["type"] != "BOOKMARK");
    let pair = |event: &Value| {
        (
            event["type"].as_str().unwrap().to_owned(),
            event["object"]["metadata"]["name"]
                .as_str()
                .unwrap()
                .to_owned(),
        )
    };
    wanted.map(pair).collect()
}

async fn now(door: &Door) -> String {
    version(
        &door
            .get(&format!("{NODES}?labelSelector={}", door.mine()))
            .await
            .is(200),
    )
    .to_owned()
}

/// Makes, changes and removes node d; answers the version after it was made.
async fn live_and_die(door: &Door) -> String {
    let path = format!("{NODES}/{}", door.node("d"));
    let labels = json!({"uncordon.dev/conformance": door.run});
    let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": door.node("d"), "labels": labels}});
    let made = door.post(NODES, &node).await.is(201);
    door.patch(
        &path,
        &json!({"metadata": {"annotations": {"uncordon.dev/x": "1"}}}),
    )
    .await
    .is(200);
    door.delete(&path).await.is(200);
    version(&made).to_owned()
}

pub async fn a_watch_tells_every_change_in_order(door: &Door) -> Went {
    let from = now(door).await;
    let query = format!(
        "labelSelector={}&resourceVersion={from}&timeoutSeconds=3",
        door.mine()
    );
    let ((code, events), _) = tokio::join!(watch(door, &query), live_and_die(door));
    assert_eq!(code, 200);
    let mine: Vec<_> = told(&events)
        .into_iter()
        .filter(|(_, name)| *name == door.node("d"))
        .map(|(kind, _)| kind)
        .collect();
    // A controller may touch a fresh node as well.
    assert_eq!(
        (
            mine.first().map(String::as_str),
            mine.last().map(String::as_str)
        ),
        (Some("ADDED"), Some("DELETED")),
        "{mine:?}"
    );
    assert!(
        mine.len() >= 3
            && mine[1..mine.len() - 1]
                .iter()
                .all(|kind| kind == "MODIFIED"),
        "{mine:?}"
    );
    Went::Well
}

pub async fn a_watch_goes_on_from_a_version(door: &Door) -> Went {
    let from = live_and_die(door).await;
    let query = format!(
        "labelSelector={}&resourceVersion={from}&timeoutSeconds=2",
        door.mine()
    );
    let (code, events) = watch(door, &query).await;
    assert_eq!(code, 200);
    let mine: Vec<_> = told(&events)
        .into_iter()
        .filter(|(_, name)| *name == door.node("d"))
        .map(|(kind, _)| kind)
        .collect();
    assert!(
        !mine.contains(&"ADDED".to_owned()),
        "that was before: {mine:?}"
    );
    assert!(
        mine.contains(&"MODIFIED".to_owned()) && mine.last().is_some_and(|kind| kind == "DELETED"),
        "{mine:?}"
    );
    Went::Well
}

pub async fn a_watch_has_bookmarks_and_an_end(door: &Door) -> Went {
    let from = now(door).await;
    let query = format!(
        "labelSelector={}&resourceVersion={from}&timeoutSeconds=4&allowWatchBookmarks=true",
        door.mine()
    );
    let (code, events) = watch(door, &query).await;
    assert_eq!(code, 200);
    let mark = events
        .iter()
        .find(|event| event["type"] == "BOOKMARK")
        .expect("a bookmark before the end");
    assert!(
        !version(&mark["object"]).is_empty() && mark["object"]["kind"] == "Node",
        "{mark}"
    );
    Went::Well
}

pub async fn a_forgotten_version_is_gone(door: &Door) -> Went {
    if let Some(url) = &door.compact {
        now(door).await;
        let told = call(&door.full, "GET", NODES, "application/json", None).await;
        assert_eq!(told.code, 200);
        reqwest::Client::new()
            .post(url)
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap();
    }
    let (code, events) = watch(door, "resourceVersion=1&timeoutSeconds=2").await;
    let gone = code == 410
        || events.first().is_some_and(|event| {
            event["type"] == "ERROR"
                && event["object"]["code"] == 410
                && event["object"]["kind"] == "Status"
        });
    assert!(gone, "{code} {:?}", events.first());
    Went::Well
}
