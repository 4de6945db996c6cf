//! Create: an object gets its identity, its defaults and its place.

mod first;

use super::failure::Failure;
use super::tidy::tidy;
use super::validate::validate;
use super::write::{Keep, note, respond};
use super::{Call, ownership};
use crate::clock::seconds;
use crate::field::{fresh_uuid, text};
use crate::realm::Realm;
use crate::store::{Key, Kind};
use axum::http::StatusCode;
use axum::response::Response;
use first::{default, first_status};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;

/// `POST` on a list.
pub fn create(call: &Call) -> Result<Response, Failure> {
    let sent: Value = serde_json::from_slice(&call.body)
        .map_err(|error| Failure::bad_request(error.to_string()))?;
    store(call, sent)
}

/// An apply patch on an object that is not there yet.
pub fn apply_new(call: &Call, name: &str, mut wanted: Value) -> Result<Response, Failure> {
    let applied = wanted.clone();
    if !wanted["metadata"].is_object() {
        wanted["metadata"] = json!({});
    }
    wanted["metadata"]["name"] = json!(name);
    let before = wanted.clone();
    ownership::claim(call, &before, &applied, &mut wanted)?;
    store(call, wanted)
}

fn store(call: &Call, mut object: Value) -> Result<Response, Failure> {
    let keep = Keep::wanted(call)?;
    let kind = call.target.kind;
    let sent = object.clone();
    if !object.is_object() || !object["metadata"].is_object() {
        return Err(Failure::bad_request(
            "the body is not an object with metadata",
        ));
    }
    let stored = call.shared.with(|realm, now| {
        let outcome = prepare(realm, call, &mut object, now);
        let status = outcome.as_ref().map_or_else(Failure::code, |()| 201);
        if keep == Keep::Stored {
            note(realm, call, "create", status, sent, now);
        }
        outcome?;
        Ok(match keep {
            Keep::Stored => realm.store.put(kind, object),
            Keep::Discarded => Arc::new(object),
        })
    })?;
    Ok(respond(call, StatusCode::CREATED, &stored))
}

fn prepare(
    realm: &mut Realm,
    call: &Call,
    object: &mut Value,
    now: Timestamp,
) -> Result<(), Failure> {
    let kind = call.target.kind;
    let namespace = &call.target.namespace;
    if kind.namespaced() {
        if namespace.is_empty() {
            return Err(Failure::no_such_path());
        }
        if object["metadata"]["namespace"]
            .as_str()
            .is_some_and(|given| given != namespace)
        {
            return Err(Failure::bad_request(
                "the namespace of the provided object does not match the namespace sent on the request",
            ));
        }
        if realm
            .store
            .get(Kind::Namespace, &Key::cluster(namespace))
            .is_none()
        {
            return Err(Failure::not_found(Kind::Namespace, namespace));
        }
        object["metadata"]["namespace"] = json!(namespace);
    }
    if !text(object, "/metadata/resourceVersion").is_empty() {
        return Err(Failure::bad_request(
            "resourceVersion should not be set on objects to be created",
        ));
    }
    if text(object, "/metadata/name").is_empty()
        && !text(object, "/metadata/generateName").is_empty()
    {
        let name = format!(
            "{}{:05x}",
            text(object, "/metadata/generateName"),
            realm.next_serial()
        );
        object["metadata"]["name"] = json!(name);
    }
    object["metadata"]["uid"] = json!(fresh_uuid());
    object["metadata"]["creationTimestamp"] = json!(seconds(now));
    if kind.has_status() {
        object["status"] = first_status(kind, object);
    }
    default(kind, object);
    tidy(kind, object);
    validate(kind, object)?;
    let key = Key::of(object);
    match realm.store.get(kind, &key) {
        Some(_) => Err(Failure::already_exists(kind, &key.name)),
        None => Ok(()),
    }
}
