//! What the server says about itself: health, version, groups and resources.

use crate::realm::Shared;
use crate::store::{KINDS, Key, Kind};
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

/// Whether a kind is served: the server's own always, others while their definition is there.
pub fn serves(shared: &Shared, kind: Kind) -> bool {
    let defined = || {
        let key = Key::cluster(&kind.resource());
        shared.with(|realm, _| realm.store.get(Kind::Definition, &key).is_some())
    };
    !matches!(kind, Kind::Custom(_)) || defined()
}

/// Answers the lists of groups and resources.
pub fn described(path: &str, shared: &Shared) -> Option<Response> {
    // Longer paths point at objects.
    if path.trim_end_matches('/').split('/').count() > 4 {
        return None;
    }
    let kinds: Vec<Kind> = KINDS
        .into_iter()
        .filter(|kind| serves(shared, *kind))
        .collect();
    let kinds = kinds.as_slice();
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
        ["apis"] => {
            json!({"kind": "APIGroupList", "apiVersion": "v1", "groups": groups(kinds).map(group).collect::<Vec<Value>>()})
        }
        ["api", "v1"] => resources(kinds, "", "v1"),
        ["apis", name] => group(groups(kinds).find(|(one, _)| one == name)?),
        ["apis", name, version] if groups(kinds).any(|one| one == (*name, *version)) => {
            resources(kinds, name, &format!("{name}/{version}"))
        }
        _ => return None,
    };
    Some(Json(body).into_response())
}

/// Groups and the version of each.
fn groups(kinds: &[Kind]) -> impl Iterator<Item = (&'static str, &'static str)> {
    let names: BTreeSet<(&str, &str)> = kinds
        .iter()
        .map(|kind| (kind.group(), kind.version()))
        .filter(|(name, _)| !name.is_empty())
        .collect();
    names.into_iter().chain([("authorization.k8s.io", "v1")])
}

fn group((name, version): (&str, &str)) -> Value {
    let version = json!({"groupVersion": format!("{name}/{version}"), "version": version});
    json!({"kind": "APIGroup", "apiVersion": "v1", "name": name, "versions": [version], "preferredVersion": version})
}

fn resources(kinds: &[Kind], name: &str, version: &str) -> Value {
    let mut list = Vec::new();
    for kind in kinds.iter().filter(|kind| kind.group() == name) {
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
