//! Why a recovery begins, and who did what in it.

use crate::access::{Door, Person};
use crate::id::{AlarmId, PersonName, RecoveryId, RuleId, SourceName};
use crate::rule::{Mode, Silence};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What set a recovery off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Trigger {
    /// A rule matched an alarm.
    Alarm {
        /// The alarm.
        alarm: AlarmId,
        /// Its source, where it is closed.
        source: SourceName,
        /// Its text.
        text: String,
        /// Start of its episode.
        starts_at: Timestamp,
        /// The rule.
        rule: RuleId,
        /// The rule's version.
        version: u32,
        /// The rule's mode at that moment.
        mode: Mode,
        /// The rule's veto window in seconds; 0 is none.
        #[serde(default)]
        veto_s: u32,
        /// What silence within it means.
        #[serde(default)]
        silence: Silence,
    },
    /// A person asked.
    Person {
        /// Who.
        name: PersonName,
        /// By which door.
        door: Door,
        /// An open alarm that names this node, closed at the end.
        alarm: Option<(AlarmId, SourceName)>,
        /// The recovery this one repeats.
        retry_of: Option<RecoveryId>,
        /// The node's short name was typed: warnings were seen.
        confirmed: bool,
        /// Why, in the person's words.
        reason: Option<String>,
    },
}

impl Trigger {
    /// The alarm to close at the end.
    pub fn alarm(&self) -> Option<(AlarmId, &SourceName)> {
        match self {
            Self::Alarm { alarm, source, .. } => Some((*alarm, source)),
            Self::Person { alarm, .. } => alarm.as_ref().map(|(id, source)| (*id, source)),
        }
    }

    /// The recovery that this one repeats.
    pub const fn retry_of(&self) -> Option<RecoveryId> {
        match self {
            Self::Person { retry_of, .. } => *retry_of,
            Self::Alarm { .. } => None,
        }
    }

    /// Whether nobody asked: pauses hold these back.
    pub const fn automatic(&self) -> bool {
        matches!(self, Self::Alarm { .. })
    }
}

/// Author of an event.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Uncordon itself.
    Uncordon,
    /// A rule.
    Rule(RuleId),
    /// An alarm source.
    Source(SourceName),
    /// A person or a program with a token.
    Person(PersonName),
}

impl From<&Person> for Actor {
    fn from(person: &Person) -> Self {
        Self::Person(person.name.clone())
    }
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Uncordon => f.write_str("uncordon"),
            Self::Rule(rule) => write!(f, "rule {rule}"),
            Self::Source(source) => write!(f, "source {source}"),
            Self::Person(name) => write!(f, "{name}"),
        }
    }
}
