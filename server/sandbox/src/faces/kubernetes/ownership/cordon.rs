//! Ownership by ordinary writes, kept for the one field people ask about: who cordoned a node.

use super::tree::{hold, release, remove};
use crate::clock::seconds;
use crate::faces::kubernetes::Call;
use crate::field::list;
use crate::store::Kind;
use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

/// Longest name of a manager, in bytes.
const NAME_MAX: usize = 128;

/// Gives `spec.unschedulable` to whoever just changed it; an apply patch has done so itself.
pub fn follow_cordon(call: &Call, before: &Value, next: &mut Value) {
    let unchanged = before["spec"]["unschedulable"] == next["spec"]["unschedulable"];
    if call.target.kind != Kind::Node || unchanged || is_apply(&call.headers) {
        return;
    }
    let path = ["spec", "unschedulable"].map(str::to_owned);
    let mut entries = list(next, "/metadata/managedFields").to_vec();
    for entry in &mut entries {
        release(&mut entry["fieldsV1"], &path);
        if entry["fieldsV1"]["f:spec"] == json!({}) {
            remove(&mut entry["fieldsV1"], &["f:spec".to_owned()]);
        }
    }
    entries.retain(|entry| entry["fieldsV1"] != json!({}));
    if next["spec"]["unschedulable"] == true {
        let manager = manager(call);
        let mine = entries
            .iter()
            .position(|entry| entry["manager"] == *manager && entry["operation"] == "Update");
        let mut entry = mine.map_or_else(
            || {
                json!({
                    "manager": manager, "operation": "Update", "apiVersion": call.target.kind.api_version(),
                    "fieldsType": "FieldsV1", "fieldsV1": {},
                })
            },
            |place| entries.remove(place),
        );
        hold(&mut entry["fieldsV1"], &path);
        entry["time"] = json!(seconds(call.shared.clock.now()));
        entries.push(entry);
    }
    match (entries.is_empty(), next["metadata"].as_object_mut()) {
        (false, Some(metadata)) => {
            metadata.insert("managedFields".to_owned(), Value::Array(entries));
        }
        (true, Some(metadata)) => {
            metadata.remove("managedFields");
        }
        (_, None) => {}
    }
}

/// The name a caller gives itself, else what its user agent begins with.
fn manager(call: &Call) -> String {
    let given = call.query.get("fieldManager");
    if !given.is_empty() {
        return given.to_owned();
    }
    let agent = call.headers.get(header::USER_AGENT);
    let agent = agent.and_then(|value| value.to_str().ok()).unwrap_or("");
    let first = agent.split('/').next().unwrap_or("");
    first.chars().take(NAME_MAX).collect()
}

fn is_apply(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/apply-patch"))
}
