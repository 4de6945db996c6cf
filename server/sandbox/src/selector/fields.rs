//! Field selectors.

use crate::field::text;
use serde_json::Value;

/// One condition on one field: path, wanted value, and whether it must be equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldTerm {
    pointer: String,
    value: String,
    equal: bool,
}

impl FieldTerm {
    /// Whether an object fulfils it.
    pub fn holds(&self, object: &Value) -> bool {
        (text(object, &self.pointer) == self.value) == self.equal
    }
}

/// Reads `metadata.name=a,spec.nodeName!=b`; a field we do not index is an error, as on a real server.
pub fn fields_from_query(query: &str) -> Result<Vec<FieldTerm>, String> {
    query
        .split(',')
        .filter(|part| !part.trim().is_empty())
        .map(parse_field)
        .collect()
}

const FIELDS: [&str; 12] = [
    "metadata.name",
    "metadata.namespace",
    "spec.nodeName",
    "spec.unschedulable",
    "spec.restartPolicy",
    "status.phase",
    "status.podIP",
    "involvedObject.name",
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.uid",
    "reason",
];

fn parse_field(part: &str) -> Result<FieldTerm, String> {
    let (field, value, equal) = if let Some((field, value)) = part.split_once("!=") {
        (field, value, false)
    } else if let Some((field, value)) = part.split_once("==").or_else(|| part.split_once('=')) {
        (field, value, true)
    } else {
        return Err(format!(
            "invalid selector: {part:?}; can't understand {part:?}"
        ));
    };
    if !FIELDS.contains(&field.trim()) {
        return Err(format!("field label not supported: {}", field.trim()));
    }
    let pointer = format!("/{}", field.trim().replace('.', "/"));
    Ok(FieldTerm {
        pointer,
        value: value.trim().to_owned(),
        equal,
    })
}
