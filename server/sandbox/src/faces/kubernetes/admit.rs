//! What becomes of a write before it is stored: versions compared, identity kept, rules checked.

use super::Call;
use super::failure::Failure;
use super::ownership::follow_cordon;
use super::path::Sub;
use super::tidy::tidy;
use super::validate::validate;
use crate::field::{number, text};
use crate::realm::Realm;
use crate::store::{Key, Kind};
use serde_json::{Value, json};
use std::sync::Arc;

/// An object as it would be stored.
pub enum Prepared {
    /// As it is already.
    Same(Arc<Value>),
    /// As it should become.
    Changed(Value),
}

/// Changes a copy of the present object, keeps what is the server's, and checks the result.
pub fn prepare(
    realm: &Realm,
    call: &Call,
    key: &Key,
    change: impl FnOnce(&mut Value) -> Result<(), Failure>,
) -> Result<Prepared, Failure> {
    let kind = call.target.kind;
    let before = realm
        .store
        .get(kind, key)
        .ok_or_else(|| Failure::not_found(kind, &key.name))?;
    let mut next = Value::clone(before);
    change(&mut next)?;
    if !next["metadata"].is_object() {
        return Err(Failure::invalid(
            kind,
            &key.name,
            "metadata",
            "Required value",
        ));
    }
    check_identity(kind, key, before, &next)?;
    adopt_identity(&mut next, &before["metadata"]);
    match (call.target.sub, kind.has_status()) {
        (Some(Sub::Status), _) => {
            let status = next["status"].take();
            next = Value::clone(before);
            next["status"] = status;
        }
        (Some(Sub::Eviction | Sub::Log) | None, true) => next["status"] = before["status"].clone(),
        (Some(Sub::Eviction | Sub::Log) | None, false) => {}
    }
    tidy(kind, &mut next);
    validate(kind, &next)?;
    follow_cordon(call, before, &mut next);
    if next == **before {
        return Ok(Prepared::Same(Arc::clone(before)));
    }
    let counted = matches!(
        kind,
        Kind::Deployment
            | Kind::StatefulSet
            | Kind::DaemonSet
            | Kind::ReplicaSet
            | Kind::Job
            | Kind::PodDisruptionBudget
    );
    if counted && next["spec"] != before["spec"] {
        next["metadata"]["generation"] = json!(number(before, "/metadata/generation") + 1);
    }
    Ok(Prepared::Changed(next))
}

/// What the server alone decides stays as it is.
pub fn adopt_identity(object: &mut Value, kept: &Value) {
    if !object["metadata"].is_object() {
        object["metadata"] = json!({});
    }
    for field in [
        "name",
        "namespace",
        "uid",
        "creationTimestamp",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "generation",
    ] {
        let given = &object["metadata"][field];
        let checked = ["name", "namespace", "uid"].contains(&field)
            && given.as_str().is_some_and(|text| !text.is_empty());
        if checked {
            continue;
        }
        match (kept.get(field), object["metadata"].as_object_mut()) {
            (Some(value), Some(metadata)) => {
                metadata.insert(field.to_owned(), value.clone());
            }
            (None, Some(metadata)) => {
                metadata.remove(field);
            }
            (_, None) => {}
        }
    }
    if text(object, "/metadata/resourceVersion").is_empty() {
        object["metadata"]["resourceVersion"] = kept["resourceVersion"].clone();
    }
}

/// Refuses a version or identity that is not the present object's.
fn check_identity(kind: Kind, key: &Key, before: &Value, next: &Value) -> Result<(), Failure> {
    let version = text(next, "/metadata/resourceVersion");
    if !version.is_empty() && version != text(before, "/metadata/resourceVersion") {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        return Err(Failure::conflict(kind, &key.name, why));
    }
    let uid = text(next, "/metadata/uid");
    if !uid.is_empty() && uid != text(before, "/metadata/uid") {
        let why = format!(
            "Precondition failed: UID in precondition: {uid}, UID in object meta: {}",
            text(before, "/metadata/uid")
        );
        return Err(Failure::conflict(kind, &key.name, &why));
    }
    for field in ["name", "namespace"] {
        if before["metadata"][field] != next["metadata"][field] {
            return Err(Failure::invalid(
                kind,
                &key.name,
                &format!("metadata.{field}"),
                "Invalid value: field is immutable",
            ));
        }
    }
    Ok(())
}
