//! The patch formats: merge (RFC 7386) and JSON patch (RFC 6902).

use super::failure::Failure;
use super::strategic;
use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

/// A patch, read and not yet applied.
#[derive(Debug, Clone, PartialEq)]
pub enum Patch {
    /// `application/merge-patch+json`.
    Merge(Value),
    /// `application/strategic-merge-patch+json`.
    Strategic(Value),
    /// `application/json-patch+json`.
    Json(Vec<Value>),
    /// `application/apply-patch+yaml`, in its JSON subset.
    Apply(Value),
}

impl Patch {
    /// Reads a patch by its content type.
    pub fn read(headers: &HeaderMap, body: &[u8]) -> Result<Patch, Failure> {
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        let kind = kind.split(';').next().unwrap_or("").trim();
        let parsed: Value = serde_json::from_slice(body)
            .map_err(|error| Failure::bad_request(format!("error decoding patch: {error}")))?;
        match (kind, parsed) {
            ("application/merge-patch+json", patch @ Value::Object(_)) => Ok(Patch::Merge(patch)),
            ("application/strategic-merge-patch+json", patch @ Value::Object(_)) => {
                Ok(Patch::Strategic(patch))
            }
            ("application/json-patch+json", Value::Array(steps)) => Ok(Patch::Json(steps)),
            (
                "application/apply-patch+yaml" | "application/apply-patch+json",
                patch @ Value::Object(_),
            ) => Ok(Patch::Apply(patch)),
            (
                "application/merge-patch+json"
                | "application/strategic-merge-patch+json"
                | "application/json-patch+json"
                | "application/apply-patch+yaml"
                | "application/apply-patch+json",
                _,
            ) => Err(Failure::bad_request(
                "error decoding patch: the body has the wrong shape for its media type",
            )),
            (other, _) => Err(Failure::unsupported(other)),
        }
    }

    /// Applies the patch to an object.
    pub fn apply(&self, object: &mut Value) -> Result<(), Failure> {
        match self {
            Patch::Merge(patch) => merge(object, patch),
            Patch::Strategic(patch) => strategic::merge(object, patch),
            Patch::Apply(patch) => strategic::merge(object, patch),
            Patch::Json(steps) => {
                for step in steps {
                    take_step(object, step)?;
                }
            }
        }
        Ok(())
    }

    /// What was sent.
    pub fn to_value(&self) -> Value {
        match self {
            Patch::Merge(patch) | Patch::Strategic(patch) | Patch::Apply(patch) => patch.clone(),
            Patch::Json(steps) => Value::Array(steps.clone()),
        }
    }
}

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

fn take_step(object: &mut Value, step: &Value) -> Result<(), Failure> {
    let pointer = |field: &str| {
        let text = step[field]
            .as_str()
            .ok_or_else(|| Failure::bad_request(format!("a JSON patch step lacks {field:?}")))?;
        if text.is_empty() || text.starts_with('/') {
            Ok(text)
        } else {
            Err(Failure::bad_request(format!(
                "{text:?} is not a JSON pointer"
            )))
        }
    };
    let path = pointer("path")?;
    let value = || {
        step.get("value")
            .cloned()
            .ok_or_else(|| Failure::bad_request("a JSON patch step lacks \"value\""))
    };
    match step["op"].as_str() {
        Some("add") => add(object, path, value()?),
        Some("remove") => remove(object, path).map(|_| ()),
        Some("replace") => {
            let place = object.pointer_mut(path).ok_or_else(|| missing(path))?;
            *place = value()?;
            Ok(())
        }
        Some("test") => match object.pointer(path).unwrap_or(&Value::Null) == &value()? {
            true => Ok(()),
            false => Err(unprocessable(format!("testing value {path} failed"))),
        },
        Some("move") => {
            let moved = remove(object, pointer("from")?)?;
            add(object, path, moved)
        }
        Some("copy") => {
            let from = pointer("from")?;
            let copied = object.pointer(from).cloned().ok_or_else(|| missing(from))?;
            add(object, path, copied)
        }
        other => Err(Failure::bad_request(format!(
            "unexpected kind of JSON patch step: {other:?}"
        ))),
    }
}

fn add(object: &mut Value, path: &str, value: Value) -> Result<(), Failure> {
    let Some((parent, last)) = split(path) else {
        *object = value;
        return Ok(());
    };
    match object.pointer_mut(parent).ok_or_else(|| missing(path))? {
        Value::Object(fields) => {
            fields.insert(last, value);
            Ok(())
        }
        Value::Array(items) if last == "-" => {
            items.push(value);
            Ok(())
        }
        Value::Array(items) => match last.parse::<usize>() {
            Ok(index) if index <= items.len() => {
                items.insert(index, value);
                Ok(())
            }
            Ok(_) | Err(_) => Err(missing(path)),
        },
        _ => Err(missing(path)),
    }
}

fn remove(object: &mut Value, path: &str) -> Result<Value, Failure> {
    let (parent, last) = split(path).ok_or_else(|| missing(path))?;
    let removed = match object.pointer_mut(parent) {
        Some(Value::Object(fields)) => fields.remove(&last),
        Some(Value::Array(items)) => last
            .parse()
            .ok()
            .filter(|index| *index < items.len())
            .map(|index: usize| items.remove(index)),
        _ => None,
    };
    removed.ok_or_else(|| missing(path))
}

fn split(path: &str) -> Option<(&str, String)> {
    let (parent, last) = path.rsplit_once('/')?;
    Some((parent, last.replace("~1", "/").replace("~0", "~")))
}

fn missing(path: &str) -> Failure {
    unprocessable(format!("the path {path} does not exist"))
}

fn unprocessable(message: String) -> Failure {
    Failure::new(
        422,
        "Invalid",
        format!("the server rejected our request due to an error in our request: {message}"),
    )
}

#[cfg(test)]
mod tests {
    use super::{Patch, merge};
    use serde_json::json;

    #[test]
    fn a_merge_removes_what_is_null_and_keeps_the_rest() {
        let mut object = json!({"spec": {"a": 1, "b": [1]}});
        merge(
            &mut object,
            &json!({"spec": {"a": null, "b": [2], "c": {"d": null, "e": 1}}}),
        );
        assert_eq!(object, json!({"spec": {"b": [2], "c": {"e": 1}}}));
    }

    #[test]
    fn json_patch_steps_are_taken_in_order() {
        let mut object = json!({"metadata": {"annotations": {"a/b": "1"}}, "list": [1, 3]});
        let steps = json!([
            {"op": "test", "path": "/metadata/annotations/a~1b", "value": "1"},
            {"op": "add", "path": "/list/1", "value": 2},
            {"op": "move", "from": "/list/0", "path": "/list/-"},
            {"op": "remove", "path": "/metadata/annotations/a~1b"},
        ]);
        Patch::Json(steps.as_array().cloned().unwrap_or_default())
            .apply(&mut object)
            .expect("applies");
        assert_eq!(
            object,
            json!({"metadata": {"annotations": {}}, "list": [2, 3, 1]})
        );
    }

    #[test]
    fn a_failed_test_refuses_the_patch() {
        let steps = vec![json!({"op": "test", "path": "/a", "value": 2})];
        let refused = Patch::Json(steps).apply(&mut json!({"a": 1}));
        assert_eq!(refused.expect_err("refused").code(), 422);
    }
}
