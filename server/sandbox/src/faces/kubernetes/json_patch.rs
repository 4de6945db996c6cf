//! The steps of a JSON patch (RFC 6902).

use super::failure::Failure;
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
    unprocessable(&format!("the path {path} does not exist"))
}

fn unprocessable(message: &str) -> Failure {
    Failure::new(
        422,
        "Invalid",
        format!("the server rejected our request due to an error in our request: {message}"),
    )
}
