//! Strategic merge: like a merge, but some lists are merged by a key instead of replaced.

mod lists;

use lists::{delete_from, key_of, unite};
use serde_json::{Map, Value};

/// Merges `patch` into `target`.
pub fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(fields) = patch else {
        *target = patch.clone();
        return;
    };
    if fields.get("$patch").is_some_and(|word| word == "replace") {
        *target = Value::Object(
            fields
                .iter()
                .filter(|(key, _)| *key != "$patch")
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        );
        return;
    }
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(present) = target.as_object_mut() else {
        return;
    };
    for (key, value) in fields {
        if key.starts_with("$setElementOrder/") || key == "$retainKeys" {
            continue;
        }
        if let Some(list) = key.strip_prefix("$deleteFromPrimitiveList/") {
            delete_from(present.get_mut(list), value);
        } else if value.is_null() {
            present.remove(key);
        } else if let (Some(by), Value::Array(items)) = (key_of(key), value) {
            merge_list(present.entry(key.clone()).or_insert(Value::Null), items, by);
        } else if let (Value::Array(items), "finalizers") = (value, key.as_str()) {
            unite(present.entry(key.clone()).or_insert(Value::Null), items);
        } else {
            merge(present.entry(key.clone()).or_insert(Value::Null), value);
        }
    }
}

fn merge_list(target: &mut Value, items: &[Value], by: &str) {
    if !target.is_array() || items.iter().any(|item| item["$patch"] == "replace") {
        *target = Value::Array(Vec::new());
    }
    let Some(present) = target.as_array_mut() else {
        return;
    };
    for item in items.iter().filter(|item| item["$patch"] != "replace") {
        let place = present.iter().position(|one| one[by] == item[by]);
        match (place, item["$patch"] == "delete") {
            (Some(index), true) => {
                present.remove(index);
            }
            (Some(index), false) => merge(&mut present[index], item),
            (None, true) => {}
            (None, false) => present.push(item.clone()),
        }
    }
}

#[cfg(test)]
mod tests;
