//! The steps of a JSON patch (RFC 6902).

mod place;

use super::failure::Failure;
use place::{add, missing, remove, unprocessable};
use serde_json::Value;

/// Takes one step.
pub fn take_step(object: &mut Value, step: &Value) -> Result<(), Failure> {
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
            false => Err(unprocessable(&format!("testing value {path} failed"))),
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
