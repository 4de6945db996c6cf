//! Parsing at the door: typed fields become names and numbers once, or a refusal that says which field.

use crate::desk::views::Basis;
use crate::door::Deadline;
use crate::error::AppError;
use domain::id::{AlarmId, ClusterName, NodeName, RecoveryId, RuleId};
use jiff::Timestamp;
use leptos::prelude::use_context;

/// A refusal of one field.
pub fn invalid(field: &str, message: impl std::fmt::Display) -> AppError {
    AppError::Invalid {
        field: field.to_owned(),
        message: message.to_string(),
        position: None,
    }
}

/// A cluster.
pub fn cluster(text: &str) -> Result<ClusterName, AppError> {
    ClusterName::parse(text.trim()).map_err(|error| invalid("cluster", error))
}

/// A node.
pub fn node(text: &str) -> Result<NodeName, AppError> {
    NodeName::parse(text.trim()).map_err(|error| invalid("node", error))
}

/// A recovery.
pub fn recovery(text: &str) -> Result<RecoveryId, AppError> {
    number(text).map(RecoveryId)
}

/// An alarm.
pub fn alarm(text: &str) -> Result<AlarmId, AppError> {
    number(text).map(AlarmId)
}

/// A rule.
pub fn rule(text: &str) -> Result<RuleId, AppError> {
    number(text).map(RuleId)
}

/// What a power act of a page rests on. Its end is that of its key, which only the server can make: a field
/// of the form may bring it forward, never put it off.
pub fn basis(facts: Option<String>, not_after: Option<String>) -> Result<Basis, AppError> {
    let Some(until) = use_context::<Deadline>().and_then(|key| key.0) else {
        return Err(AppError::Expired {
            text: "The key of this form was not made here. Nothing was started. Load the page again, then tap."
                .to_owned(),
        });
    };
    let asked = given(not_after).and_then(|text| text.parse::<Timestamp>().ok());
    let basis = Basis {
        facts: given(facts),
        not_after: Some(asked.map_or(until, |asked| asked.min(until))),
    };
    basis.in_time(Timestamp::now())?;
    if basis.facts.is_none() {
        return Err(AppError::Stale {
            text: "This form does not say what was seen. Nothing was started. Load the page again, then tap."
                .to_owned(),
        });
    }
    Ok(basis)
}

/// A field that may stay empty.
pub fn given(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

/// When something happened: RFC 3339, or what a browser's field for date and time writes, in UTC.
pub fn moment(text: Option<String>) -> Result<Option<Timestamp>, AppError> {
    let Some(text) = given(text) else {
        return Ok(None);
    };
    [text.clone(), format!("{text}Z"), format!("{text}:00Z")]
        .iter()
        .find_map(|text| text.parse().ok())
        .map(Some)
        .ok_or_else(|| {
            invalid(
                "happened_at",
                format!("{text:?} is not a time like 2026-11-22T09:41 (UTC)"),
            )
        })
}

fn number(text: &str) -> Result<u64, AppError> {
    text.trim()
        .trim_start_matches('#')
        .parse()
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| invalid("id", format!("{text:?} is not a number like 1042")))
}
