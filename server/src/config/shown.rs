//! The config as people may see it: every key of the file; of a secret only where it is kept.

use super::Config;
use app::desk::views::{ConfigKey, ConfigSection};
use toml::{Table, Value};

/// Keys whose address is itself a secret: chat tools put a token into its path.
const TELLING: [&str; 2] = ["url", "callback_url"];

impl Config {
    /// One section per table of the file, in the order of their names.
    pub fn sections(&self) -> Vec<ConfigSection> {
        let mut sections = Vec::new();
        for (name, value) in &self.table {
            add(name, value, &mut sections);
        }
        sections
    }
}

fn add(name: &str, value: &Value, sections: &mut Vec<ConfigSection>) {
    match value {
        Value::Table(table) => {
            let mut keys = Vec::new();
            let mut lists = Vec::new();
            flatten("", table, &mut keys, &mut lists);
            let called = table.get("name").and_then(Value::as_str);
            let title = called.map_or_else(|| name.to_owned(), |called| format!("{name} {called}"));
            sections.push(ConfigSection { name: title, keys });
            for (key, value) in lists {
                add(&format!("{name}.{key}"), value, sections);
            }
        }
        Value::Array(all) => all.iter().for_each(|one| add(name, one, sections)),
        plain => sections.push(ConfigSection {
            name: name.to_owned(),
            keys: vec![key(name, plain)],
        }),
    }
}

/// Keys of inner tables are written with dots; lists of tables become sections of their own.
fn flatten<'a>(
    before: &str,
    table: &'a Table,
    keys: &mut Vec<ConfigKey>,
    lists: &mut Vec<(String, &'a Value)>,
) {
    for (name, value) in table {
        let path = format!("{before}{name}");
        match value {
            Value::Table(inner) => flatten(&format!("{path}."), inner, keys, lists),
            Value::Array(all) if all.iter().any(Value::is_table) => lists.push((path, value)),
            plain => keys.push(key(&path, plain)),
        }
    }
}

fn key(path: &str, value: &Value) -> ConfigKey {
    let last = path.rsplit('.').next().unwrap_or(path);
    let text = text(value);
    let (value, secret) = if last == "kubeconfig"
        || last == "file"
        || last.ends_with("_file")
        || last.ends_with("_files")
    {
        (format!("file {text}"), true)
    } else if last == "env" || last.ends_with("_env") {
        (format!("variable {text}"), true)
    } else if TELLING.contains(&last) {
        (place(&text), true)
    } else {
        (bare(&text), false)
    };
    ConfigKey {
        key: path.to_owned(),
        value,
        secret,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// An address without user, password and query; any other text as it is.
fn bare(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else {
        return text.to_owned();
    };
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit('@').next().unwrap_or(host);
    format!("{scheme}://{host}{path}")
}

/// Only whose address it is.
pub fn place(text: &str) -> String {
    let bare = bare(text);
    match bare.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.split('/').next().unwrap_or(rest);
            format!("{scheme}://{host}/…")
        }
        None => "hidden".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{bare, place};

    #[test]
    fn an_address_is_shown_without_what_may_be_secret_in_it() {
        for (given, seen) in [
            (
                "https://u:p@am.example:9093/api?k=v#f",
                "https://am.example:9093/api",
            ),
            ("http://am", "http://am"),
            ("a-name", "a-name"),
        ] {
            assert_eq!(bare(given), seen);
        }
        assert_eq!(
            place("https://u:p@hooks.example/T0/B0?x"),
            "https://hooks.example/…"
        );
        assert_eq!(place("T0/B0"), "hidden");
    }
}
