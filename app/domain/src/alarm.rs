//! One alert of an alarm source.

use crate::id::{AlarmId, SourceName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Longest alarm text kept, in bytes; longer ones are cut and flagged.
pub const TEXT_MAX: usize = 64 * 1024;
/// How much of the text rules look at, in bytes.
pub const TEXT_MATCHED: usize = 8 * 1024;

/// What the source says of the alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It burns.
    Firing,
    /// The source says it is over.
    Resolved,
    /// We closed it at the source.
    Closed,
}

/// An alarm as it came in, before it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAlarm {
    /// Where it came from.
    pub source: SourceName,
    /// The source's own fingerprint, or [`fingerprint`] of a text.
    pub fingerprint: String,
    /// What rules match: one line or several.
    pub text: String,
    /// Whether `text` was cut at [`TEXT_MAX`].
    pub truncated: bool,
    /// Label set of the alert.
    pub labels: BTreeMap<String, String>,
    /// Start according to the source; `None` means "start of the open episode".
    pub starts_at: Option<Timestamp>,
    /// Firing or resolved.
    pub status: Status,
    /// How it may be closed where it came from, in the source's own words (for example an external URL).
    pub close_with: Option<String>,
}

/// A stored alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// Our number.
    pub id: AlarmId,
    /// Where it came from.
    pub source: SourceName,
    /// Identity within the source.
    pub fingerprint: String,
    /// What rules match.
    pub text: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Start of this episode.
    pub starts_at: Timestamp,
    /// When we stored it.
    pub received_at: Timestamp,
    /// Latest word on it.
    pub status: Status,
    /// How it may be closed at the source.
    pub close_with: Option<String>,
}

/// Final word on what became of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// Stored; the final word follows within 60 s.
    Accepted,
    /// A rule took it.
    Matched,
    /// No rule took it.
    Unmatched,
    /// Already known, or its node is already being recovered.
    Duplicate,
    /// Held by the switch or an exclusion.
    Suppressed,
    /// Older than the time to live.
    Expired,
    /// Could not be worked on.
    Poison,
}

impl Disposition {
    /// The word used in REST and on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Matched => "matched",
            Self::Unmatched => "unmatched",
            Self::Duplicate => "duplicate",
            Self::Suppressed => "suppressed",
            Self::Expired => "expired",
            Self::Poison => "poison",
        }
    }
}

/// Identity of a text without a fingerprint of its own: SHA-256 of source and normalised text, in hex.
pub fn fingerprint(source: &SourceName, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(source.as_str().as_bytes());
    hash.update([0]);
    hash.update(normalised(text).as_bytes());
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Lower case, runs of blanks folded to one, no blanks at the ends.
pub fn normalised(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

/// Cuts a text to [`TEXT_MAX`] at a character boundary; tells whether it had to.
pub fn fitted(text: &str) -> (String, bool) {
    if text.len() <= TEXT_MAX {
        return (text.to_owned(), false);
    }
    let end = (0..=TEXT_MAX)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    (text[..end].to_owned(), true)
}
