//! Placeholders and what stands for them: escaped where they stand, so that no name can become anything else.

use crate::secret::Secret;
use reqwest::Url;
use serde_json::Value;
use std::collections::BTreeMap;

/// What stands for placeholders in one call.
#[derive(Debug, Clone, Default)]
pub struct Values<'a> {
    /// `{machine}`: the cloud's id.
    pub machine: &'a str,
    /// `{name}`: the node's name.
    pub name: &'a str,
    /// `{ip}`: the node's address.
    pub ip: &'a str,
    /// `{page}`: which page of a list.
    pub page: &'a str,
    /// `{key}`: the idempotency key of a start.
    pub key: &'a str,
}

impl<'a> Values<'a> {
    fn of(&self, holder: &str) -> Option<&'a str> {
        Some(match holder {
            "machine" => self.machine,
            "name" => self.name,
            "ip" => self.ip,
            "page" => self.page,
            "key" => self.key,
            _ => return None,
        })
    }
}

/// The placeholders of a text, without their braces.
pub fn holders(text: &str) -> Vec<&str> {
    parts(text).filter_map(|(_, holder)| holder).collect()
}

/// A text as what stands before each placeholder, and the placeholder. A brace that closes nothing is a brace.
fn parts(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let here = rest?;
        let found = here.split_once('{').and_then(|(before, after)| {
            let (holder, behind) = after.split_once('}')?;
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-');
            (!holder.is_empty() && holder.chars().all(plain)).then_some((before, holder, behind))
        });
        match found {
            Some((before, holder, behind)) => {
                rest = Some(behind);
                Some((before, Some(holder)))
            }
            None => {
                rest = None;
                Some((here, None))
            }
        }
    })
}

fn filled<'v>(
    text: &str,
    value: impl Fn(&str) -> Option<&'v str>,
    escape: impl Fn(&str) -> String,
) -> Result<String, String> {
    let mut whole = String::new();
    for (before, holder) in parts(text) {
        whole.push_str(before);
        if let Some(holder) = holder {
            let value = value(holder).ok_or_else(|| format!("nothing stands for {{{holder}}}"))?;
            whole.push_str(&escape(value));
        }
    }
    Ok(whole)
}

/// A header or a field of a form; what is sent is encoded as a whole later on.
pub fn plain(
    text: &str,
    values: &Values<'_>,
    secrets: &BTreeMap<String, Secret>,
) -> Result<String, String> {
    let value = |holder: &str| match holder.strip_prefix("secret") {
        Some("") => secrets.get("token").map(Secret::reveal),
        Some(name) => secrets
            .get(name.trim_start_matches(':'))
            .map(Secret::reveal),
        None => values.of(holder),
    };
    filled(text, value, str::to_owned)
}

/// A body: texts are filled, nothing else is touched.
pub fn json(
    body: &Value,
    values: &Values<'_>,
    secrets: &BTreeMap<String, Secret>,
) -> Result<Value, String> {
    Ok(match body {
        Value::String(text) => Value::String(plain(text, values, secrets)?),
        Value::Array(all) => {
            let all = all.iter().map(|one| json(one, values, secrets));
            Value::Array(all.collect::<Result<_, _>>()?)
        }
        Value::Object(all) => {
            let all = all
                .iter()
                .map(|(key, one)| Ok((key.clone(), json(one, values, secrets)?)));
            Value::Object(all.collect::<Result<_, String>>()?)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => body.clone(),
    })
}

/// An address: every value is escaped, so that it stays within its segment or parameter.
pub fn url(text: &str, base: &str, values: &Values<'_>) -> Result<Url, String> {
    let text = text.replace("{base}", base);
    let whole = filled(&text, |holder| values.of(holder), escape)?;
    let url = Url::parse(&whole).map_err(|why| format!("{whole:?} is not an address: {why}"))?;
    // A value of dots alone would climb up the path.
    let climbs = [values.machine, values.name, values.ip, values.page]
        .iter()
        .any(|value| matches!(*value, "." | ".."));
    if climbs {
        Err("a value of dots alone is no name".to_owned())
    } else {
        Ok(url)
    }
}

/// Everything but letters, digits, `-`, `_` and `.` as `%XX`.
fn escape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
mod tests;
