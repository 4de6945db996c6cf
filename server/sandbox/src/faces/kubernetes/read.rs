//! Get and list: whole objects or their metadata, in pages.

use super::Call;
use super::failure::Failure;
use crate::selector::{FieldTerm, Requirement, all_hold, fields_from_query, from_query};
use crate::store::{Key, Kind};
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

/// How much of an object the caller wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// All of it.
    Whole,
    /// `PartialObjectMetadata`.
    Metadata,
}

/// Which objects of a kind the caller wants.
pub struct Filter {
    namespace: String,
    labels: Vec<Requirement>,
    fields: Vec<FieldTerm>,
}

impl Shape {
    /// What `Accept` asks for.
    pub fn wanted(headers: &HeaderMap) -> Shape {
        let accept = headers
            .get(header::ACCEPT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        if accept.contains("as=PartialObjectMetadata") {
            Shape::Metadata
        } else {
            Shape::Whole
        }
    }

    /// The object in this shape, as JSON text.
    pub fn write(self, object: &Value) -> Vec<u8> {
        match self {
            Shape::Whole => object.to_string().into_bytes(),
            Shape::Metadata => {
                let metadata = json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]});
                metadata.to_string().into_bytes()
            }
        }
    }
}

impl Filter {
    /// Reads the selectors of a query.
    pub fn read(call: &Call) -> Result<Filter, Failure> {
        Ok(Filter {
            namespace: call.target.namespace.clone(),
            labels: from_query(call.query.get("labelSelector")).map_err(Failure::bad_request)?,
            fields: fields_from_query(call.query.get("fieldSelector"))
                .map_err(Failure::bad_request)?,
        })
    }

    /// Whether an object is wanted.
    pub fn fits(&self, object: &Value) -> bool {
        (self.namespace.is_empty() || object["metadata"]["namespace"] == *self.namespace)
            && all_hold(&self.labels, &object["metadata"]["labels"])
            && self.fields.iter().all(|term| term.holds(object))
    }
}

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

/// Where the next page begins; on the wire it is opaque.
struct Page {
    version: u64,
    key: Key,
}

impl Page {
    fn write(&self) -> String {
        format!("{}/{}/{}", self.version, self.key.namespace, self.key.name)
            .bytes()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    fn read(token: &str) -> Option<Page> {
        let digits = token
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
        let plain = String::from_utf8(digits.collect::<Option<Vec<u8>>>()?).ok()?;
        let mut parts = plain.splitn(3, '/');
        let version = parts.next()?.parse().ok()?;
        Some(Page {
            version,
            key: Key::new(parts.next()?, parts.next()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Page;
    use crate::store::Key;

    #[test]
    fn a_page_token_survives_the_wire_and_nonsense_does_not() {
        let page = Page {
            version: 7,
            key: Key::new("default", "web-1"),
        };
        let back = Page::read(&page.write()).expect("readable");
        assert_eq!((back.version, back.key), (page.version, page.key));
        assert!(Page::read("zz").is_none());
    }
}
