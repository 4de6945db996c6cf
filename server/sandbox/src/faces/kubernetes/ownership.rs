//! Field ownership of apply patches, in the form of `metadata.managedFields`.

use super::Call;
use super::failure::Failure;
use crate::clock::seconds;
use crate::field::{list, text};
use serde_json::{Map, Value, json};

/// Gives the applied fields to the caller's manager; refuses when another one holds them with another value.
pub fn claim(
    call: &Call,
    before: &Value,
    wanted: &Value,
    object: &mut Value,
) -> Result<(), Failure> {
    let manager = call.query.get("fieldManager");
    let mut mine = Vec::new();
    leaves(wanted, &mut Vec::new(), &mut mine);
    mine.retain(|path| !is_identity(path));
    let others: Vec<Value> = list(before, "/metadata/managedFields")
        .iter()
        .filter(|entry| entry["manager"] != manager)
        .cloned()
        .collect();
    let mut contested = Vec::new();
    for entry in &others {
        let held = mine.iter().filter(|path| {
            holds(&entry["fieldsV1"], path) && find(before, path) != find(wanted, path)
        });
        contested.extend(held.map(|path| (text(entry, "/manager").to_owned(), path.clone())));
    }
    if !contested.is_empty() && !call.query.is_on("force") {
        return Err(refuse(&contested));
    }
    let mut entries = others;
    for entry in &mut entries {
        for (_, path) in &contested {
            release(&mut entry["fieldsV1"], path);
        }
    }
    let earlier = list(before, "/metadata/managedFields")
        .iter()
        .find(|entry| entry["manager"] == manager);
    if let Some(earlier) = earlier {
        let mut gone = Vec::new();
        leaves(&earlier["fieldsV1"], &mut Vec::new(), &mut gone);
        for path in gone
            .iter()
            .map(|path| plain(path))
            .filter(|path| !mine.contains(path))
        {
            if !entries.iter().any(|entry| holds(&entry["fieldsV1"], &path)) {
                remove(object, &path);
            }
        }
    }
    let mut tree = json!({});
    mine.iter().for_each(|path| hold(&mut tree, path));
    let since = match earlier {
        Some(earlier) if earlier["fieldsV1"] == tree => text(earlier, "/time").to_owned(),
        Some(_) | None => seconds(call.shared.clock.now()),
    };
    entries.push(json!({
        "manager": manager, "operation": "Apply", "apiVersion": call.target.kind.api_version(), "fieldsType": "FieldsV1",
        "time": since, "fieldsV1": tree,
    }));
    object["metadata"]["managedFields"] = Value::Array(entries);
    Ok(())
}

fn refuse(contested: &[(String, Vec<String>)]) -> Failure {
    let causes: Vec<Value> = contested
        .iter()
        .map(|(manager, path)| {
            let field = format!(".{}", path.join("."));
            json!({"reason": "FieldManagerConflict", "message": format!("conflict with {manager:?}"), "field": field})
        })
        .collect();
    let message = format!(
        "Apply failed with {} conflict(s): {}",
        causes.len(),
        text(&causes[0], "/message")
    );
    Failure::new(409, "Conflict", message).with_details(json!({ "causes": causes }))
}

fn is_identity(path: &[String]) -> bool {
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

/// The paths of everything that is not itself an object with fields; lists are taken whole.
fn leaves(value: &Value, path: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
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

fn plain(path: &[String]) -> Vec<String> {
    path.iter()
        .map(|part| part.strip_prefix("f:").unwrap_or(part).to_owned())
        .collect()
}

fn find<'a>(value: &'a Value, path: &[String]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| value.get(key))
}

fn holds(tree: &Value, path: &[String]) -> bool {
    path.iter()
        .try_fold(tree, |tree, key| tree.get(format!("f:{key}")))
        .is_some()
}

fn hold(tree: &mut Value, path: &[String]) {
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

fn release(tree: &mut Value, path: &[String]) {
    let marked: Vec<String> = path.iter().map(|key| format!("f:{key}")).collect();
    remove(tree, &marked);
}

fn remove(value: &mut Value, path: &[String]) {
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
