//! JSON of any shape as alarms: each field is found by a JSON pointer, or made of several by a template.

use super::{Parsed, ReadError, at_most, clean, malformed, shown};
use domain::alarm::{NewAlarm, Status, fingerprint, fitted};
use domain::id::SourceName;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// A number of seconds above this one counts milliseconds: in seconds it would be the year 5138.
const MILLIS_FROM: i64 = 100_000_000_000;

/// Where in a body the fields of an alarm are.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The list of alarms; without it the body is one alarm, or a list of them.
    pub items: Option<Pointer>,
    /// What rules match.
    pub text: Template,
    /// Identity within the source; without it, made of the text.
    pub fingerprint: Option<Template>,
    /// Start: RFC 3339, or seconds or milliseconds since 1970.
    pub starts_at: Option<Pointer>,
    /// Firing or resolved; without it every alarm fires.
    pub status: Option<Pointer>,
    /// Words at `status` that mean firing.
    #[serde(default = "firing")]
    pub firing: Vec<String>,
    /// Words at `status` that mean resolved.
    #[serde(default = "resolved")]
    pub resolved: Vec<String>,
    /// Labels; one whose value is not in the body is left out.
    #[serde(default)]
    pub labels: BTreeMap<String, Template>,
}

fn firing() -> Vec<String> {
    vec!["firing".to_owned()]
}

fn resolved() -> Vec<String> {
    vec!["resolved".to_owned()]
}

/// A JSON pointer (RFC 6901) such as `/event/host`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pointer(String);

impl TryFrom<String> for Pointer {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.is_empty() || text.starts_with('/') {
            Ok(Self(text))
        } else {
            Err(format!(
                "{text:?} is no JSON pointer: expected one that begins with a slash, such as \"/event/host\""
            ))
        }
    }
}

/// Text with JSON pointers in braces: `HOST {/host} down, IP: {/ip}`; `{{` and `}}` are plain braces.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    Value(Pointer),
}

impl TryFrom<String> for Template {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut words = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['{', '}']) {
            words.push_str(&rest[..at]);
            let brace = &rest[at..=at];
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix(brace) {
                words.push_str(brace);
                rest = after;
            } else if brace == "{" {
                let Some((pointer, after)) = rest.split_once('}') else {
                    return Err(format!("a brace is opened and not closed in {text:?}"));
                };
                if !words.is_empty() {
                    parts.push(Part::Words(std::mem::take(&mut words)));
                }
                parts.push(Part::Value(Pointer::try_from(pointer.to_owned())?));
                rest = after;
            } else {
                return Err(format!(
                    "a brace is closed that was not opened in {text:?}; write }}}} for a plain one"
                ));
            }
        }
        words.push_str(rest);
        if !words.is_empty() {
            parts.push(Part::Words(words));
        }
        Ok(Self(parts))
    }
}

impl Template {
    /// The error is the pointer at which nothing is.
    fn fill(&self, item: &Value) -> Result<String, String> {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Words(words) => out.push_str(words),
                Part::Value(Pointer(at)) => {
                    let found = item.pointer(at).and_then(plain);
                    out.push_str(&found.ok_or_else(|| at.clone())?);
                }
            }
        }
        Ok(out)
    }
}

/// A text, number or truth value as text.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Reads the alarms of one body.
pub fn read(by: &Mapping, source: &SourceName, text: &str) -> Result<Parsed, ReadError> {
    let body: Value = serde_json::from_str(text).map_err(|error| malformed(&error))?;
    let whole = match &by.items {
        None => &body,
        Some(Pointer(at)) => body.pointer(at).ok_or_else(|| {
            ReadError::Malformed(format!("there is no {at}, where the alarms should be"))
        })?,
    };
    let items = match whole {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    at_most(items.len())?;
    if items.is_empty() {
        return Err(ReadError::Malformed("the list has no alarm".into()));
    }
    let alarms = items
        .iter()
        .enumerate()
        .map(|(n, item)| {
            alarm(by, source, item)
                .map_err(|why| ReadError::Malformed(format!("alarm {}: {why}", n + 1)))
        })
        .collect::<Result<_, _>>()?;
    Ok(Parsed {
        alarms,
        truncated: 0,
    })
}

fn alarm(by: &Mapping, source: &SourceName, item: &Value) -> Result<NewAlarm, String> {
    let absent = |at: String| format!("there is no text or number at {at}");
    let whole = clean(&by.text.fill(item).map_err(absent)?);
    if whole.is_empty() {
        return Err("its text is empty".to_owned());
    }
    let own = match &by.fingerprint {
        None => whole.clone(),
        Some(template) => template.fill(item).map_err(absent)?,
    };
    let (text, truncated) = fitted(&whole);
    Ok(NewAlarm {
        source: source.clone(),
        // Hashed in any case: whatever a source calls an identity is taken, of any length.
        fingerprint: fingerprint(source, &own),
        text,
        truncated,
        labels: by
            .labels
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), value.fill(item).ok()?)))
            .collect(),
        starts_at: by
            .starts_at
            .as_ref()
            .map(|Pointer(at)| start(at, item))
            .transpose()?
            .flatten(),
        status: status(by, item)?,
        close_with: None,
    })
}

fn status(by: &Mapping, item: &Value) -> Result<Status, String> {
    let Some(Pointer(at)) = &by.status else {
        return Ok(Status::Firing);
    };
    let word = item
        .pointer(at)
        .and_then(plain)
        .ok_or_else(|| format!("there is no status at {at}"))?;
    let among = |words: &[String]| words.iter().any(|one| one.eq_ignore_ascii_case(&word));
    if among(&by.firing) {
        Ok(Status::Firing)
    } else if among(&by.resolved) {
        Ok(Status::Resolved)
    } else {
        Err(format!(
            "status {} is neither firing ({}) nor resolved ({})",
            shown(&word),
            by.firing.join(", "),
            by.resolved.join(", ")
        ))
    }
}

/// A start that is not there is the start of the open episode.
fn start(at: &str, item: &Value) -> Result<Option<Timestamp>, String> {
    let Some(text) = item
        .pointer(at)
        .and_then(plain)
        .filter(|text| !text.is_empty())
    else {
        return Ok(None);
    };
    let counted = text.parse::<i64>().ok().map(|number| {
        if number.abs() < MILLIS_FROM {
            Timestamp::from_second(number)
        } else {
            Timestamp::from_millisecond(number)
        }
    });
    match counted.unwrap_or_else(|| text.parse()) {
        Ok(time) => Ok(Some(time)),
        Err(_) => Err(format!(
            "{at} is {}: expected an RFC 3339 time, or seconds or milliseconds since 1970",
            shown(&text)
        )),
    }
}
