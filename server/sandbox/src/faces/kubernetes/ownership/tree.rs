//! Paths through objects and through `fieldsV1`.

use serde_json::{Map, Value, json};

/// The paths of everything that is not itself an object with fields; lists are taken whole.
pub fn leaves(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    match value.as_object().filter(|fields| !fields.is_empty()) {
        Some(fields) => {
            for (key, field) in fields {
                path.push(key.clone());
                leaves(field, path, found);
                path.pop();
            }
        }
        None if path.is_empty() => {}
        None => found.push(path.clone()),
    }
}

/// A path of `fieldsV1` without its marks.
pub fn plain(path: &[String]) -> Vec<String> {
    path.iter()
        .map(|part| part.strip_prefix("f:").unwrap_or(part).to_owned())
        .collect()
}

/// What stands at a path.
pub fn find<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

/// Whether `fieldsV1` names a path.
pub fn holds(tree: &Value, path: &[String]) -> bool {
    path.iter()
        .try_fold(tree, |tree, key| tree.get(format!("f:{key}")))
        .is_some()
}

/// Writes a path into `fieldsV1`.
pub fn hold(tree: &mut Value, path: &[String]) {
    let mut place = tree;
    for key in path {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[format!("f:{key}")];
    }
    if place.is_null() {
        *place = json!({});
    }
}

/// Takes a path out of `fieldsV1`.
pub fn release(tree: &mut Value, path: &[String]) {
    let marked: Vec<String> = path.iter().map(|key| format!("f:{key}")).collect();
    remove(tree, &marked);
}

/// Takes away what stands at a path.
pub fn remove(value: &mut Value, path: &[String]) {
    let Some((last, parents)) = path.split_last() else {
        return;
    };
    let parent = parents
        .iter()
        .try_fold(value, |value, key| value.get_mut(key));
    if let Some(Value::Object(fields)) = parent {
        fields.remove(last);
    }
}

/// Whether a path is part of what an object is rather than of what it should be: nobody owns it.
pub fn is_identity(path: &[String]) -> bool {
    match path
        .iter()
        .map(String::as_str)
        .collect::<Vec<&str>>()
        .as_slice()
    {
        ["apiVersion" | "kind"] => true,
        ["metadata", field, ..] => {
            !["labels", "annotations", "finalizers", "ownerReferences"].contains(field)
        }
        _ => false,
    }
}
