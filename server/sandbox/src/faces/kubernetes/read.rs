//! Get and list: whole objects or their metadata, in pages.

use super::Call;
use super::failure::Failure;
use super::page::Page;
use super::wanted::{Filter, Shape};
use crate::store::{Key, Kind};
use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// `GET` of one object.
pub fn get(call: &Call, name: &str) -> Result<Response, Failure> {
    let key = Key::new(&call.target.namespace, name);
    let kind = call.target.kind;
    let found = call
        .shared
        .with(|realm, _| realm.store.get(kind, &key).map(Arc::clone));
    let object = found.ok_or_else(|| Failure::not_found(kind, name))?;
    Ok(answer(Shape::wanted(&call.headers).write(&object)))
}

/// `GET` of a list, `limit` at a time.
pub fn list(call: &Call) -> Result<Response, Failure> {
    let filter = Filter::read(call)?;
    let kind = call.target.kind;
    let limit: usize = call
        .query
        .get("limit")
        .parse()
        .ok()
        .filter(|limit| *limit > 0)
        .unwrap_or(usize::MAX);
    let start = match call.query.get("continue") {
        "" => None,
        token => Some(
            Page::read(token).ok_or_else(|| Failure::bad_request("continue key is not valid"))?,
        ),
    };
    let (version, items, more, left) = call.shared.with(|realm, _| {
        let version = start
            .as_ref()
            .map_or(realm.store.version(), |page| page.version);
        if !realm.store.remembers(version) {
            return Err(Failure::expired(
                "The provided continue parameter is too old to display a consistent list result.",
            ));
        }
        let after = start.as_ref().map(|page| &page.key);
        let mut fitting = realm
            .store
            .iter(kind, &call.target.namespace, after)
            .filter(|(_, object)| filter.fits(object));
        let items: Vec<Arc<Value>> = fitting
            .by_ref()
            .take(limit)
            .map(|(_, object)| Arc::clone(object))
            .collect();
        let left = fitting.count();
        let more = items.last().filter(|_| left > 0).map(|last| Page {
            version,
            key: Key::of(last),
        });
        Ok((version, items, more, left))
    })?;
    let mut metadata = json!({"resourceVersion": version.to_string()});
    if let Some(page) = more {
        metadata["continue"] = json!(page.write());
        metadata["remainingItemCount"] = json!(left);
    }
    Ok(answer(write_list(
        kind,
        Shape::wanted(&call.headers),
        &metadata,
        &items,
    )))
}

/// A JSON answer.
pub fn answer(body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

fn write_list(kind: Kind, shape: Shape, metadata: &Value, items: &[Arc<Value>]) -> Vec<u8> {
    let (name, version) = match shape {
        Shape::Whole => (format!("{}List", kind.name()), kind.api_version()),
        Shape::Metadata => (
            "PartialObjectMetadataList".to_owned(),
            "meta.k8s.io/v1".to_owned(),
        ),
    };
    let mut body = format!(
        "{{\"kind\":{name:?},\"apiVersion\":{version:?},\"metadata\":{metadata},\"items\":["
    )
    .into_bytes();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        body.extend(shape.write(item));
    }
    body.extend_from_slice(b"]}");
    body
}
