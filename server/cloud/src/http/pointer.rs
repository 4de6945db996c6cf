//! JSON pointers in which `*` stands for every element.

use serde_json::Value;

/// Every value a pointer leads to; an empty pointer is the whole.
pub fn all<'v>(value: &'v Value, pointer: &str) -> Vec<&'v Value> {
    let mut found = vec![value];
    for part in pointer.split('/').skip(1) {
        let name = part.replace("~1", "/").replace("~0", "~");
        found = found.into_iter().flat_map(|one| step(one, &name)).collect();
    }
    found
}

fn step<'v>(value: &'v Value, name: &str) -> Vec<&'v Value> {
    match value {
        Value::Array(all) if name == "*" => all.iter().collect(),
        Value::Array(all) => name
            .parse::<usize>()
            .ok()
            .and_then(|at| all.get(at))
            .into_iter()
            .collect(),
        Value::Object(all) if name == "*" => all.values().collect(),
        Value::Object(all) => all.get(name).into_iter().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

/// A text or a number as text.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

/// The first text a pointer leads to.
pub fn first(value: &Value, pointer: &str) -> Option<String> {
    all(value, pointer).into_iter().find_map(text)
}

#[cfg(test)]
mod tests {
    //! Where pointers lead.

    use super::*;
    use serde_json::json;

    #[test]
    fn a_star_stands_for_every_element_and_names_may_hold_slashes() {
        let value = json!({"nets": [{"ip": "a"}, {"ip": "b"}, {}], "a/b": {"~": 7}});
        let found: Vec<String> = all(&value, "/nets/*/ip")
            .into_iter()
            .filter_map(text)
            .collect();
        assert_eq!(found, ["a", "b"]);
        assert_eq!(first(&value, "/a~1b/~0").as_deref(), Some("7"));
        assert_eq!(first(&value, "/nets/1/ip").as_deref(), Some("b"));
        assert_eq!(first(&value, "/nowhere"), None);
        assert_eq!(all(&value, "").len(), 1);
    }
}
