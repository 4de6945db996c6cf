//! The form in which objects are stored.

use crate::store::Kind;
use serde_json::{Value, json};

/// Brings an object into the form in which it is stored: no nulls, no empty defaults.
pub fn tidy(kind: Kind, object: &mut Value) {
    drop_nulls(object);
    object["apiVersion"] = json!(kind.api_version());
    object["kind"] = json!(kind.name());
    if kind == Kind::Node
        && let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut)
    {
        spec.retain(|key, value| {
            let idle = (key == "unschedulable" && *value == false)
                || (key == "taints" && *value == json!([]));
            !idle
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
