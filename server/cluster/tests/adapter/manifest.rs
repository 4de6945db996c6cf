//! The manifest that is shipped, as rules that the sandbox's API server takes.

use cluster::rights::Right;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The manifest.
pub const RBAC: &str = include_str!("../../../deploy/rbac.yaml");

/// Group, resource, namespace (empty: everywhere), verb.
pub type Grant = (String, String, String, String);

fn documents(manifest: &str) -> Vec<Value> {
    let all = manifest.split("\n---\n");
    all.map(|one| serde_saphyr::from_str(one).expect("the manifest is YAML"))
        .collect()
}

/// The rules that are bound to our account, each with the namespace it is good for.
pub fn rules(manifest: &str) -> Vec<Value> {
    let all = documents(manifest);
    let text = |one: &Value, path: &str| {
        one.pointer(path)
            .and_then(Value::as_str)
            .unwrap_or("")
            .to_owned()
    };
    let mut bound = Vec::new();
    for binding in all
        .iter()
        .filter(|one| text(one, "/kind").ends_with("Binding"))
    {
        let us = json!([{"kind": "ServiceAccount", "name": "uncordon", "namespace": "uncordon"}]);
        assert_eq!(binding["subjects"], us, "bound to us and to nobody else");
        let namespace = text(binding, "/metadata/namespace");
        let kind = text(binding, "/roleRef/kind");
        let role = all.iter().find(|one| {
            text(one, "/kind") == kind
                && text(one, "/metadata/name") == text(binding, "/roleRef/name")
                && text(one, "/metadata/namespace") == namespace
        });
        let role = role.expect("a binding names a role of the manifest");
        for rule in role["rules"].as_array().expect("a role has rules") {
            let mut rule = rule.clone();
            if !namespace.is_empty() {
                rule["namespace"] = json!(namespace);
            }
            bound.push(rule);
        }
    }
    bound
}

/// The same, one verb at a time.
pub fn grants(manifest: &str) -> BTreeSet<Grant> {
    let words = |value: &Value| -> Vec<String> {
        let all = value.as_array().expect("a list");
        all.iter()
            .map(|one| one.as_str().expect("a word").to_owned())
            .collect()
    };
    let mut grants = BTreeSet::new();
    for rule in rules(manifest) {
        let namespace = rule["namespace"].as_str().unwrap_or("").to_owned();
        for group in words(&rule["apiGroups"]) {
            for resource in words(&rule["resources"]) {
                for verb in words(&rule["verbs"]) {
                    grants.insert((group.clone(), resource.clone(), namespace.clone(), verb));
                }
            }
        }
    }
    grants
}

/// What the code says it uses.
pub fn listed(rights: &[Right]) -> BTreeSet<Grant> {
    rights
        .iter()
        .flat_map(|right| {
            right.verbs.iter().map(|verb| {
                let namespace = right.namespace.unwrap_or_default();
                (
                    right.group.to_owned(),
                    right.resource.to_owned(),
                    namespace.to_owned(),
                    (*verb).to_owned(),
                )
            })
        })
        .collect()
}

/// What a caller of the sandbox was seen to do there.
pub fn used(callers: &Value, name: &str) -> BTreeSet<Grant> {
    let all = callers["used"][name].as_array().into_iter().flatten();
    all.map(|one| {
        let text = |key: &str| one[key].as_str().unwrap_or("").to_owned();
        (
            text("group"),
            text("resource"),
            text("namespace"),
            text("verb"),
        )
    })
    .collect()
}
