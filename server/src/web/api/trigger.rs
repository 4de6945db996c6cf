//! Why a recovery began, on the wire.

use domain::access::Door;
use domain::event::Event;
use domain::trigger::Trigger as Cause;
use domain::watch::NODE_WATCH;
use serde::Serialize;
use utoipa::ToSchema;

/// Why a recovery began.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Trigger {
    /// `alarm`, `page`, `api`, `chat` or `node_watch`.
    pub kind: &'static str,
    /// Who: a person, or the rule.
    pub actor: String,
    /// The alarm it answers.
    pub alarm_id: Option<u64>,
    /// The rule that took the alarm.
    pub rule_id: Option<u64>,
}

impl From<&Cause> for Trigger {
    fn from(cause: &Cause) -> Self {
        match cause {
            Cause::Alarm {
                alarm,
                rule,
                source,
                ..
            } => Self {
                kind: if source.as_str() == NODE_WATCH {
                    "node_watch"
                } else {
                    "alarm"
                },
                actor: format!("rule {rule}"),
                alarm_id: Some(alarm.0),
                rule_id: Some(rule.0),
            },
            Cause::Person {
                name, door, alarm, ..
            } => Self {
                kind: match door {
                    Door::Page | Door::Command => "page",
                    Door::Api => "api",
                    Door::Chat => "chat",
                },
                actor: name.to_string(),
                alarm_id: alarm.as_ref().map(|(id, _)| id.0),
                rule_id: None,
            },
        }
    }
}

/// The recovery that this one repeats.
#[must_use]
pub fn retry_of(cause: &Cause) -> Option<u64> {
    cause.retry_of().map(|id| id.0)
}

/// The recovery that repeats this one.
#[must_use]
pub fn retried_by(events: &[Event]) -> Option<u64> {
    events.iter().rev().find_map(|event| match &event.what {
        domain::event::What::Retried { by } => Some(by.0),
        _ => None,
    })
}
