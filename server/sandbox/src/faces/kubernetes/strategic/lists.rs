//! Lists of a strategic merge: which are merged by a key, and lists of plain values.

use serde_json::Value;

/// Lists that are merged, and the field that identifies an item. `taints` is not among them: it is atomic.
const KEYED: [(&str, &str); 10] = [
    ("conditions", "type"),
    ("addresses", "type"),
    ("containers", "name"),
    ("initContainers", "name"),
    ("ephemeralContainers", "name"),
    ("env", "name"),
    ("volumes", "name"),
    ("volumeMounts", "mountPath"),
    ("ownerReferences", "uid"),
    ("imagePullSecrets", "name"),
];

/// The field that identifies an item of a list, if its items are merged.
pub fn key_of(list: &str) -> Option<&'static str> {
    KEYED
        .iter()
        .find(|(name, _)| *name == list)
        .map(|(_, key)| *key)
}

/// Adds what is not there yet.
pub fn unite(target: &mut Value, items: &[Value]) {
    if !target.is_array() {
        *target = Value::Array(Vec::new());
    }
    let Some(present) = target.as_array_mut() else {
        return;
    };
    for item in items {
        if !present.contains(item) {
            present.push(item.clone());
        }
    }
}

/// Takes away what is named.
pub fn delete_from(list: Option<&mut Value>, values: &Value) {
    let (Some(Value::Array(present)), Value::Array(gone)) = (list, values) else {
        return;
    };
    present.retain(|item| !gone.contains(item));
}
