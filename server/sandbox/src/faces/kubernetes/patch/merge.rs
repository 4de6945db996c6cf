//! The merge of RFC 7386.

use serde_json::{Map, Value};

/// Merges: objects deeply, `null` removes, everything else replaces.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(present) = target.as_object_mut() else {
        return;
    };
    for (key, value) in fields {
        if value.is_null() {
            present.remove(key);
        } else {
            merge(present.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}
