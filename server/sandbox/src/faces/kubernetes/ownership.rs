//! Field ownership of apply patches, in the form of `metadata.managedFields`.

mod cordon;
mod tree;

pub use cordon::follow_cordon;

use super::Call;
use super::failure::Failure;
use crate::clock::seconds;
use crate::field::{list, text};
use serde_json::{Value, json};
use tree::{find, hold, holds, is_identity, leaves, plain, release, remove};

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
        let_go(earlier, &mine, &entries, object);
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

/// Removes what the manager applied before and does not apply any more, unless another one holds it.
fn let_go(earlier: &Value, mine: &[Vec<String>], others: &[Value], object: &mut Value) {
    let mut gone = Vec::new();
    leaves(&earlier["fieldsV1"], &mut Vec::new(), &mut gone);
    let gone = gone.iter().map(|path| plain(path));
    for path in gone.filter(|path| !mine.contains(path)) {
        if !others.iter().any(|entry| holds(&entry["fieldsV1"], &path)) {
            remove(object, &path);
        }
    }
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
