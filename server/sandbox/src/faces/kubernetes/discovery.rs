//! What the server says about itself: health, version, groups and resources.

use crate::store::{KINDS, Kind};
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Answers what is open to everyone.
pub fn open(path: &str) -> Option<Response> {
    match path {
        "/readyz" | "/livez" | "/healthz" => Some("ok".into_response()),
        "/version" => Some(
            Json(json!({
                "major": "1", "minor": "36", "gitVersion": "v1.36.1", "gitCommit": "", "gitTreeState": "clean",
                "buildDate": "2026-06-10T00:00:00Z", "goVersion": "go1.26", "compiler": "gc", "platform": "linux/amd64",
            }))
            .into_response(),
        ),
        _ => None,
    }
}

/// Answers the lists of groups and resources.
pub fn described(path: &str) -> Option<Response> {
    let body = match path
        .trim_end_matches('/')
        .split('/')
        .skip(1)
        .collect::<Vec<&str>>()
        .as_slice()
    {
        ["api"] => {
            json!({"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []})
        }
        ["apis"] => json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups()}),
        ["api", "v1"] => resources("", "v1"),
        ["apis", name] if groups().iter().any(|group| group["name"] == *name) => group(name),
        ["apis", name, "v1"] if groups().iter().any(|group| group["name"] == *name) => {
            resources(name, &format!("{name}/v1"))
        }
        _ => return None,
    };
    Some(Json(body).into_response())
}

fn groups() -> Vec<Value> {
    let names: BTreeSet<&str> = KINDS
        .into_iter()
        .map(Kind::group)
        .filter(|name| !name.is_empty())
        .collect();
    names
        .into_iter()
        .chain(["authorization.k8s.io"])
        .map(group)
        .collect()
}

fn group(name: &str) -> Value {
    let version = json!({"groupVersion": format!("{name}/v1"), "version": "v1"});
    json!({"kind": "APIGroup", "apiVersion": "v1", "name": name, "versions": [version], "preferredVersion": version})
}

fn resources(name: &str, version: &str) -> Value {
    let mut list = Vec::new();
    for kind in KINDS.into_iter().filter(|kind| kind.group() == name) {
        let verbs = json!([
            "create", "delete", "get", "list", "patch", "update", "watch"
        ]);
        let entry = json!({
            "name": kind.plural(), "singularName": kind.name().to_lowercase(), "namespaced": kind.namespaced(),
            "kind": kind.name(), "verbs": verbs,
        });
        list.push(entry);
        if kind.has_status() {
            let name = format!("{}/status", kind.plural());
            list.push(json!({
                "name": name, "singularName": "", "namespaced": kind.namespaced(), "kind": kind.name(), "verbs": ["get", "patch", "update"],
            }));
        }
    }
    if name.is_empty() {
        list.push(json!({
            "name": "pods/eviction", "singularName": "", "namespaced": true, "group": "policy", "version": "v1",
            "kind": "Eviction", "verbs": ["create"],
        }));
        list.push(json!({
            "name": "pods/log", "singularName": "", "namespaced": true, "kind": "Pod", "verbs": ["get"],
        }));
    }
    if name == "authorization.k8s.io" {
        list.push(json!({
            "name": "selfsubjectaccessreviews", "singularName": "", "namespaced": false, "kind": "SelfSubjectAccessReview",
            "verbs": ["create"],
        }));
    }
    json!({"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": list})
}
