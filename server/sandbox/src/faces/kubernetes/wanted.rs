//! Which objects a caller wants, and how much of each.

use super::Call;
use super::failure::Failure;
use crate::selector::{FieldTerm, Requirement, all_hold, fields_from_query, from_query};
use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

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
