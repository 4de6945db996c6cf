//! Reading and writing single fields of the JSON objects the world is made of.

mod name;

pub use name::{fresh_uuid, hash, uuid};

use crate::clock::seconds;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The text at a JSON pointer, or the empty text.
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

/// The whole number at a JSON pointer, or 0.
pub fn number(value: &Value, pointer: &str) -> i64 {
    value.pointer(pointer).and_then(Value::as_i64).unwrap_or(0)
}

/// The list at a JSON pointer, or the empty list.
pub fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The status (`True`, `False`, `Unknown`) of one of an object's conditions, or the empty text.
pub fn condition<'a>(object: &'a Value, kind: &str) -> &'a str {
    list(object, "/status/conditions")
        .iter()
        .find(|one| one["type"] == kind)
        .map_or("", |one| text(one, "/status"))
}

/// One of an object's conditions as it should be from now on.
pub struct Condition<'a> {
    /// Its `type`.
    pub kind: &'a str,
    /// `True`, `False` or `Unknown`.
    pub status: &'a str,
    /// Its CamelCase reason; empty leaves the field out.
    pub reason: &'a str,
    /// A sentence for people; empty leaves the field out.
    pub message: &'a str,
}

/// Writes a condition; its transition time moves only when the status changes.
pub fn set_condition(object: &mut Value, wanted: &Condition<'_>, now: Timestamp) {
    if !object["status"]["conditions"].is_array() {
        object["status"]["conditions"] = json!([]);
    }
    let Some(conditions) = object["status"]["conditions"].as_array_mut() else {
        return;
    };
    let place = conditions.iter().position(|one| one["type"] == wanted.kind);
    let since = place
        .map(|index| &conditions[index])
        .filter(|one| one["status"] == wanted.status)
        .and_then(|one| one["lastTransitionTime"].as_str())
        .map_or_else(|| seconds(now), str::to_owned);
    let mut next =
        json!({"type": wanted.kind, "status": wanted.status, "lastTransitionTime": since});
    if !wanted.reason.is_empty() {
        next["reason"] = json!(wanted.reason);
    }
    if !wanted.message.is_empty() {
        next["message"] = json!(wanted.message);
    }
    if let Some(beat) = place.and_then(|index| conditions[index].get("lastHeartbeatTime")) {
        next["lastHeartbeatTime"] = beat.clone();
    }
    match place {
        Some(index) => conditions[index] = next,
        None => conditions.push(next),
    }
}

#[cfg(test)]
mod tests;
