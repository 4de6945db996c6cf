//! The body of `POST /hooks/{source}` as alarms: a webhook of Alertmanager or Grafana, JSON or plain text.

mod json;
pub mod mapped;
mod plain;
mod webhook;

use domain::alarm::NewAlarm;
use domain::id::SourceName;
use mapped::Mapping;
use serde::de::value::MapAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use webhook::Sender;

/// Longest body, in bytes.
pub const BODY_MAX: usize = 2 * 1024 * 1024;
/// Most alarms in one body.
pub const ALARMS_MAX: usize = 1_000;

/// What a source is configured to send.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Format {
    /// Whatever the content type and the body say.
    #[default]
    Any,
    /// Alertmanager's webhook, version 4.
    Alertmanager,
    /// Grafana's webhook, version 1.
    Grafana,
    /// `{text, labels?, starts_at?, status?, fingerprint?}` or a list of these.
    Json,
    /// JSON of any shape, read by this mapping.
    Mapped(Arc<Mapping>),
    /// One alarm a line.
    Text,
}

/// Alarms of one body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// In the order of the body.
    pub alarms: Vec<NewAlarm>,
    /// How many more the source had but did not send (`truncatedAlerts`); 0 when all came.
    pub truncated: u32,
}

/// Why a body is no alarm; each has its status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The body is wrong.
    #[error("{0}")]
    Malformed(String),
    /// More than may come at once.
    #[error("{0}")]
    TooLarge(String),
    /// Not a kind of body that is taken here.
    #[error("{0}")]
    Unsupported(String),
}

impl ReadError {
    /// 400, 413 or 415.
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed(_) => 400,
            Self::TooLarge(_) => 413,
            Self::Unsupported(_) => 415,
        }
    }
}

/// Kind of a body by its content type.
enum Kind {
    Json,
    Text,
}

/// Reads a body; nothing of it is taken unless all of it can be read.
pub fn read(
    format: &Format,
    content_type: Option<&str>,
    source: &SourceName,
    body: &[u8],
) -> Result<Parsed, ReadError> {
    if body.len() > BODY_MAX {
        return Err(ReadError::TooLarge(format!(
            "the body has {} bytes; at most {BODY_MAX} are taken",
            body.len()
        )));
    }
    let text = utf8(body)?;
    if text.trim().is_empty() {
        return Err(ReadError::Malformed("the body is empty".into()));
    }
    let kind = match content_type {
        Some(content_type) => kind(content_type)?,
        None if text.trim_start().starts_with(['{', '[']) => Kind::Json,
        None => Kind::Text,
    };
    match (format, kind) {
        (Format::Any | Format::Text, Kind::Text) => plain::read(source, text),
        (Format::Any, Kind::Json) if is_webhook(text) => {
            webhook::read(Sender::Alertmanager, source, text)
        }
        (Format::Any | Format::Json, Kind::Json) => json::read(source, text),
        (Format::Alertmanager, Kind::Json) => webhook::read(Sender::Alertmanager, source, text),
        (Format::Grafana, Kind::Json) => webhook::read(Sender::Grafana, source, text),
        (Format::Mapped(mapping), Kind::Json) => mapped::read(mapping, source, text),
        (Format::Alertmanager | Format::Grafana | Format::Json | Format::Mapped(_), Kind::Text) => {
            Err(ReadError::Unsupported(format!(
                "alarm source {source} is configured for JSON: send content type application/json"
            )))
        }
        (Format::Text, Kind::Json) => Err(ReadError::Unsupported(format!(
            "alarm source {source} is configured for text: send content type text/plain"
        ))),
    }
}

/// A byte order mark does not belong to the text.
fn utf8(body: &[u8]) -> Result<&str, ReadError> {
    let text = std::str::from_utf8(body).map_err(|error| {
        ReadError::Malformed(format!(
            "the body is not UTF-8: byte {} is wrong",
            error.valid_up_to() + 1
        ))
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

fn kind(content_type: &str) -> Result<Kind, ReadError> {
    let mut parts = content_type
        .split(';')
        .map(|part| part.trim().to_ascii_lowercase());
    let media = parts.next().unwrap_or_default();
    if let Some(charset) = parts.find_map(|part| {
        part.strip_prefix("charset=")
            .map(|name| name.trim_matches('"').to_owned())
    }) && !matches!(charset.as_str(), "utf-8" | "utf8" | "us-ascii")
    {
        return Err(ReadError::Unsupported(format!(
            "charset {} is not taken: send UTF-8",
            shown(&charset)
        )));
    }
    match media.as_str() {
        "application/json" => Ok(Kind::Json),
        "text/plain" => Ok(Kind::Text),
        other if other.starts_with("application/") && other.ends_with("+json") => Ok(Kind::Json),
        other => Err(ReadError::Unsupported(format!(
            "content type {} is not taken: send application/json or text/plain",
            shown(other)
        ))),
    }
}

/// What is shown of something foreign in an error.
fn shown(text: &str) -> String {
    format!("{:?}", text.chars().take(80).collect::<String>())
}

/// Alertmanager marks its body with `"version": "4"`; a body with `alerts` is meant to be one.
fn is_webhook(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Marks {
        version: Option<IgnoredAny>,
        alerts: Option<IgnoredAny>,
    }
    serde_json::from_str::<Object<Marks>>(text)
        .is_ok_and(|Object(marks)| marks.version.is_some() || marks.alerts.is_some())
}

/// A JSON object and nothing else: by itself serde also takes a list of a struct's values in order.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Fields<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        from.deserialize_map(Fields(PhantomData))
    }
}

/// The message of a JSON error names the field or the sign, the line and the column.
fn malformed(error: &serde_json::Error) -> ReadError {
    ReadError::Malformed(format!("the JSON cannot be read: {error}"))
}

fn at_most(count: usize) -> Result<(), ReadError> {
    if count > ALARMS_MAX {
        return Err(ReadError::TooLarge(format!(
            "the body has {count} alarms; at most {ALARMS_MAX} are taken at once"
        )));
    }
    Ok(())
}

/// One line: tabs become blanks, other control characters go, blanks at the ends too.
fn clean_line(line: &str) -> String {
    let line: String = line
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        .filter(|c| !c.is_control())
        .collect();
    line.trim().to_owned()
}

/// Several lines, each cleaned; empty ones go.
fn clean(text: &str) -> String {
    let lines: Vec<String> = text
        .lines()
        .map(clean_line)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}
