//! Our own JSON: `{text, labels?, starts_at?, status?, fingerprint?}`, or a list of these.

use super::{Object, Parsed, ReadError, at_most, clean, malformed, shown};
use domain::alarm::{NewAlarm, Status, fingerprint, fitted};
use domain::id::SourceName;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Longest fingerprint, in bytes.
const FINGERPRINT_MAX: usize = 256;

/// One alarm; a name that is not known is refused, so that a misspelt one is not lost in silence.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    text: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    starts_at: Option<String>,
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    fingerprint: Option<String>,
}

/// Reads one or several.
pub fn read(source: &SourceName, text: &str) -> Result<Parsed, ReadError> {
    let many = text.trim_start().starts_with('[');
    let items: Vec<Object<Item>> = if many {
        serde_json::from_str(text).map_err(|error| malformed(&error))?
    } else {
        vec![serde_json::from_str(text).map_err(|error| malformed(&error))?]
    };
    at_most(items.len())?;
    if items.is_empty() {
        return Err(ReadError::Malformed("the list has no alarm".into()));
    }
    let place = |n: usize| {
        if many {
            format!("[{n}].")
        } else {
            String::new()
        }
    };
    let alarms = items
        .into_iter()
        .enumerate()
        .map(|(n, Object(item))| alarm(source, item, &place(n)))
        .collect::<Result<_, _>>()?;
    Ok(Parsed {
        alarms,
        truncated: 0,
    })
}

fn alarm(source: &SourceName, item: Item, place: &str) -> Result<NewAlarm, ReadError> {
    let wrong = |field: &str, why: String| ReadError::Malformed(format!("{place}{field} {why}"));
    let whole = clean(&item.text);
    if whole.is_empty() {
        return Err(wrong("text", "is empty".into()));
    }
    let starts_at = match &item.starts_at {
        None => None,
        Some(text) => match text.parse::<Timestamp>() {
            Ok(time) => Some(time),
            Err(_) => {
                return Err(wrong(
                    "starts_at",
                    format!("{} is not an RFC 3339 time", shown(text)),
                ));
            }
        },
    };
    let status = match item.status.as_deref() {
        None | Some("firing") => Status::Firing,
        Some("resolved") => Status::Resolved,
        Some(other) => {
            return Err(wrong(
                "status",
                format!("{} is neither firing nor resolved", shown(other)),
            ));
        }
    };
    let fingerprint = match item.fingerprint {
        None => fingerprint(source, &whole),
        Some(own)
            if (1..=FINGERPRINT_MAX).contains(&own.len()) && !own.contains(char::is_control) =>
        {
            own
        }
        Some(own) => {
            let why = format!(
                "{} is not 1 to {FINGERPRINT_MAX} printable characters",
                shown(&own)
            );
            return Err(wrong("fingerprint", why));
        }
    };
    let (text, truncated) = fitted(&whole);
    Ok(NewAlarm {
        source: source.clone(),
        fingerprint,
        text,
        truncated,
        labels: item.labels,
        starts_at,
        status,
        close_with: None,
    })
}
