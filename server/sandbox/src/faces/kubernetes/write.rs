//! Replace and patch: one object, compare-and-swap on its version, nothing stored in a dry run.

use super::admit::{Prepared, adopt_identity, prepare};
use super::failure::Failure;
use super::patch::Patch;
use super::read::answer;
use super::wanted::Shape;
use super::{Call, create};
use crate::ledger::{Entry, Face};
use crate::realm::Realm;
use crate::store::{Key, Kind};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::Value;
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
    let user = call.caller.name.clone();
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
