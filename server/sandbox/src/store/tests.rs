//! The store keeps versions, history and indexes in step.

use super::{Happened, Key, Kind, Store};
use serde_json::json;

fn pod(name: &str, node: &str) -> serde_json::Value {
    json!({"metadata": {"namespace": "default", "name": name}, "spec": {"nodeName": node}})
}

#[test]
fn a_change_that_changes_nothing_keeps_the_version() {
    let mut store = Store::new(1000);
    store.put(Kind::Pod, pod("a", "node-1"));
    let version = store.version();
    store.update(Kind::Pod, &Key::new("default", "a"), |_| {});
    assert_eq!(store.version(), version);
}

#[test]
fn history_answers_what_happened_behind_a_version_and_expires_after_compaction() {
    let mut store = Store::new(1000);
    store.put(Kind::Pod, pod("a", "node-1"));
    let seen = store.version();
    store.update(Kind::Pod, &Key::new("default", "a"), |pod| {
        pod["spec"]["nodeName"] = json!("node-2");
    });
    store.remove(Kind::Pod, &Key::new("default", "a"));
    let happened: Vec<_> = store
        .changes_after(Kind::Pod, seen)
        .expect("remembered")
        .iter()
        .map(|change| change.happened)
        .collect();
    assert_eq!(happened, [Happened::Modified, Happened::Deleted]);
    store.compact();
    assert!(store.changes_after(Kind::Pod, seen).is_err());
    assert!(store.changes_after(Kind::Pod, store.version()).is_ok());
}

#[test]
fn the_pod_index_follows_a_pod_from_node_to_node() {
    let mut store = Store::new(1000);
    store.put(Kind::Pod, pod("a", "node-1"));
    store.put(Kind::Pod, pod("a", "node-2"));
    assert_eq!(store.pod_count("node-1"), 0);
    assert_eq!(store.pods_on("node-2"), [Key::new("default", "a")]);
    store.remove(Kind::Pod, &Key::new("default", "a"));
    assert_eq!(store.pod_count("node-2"), 0);
}
