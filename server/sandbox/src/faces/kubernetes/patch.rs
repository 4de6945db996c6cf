//! The patch formats.

mod merge;

use super::failure::Failure;
use super::json_patch::take_step;
use super::strategic;
use axum::http::{HeaderMap, header};
use merge::merge;
use serde_json::Value;

/// A patch, read and not yet applied.
#[derive(Debug, Clone, PartialEq)]
pub enum Patch {
    /// `application/merge-patch+json`.
    Merge(Value),
    /// `application/strategic-merge-patch+json`.
    Strategic(Value),
    /// `application/json-patch+json`.
    Json(Vec<Value>),
    /// `application/apply-patch+yaml`, in its JSON subset.
    Apply(Value),
}

impl Patch {
    /// Reads a patch by its content type.
    pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<Patch, Failure> {
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        let kind = kind.split(';').next().unwrap_or("").trim();
        let parsed: Value = serde_json::from_slice(body)
            .map_err(|error| Failure::bad_request(format!("error decoding patch: {error}")))?;
        match (kind, parsed) {
            ("application/merge-patch+json", patch @ Value::Object(_)) => Ok(Patch::Merge(patch)),
            ("application/strategic-merge-patch+json", patch @ Value::Object(_)) => {
                Ok(Patch::Strategic(patch))
            }
            ("application/json-patch+json", Value::Array(steps)) => Ok(Patch::Json(steps)),
            (
                "application/apply-patch+yaml" | "application/apply-patch+json",
                patch @ Value::Object(_),
            ) => Ok(Patch::Apply(patch)),
            (
                "application/merge-patch+json"
                | "application/strategic-merge-patch+json"
                | "application/json-patch+json"
                | "application/apply-patch+yaml"
                | "application/apply-patch+json",
                _,
            ) => Err(Failure::bad_request(
                "error decoding patch: the body has the wrong shape for its media type",
            )),
            (other, _) => Err(Failure::unsupported(other)),
        }
    }

    /// Applies the patch to an object.
    pub fn apply(&self, object: &mut Value) -> Result<(), Failure> {
        match self {
            Patch::Merge(patch) => merge(object, patch),
            Patch::Strategic(patch) => strategic::merge(object, patch),
            Patch::Apply(patch) => strategic::merge(object, patch),
            Patch::Json(steps) => {
                for step in steps {
                    take_step(object, step)?;
                }
            }
        }
        Ok(())
    }

    /// What was sent.
    pub fn to_value(&self) -> Value {
        match self {
            Patch::Merge(patch) | Patch::Strategic(patch) | Patch::Apply(patch) => patch.clone(),
            Patch::Json(steps) => Value::Array(steps.clone()),
        }
    }
}

#[cfg(test)]
mod tests;
