//! Plain text: one alarm a line.

use super::{Parsed, ReadError, at_most, clean_line};
use domain::alarm::{NewAlarm, Status, fingerprint, fitted};
use domain::id::SourceName;
use std::collections::BTreeMap;

/// Every line that is not blank is an alarm that fires.
pub fn read(source: &SourceName, text: &str) -> Result<Parsed, ReadError> {
    let lines: Vec<String> = text
        .lines()
        .map(clean_line)
        .filter(|line| !line.is_empty())
        .collect();
    at_most(lines.len())?;
    if lines.is_empty() {
        return Err(ReadError::Malformed(
            "the body has no alarm: every line is blank".into(),
        ));
    }
    Ok(Parsed {
        alarms: lines.iter().map(|line| alarm(source, line)).collect(),
        truncated: 0,
    })
}

fn alarm(source: &SourceName, line: &str) -> NewAlarm {
    let (text, truncated) = fitted(line);
    NewAlarm {
        source: source.clone(),
        fingerprint: fingerprint(source, line),
        text,
        truncated,
        labels: BTreeMap::new(),
        starts_at: None,
        status: Status::Firing,
        close_with: None,
    }
}
