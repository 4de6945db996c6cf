//! Delete: pods leave gracefully, everything else at once and its pods behind it.

use super::Call;
use super::failure::Failure;
use super::write::{Keep, note, respond};
use crate::field::text;
use crate::realm::Realm;
use crate::store::{Key, Kind};
use crate::tick::dismiss;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;

/// `DELETE` of one object.
pub fn delete(call: &Call, name: &str) -> Result<Response, Failure> {
    let options: Value = if call.body.is_empty() {
        Value::Null
    } else {
        serde_json::from_slice(&call.body).unwrap_or_default()
    };
    let keep = match options["dryRun"][0].as_str() {
        Some("All") => Keep::Discarded,
        Some(_) | None => Keep::wanted(call)?,
    };
    let grace = call
        .query
        .get("gracePeriodSeconds")
        .parse()
        .ok()
        .or_else(|| options["gracePeriodSeconds"].as_i64());
    let key = Key::new(&call.target.namespace, name);
    let kind = call.target.kind;
    let last = call.shared.with(|realm, now| {
        let outcome = check(realm, kind, &key, &options);
        if keep == Keep::Stored {
            note(
                realm,
                call,
                "delete",
                outcome.as_ref().map_or_else(Failure::code, |_| 200),
                options.clone(),
                now,
            );
        }
        let present = outcome?;
        if keep == Keep::Stored {
            remove(realm, kind, &key, grace, now);
        }
        let left = realm.store.get(kind, &key).map(Arc::clone);
        Ok(if kind == Kind::Pod {
            left.or(Some(present))
        } else {
            None
        })
    })?;
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success",
        "details": {"name": name, "group": kind.group(), "kind": kind.plural()},
    });
    Ok(respond(
        call,
        StatusCode::OK,
        last.as_deref().unwrap_or(&status),
    ))
}

/// Takes an object away, or begins to.
fn remove(realm: &mut Realm, kind: Kind, key: &Key, grace: Option<i64>, now: Timestamp) {
    let Some(object) = realm.store.get(kind, key).map(Arc::clone) else {
        return;
    };
    if kind == Kind::Pod && grace != Some(0) && !text(&object, "/spec/nodeName").is_empty() {
        realm
            .store
            .update(kind, key, |pod| dismiss(pod, grace, now));
        return;
    }
    realm.store.remove(kind, key);
    for pod in realm.store.pods_of(text(&object, "/metadata/uid")) {
        realm
            .store
            .update(Kind::Pod, &pod, |pod| dismiss(pod, None, now));
    }
    if kind == Kind::Deployment {
        let uid = text(&object, "/metadata/uid");
        let sets: Vec<Key> = realm
            .store
            .iter(Kind::ReplicaSet, &key.namespace, None)
            .filter(|(_, set)| crate::store::controller(set) == uid)
            .map(|(key, _)| key.clone())
            .collect();
        for set in sets {
            remove(realm, Kind::ReplicaSet, &set, None, now);
        }
    }
}

fn check(realm: &Realm, kind: Kind, key: &Key, options: &Value) -> Result<Arc<Value>, Failure> {
    let present = realm
        .store
        .get(kind, key)
        .ok_or_else(|| Failure::not_found(kind, &key.name))?;
    for field in ["uid", "resourceVersion"] {
        let wanted = text(&options["preconditions"], &format!("/{field}"));
        let found = text(present, &format!("/metadata/{field}"));
        if !wanted.is_empty() && wanted != found {
            let why = format!(
                "Precondition failed: {field} in precondition: {wanted}, {field} in object meta: {found}"
            );
            return Err(Failure::conflict(kind, &key.name, &why));
        }
    }
    Ok(Arc::clone(present))
}
