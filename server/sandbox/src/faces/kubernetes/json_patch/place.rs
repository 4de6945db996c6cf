//! Places in an object, as a JSON pointer names them.

use crate::faces::kubernetes::failure::Failure;
use serde_json::Value;

/// Puts a value at a place.
pub fn add(object: &mut Value, path: &str, value: Value) -> Result<(), Failure> {
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

/// Takes away what stands at a place.
pub fn remove(object: &mut Value, path: &str) -> Result<Value, Failure> {
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

/// There is no such place.
pub fn missing(path: &str) -> Failure {
    unprocessable(&format!("the path {path} does not exist"))
}

/// The step makes no sense for this object.
pub fn unprocessable(message: &str) -> Failure {
    Failure::new(
        422,
        "Invalid",
        format!("the server rejected our request due to an error in our request: {message}"),
    )
}
