//! Replace and patch: one object, compare-and-swap on its version, nothing stored in a dry run.

use super::failure::Failure;
use super::patch::Patch;
use super::path::Sub;
use super::read::{Shape, answer};
use super::validate::validate;
use super::{Call, create};
use crate::field::{number, text};
use crate::ledger::{Entry, Face};
use crate::realm::Realm;
use crate::store::{Key, Kind};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;

/// Whether a write is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// It is.
    Stored,
    /// `dryRun=All`.
    Discarded,
}

impl Keep {
    /// What the query asks for.
    pub fn wanted(call: &Call) -> Result<Keep, Failure> {
        match call.query.get("dryRun") {
            "" => Ok(Keep::Stored),
            "All" => Ok(Keep::Discarded),
            other => Err(Failure::bad_request(format!(
                "dryRun: Unsupported value: {other:?}: supported values: \"All\""
            ))),
        }
    }
}

/// `PUT`.
pub fn replace(call: &Call, name: &str) -> Result<Response, Failure> {
    let sent: Value = serde_json::from_slice(&call.body)
        .map_err(|error| Failure::bad_request(error.to_string()))?;
    if !sent.is_object() {
        return Err(Failure::bad_request("the body is not an object"));
    }
    if sent["metadata"]["name"]
        .as_str()
        .is_some_and(|given| given != name)
    {
        return Err(Failure::bad_request(
            "the name of the object does not match the name on the URL",
        ));
    }
    store(call, name, "update", sent.clone(), move |object| {
        let kept = object["metadata"].clone();
        *object = sent;
        adopt_identity(object, &kept);
        Ok(())
    })
}

/// `PATCH`.
pub fn patch(call: &Call, name: &str) -> Result<Response, Failure> {
    let patch = Patch::read(&call.headers, &call.body)?;
    if matches!(patch, Patch::Apply(_)) && call.query.get("fieldManager").is_empty() {
        return Err(Failure::bad_request(
            "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch",
        ));
    }
    let sent = patch.to_value();
    let key = Key::new(&call.target.namespace, name);
    let absent = call
        .shared
        .with(|realm, _| realm.store.get(call.target.kind, &key).is_none());
    if let (true, Patch::Apply(wanted)) = (absent, &patch) {
        return create::apply_new(call, name, wanted.clone());
    }
    store(call, name, "patch", sent, |object| {
        let before = object.clone();
        patch.apply(object)?;
        if let Patch::Apply(wanted) = &patch {
            super::ownership::claim(call, &before, wanted, object)?;
        }
        Ok(())
    })
}

/// Writes a line of the ledger for a call on this face.
pub fn note(realm: &mut Realm, call: &Call, verb: &str, status: u16, body: Value, now: Timestamp) {
    let node = match call.target.kind {
        Kind::Node => call
            .target
            .name
            .clone()
            .or_else(|| body["metadata"]["name"].as_str().map(str::to_owned)),
        _ => None,
    };
    let user = call.caller.name().to_owned();
    let entry = Entry {
        face: Face::Kubernetes,
        verb: verb.to_owned(),
        path: call.path.clone(),
        node,
        status,
        user,
        body,
    };
    realm.ledger.record(now, entry);
}

/// An answer with an object in it.
pub fn respond(call: &Call, status: StatusCode, object: &Value) -> Response {
    let mut response = answer(Shape::wanted(&call.headers).write(object));
    *response.status_mut() = status;
    response
}

fn store(
    call: &Call,
    name: &str,
    verb: &str,
    sent: Value,
    change: impl FnOnce(&mut Value) -> Result<(), Failure>,
) -> Result<Response, Failure> {
    let keep = Keep::wanted(call)?;
    let key = Key::new(&call.target.namespace, name);
    let kind = call.target.kind;
    let stored = call.shared.with(|realm, now| {
        let outcome = prepare(realm, call, &key, change);
        let status = outcome.as_ref().map_or_else(Failure::code, |_| 200);
        if keep == Keep::Stored {
            note(realm, call, verb, status, sent, now);
        }
        match (outcome?, keep) {
            (Prepared::Same(object), _) => Ok(object),
            (Prepared::Changed(object), Keep::Stored) => Ok(realm.store.put(kind, object)),
            (Prepared::Changed(object), Keep::Discarded) => Ok(Arc::new(object)),
        }
    })?;
    Ok(respond(call, StatusCode::OK, &stored))
}

/// An object as it would be stored.
enum Prepared {
    Same(Arc<Value>),
    Changed(Value),
}

fn prepare(
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
    let version = text(&next, "/metadata/resourceVersion");
    if !version.is_empty() && version != text(before, "/metadata/resourceVersion") {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        return Err(Failure::conflict(kind, &key.name, why));
    }
    let uid = text(&next, "/metadata/uid");
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
    adopt_identity(&mut next, &before["metadata"]);
    match (call.target.sub, kind.has_status()) {
        (Some(Sub::Status), _) => {
            let status = next["status"].take();
            next = Value::clone(before);
            next["status"] = status;
        }
        (Some(Sub::Eviction) | None, true) => next["status"] = before["status"].clone(),
        (Some(Sub::Eviction) | None, false) => {}
    }
    tidy(kind, &mut next);
    validate(kind, &next)?;
    if next == **before {
        return Ok(Prepared::Same(Arc::clone(before)));
    }
    let counted = matches!(
        kind,
        Kind::Deployment
            | Kind::StatefulSet
            | Kind::DaemonSet
            | Kind::ReplicaSet
            | Kind::PodDisruptionBudget
    );
    if counted && next["spec"] != before["spec"] {
        next["metadata"]["generation"] = json!(number(before, "/metadata/generation") + 1);
    }
    Ok(Prepared::Changed(next))
}

/// What the server alone decides stays as it is.
fn adopt_identity(object: &mut Value, kept: &Value) {
    object["apiVersion"] = object["apiVersion"].take();
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

/// Brings an object into the form in which it is stored: no nulls, no empty defaults.
pub fn tidy(kind: Kind, object: &mut Value) {
    drop_nulls(object);
    object["apiVersion"] = json!(kind.api_version());
    object["kind"] = json!(kind.name());
    if kind == Kind::Node
        && let Some(spec) = object["spec"].as_object_mut()
    {
        spec.retain(|key, value| {
            !(key == "unschedulable" && *value == false)
                && !(key == "taints" && *value == json!([]))
        });
    }
    if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.retain(|_, value| !value.as_object().is_some_and(serde_json::Map::is_empty));
    }
}

fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
