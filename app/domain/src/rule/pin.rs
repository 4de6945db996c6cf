//! Pins: texts a rule must match, or must not; kept with the rule and checked whenever it is saved.

use super::looked_at;
#[cfg(feature = "regex")]
use super::pattern::{Armed, answer};
#[cfg(feature = "regex")]
use super::{Draft, PatternError, Rule};
#[cfg(feature = "regex")]
use crate::id::RuleId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most pins of a rule.
pub const PINS_MAX: usize = 20;
/// Most bytes of all pinned texts of a rule: they travel with every test of it.
pub const PINS_BYTES_MAX: usize = 16 * 1024;
/// Characters of a pinned text that a message shows.
const SHOWN: usize = 80;

/// What a pin asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Must {
    /// The rule must take the text.
    Match,
    /// It must leave it alone.
    NotMatch,
}

impl Must {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Match, Self::NotMatch];

    /// The word used in REST and in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::NotMatch => "not_match",
        }
    }

    /// As people read it.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Match => "must match",
            Self::NotMatch => "must not match",
        }
    }

    /// The one of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// One pinned text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// What is asked of the rule.
    pub must: Must,
    /// The text, no longer than rules look at.
    pub text: String,
    /// The labels it came with.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
}

/// Why pins are not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PinError {
    /// Too many.
    #[error("a rule has at most {PINS_MAX} pins")]
    TooMany,
    /// Too long in all.
    #[error("the pinned texts are longer than {PINS_BYTES_MAX} bytes in all; unpin one")]
    TooLong,
    /// A pin without a text.
    #[error("pin {0} has no text")]
    Empty(usize),
    /// Two pins ask for the opposite.
    #[error("pins {0} and {1} are about the same text")]
    Twice(usize, usize),
    /// The stored form cannot be read.
    #[error("the pins cannot be read")]
    Unreadable,
}

impl Pin {
    /// A pin of a text; what rules do not look at is left away.
    pub fn new(must: Must, text: &str, labels: BTreeMap<String, String>) -> Self {
        Self {
            must,
            text: looked_at(text).to_owned(),
            labels,
        }
    }

    /// Whether both are about the same alarm text.
    pub fn same_text(&self, other: &Self) -> bool {
        self.text == other.text && self.labels == other.labels
    }

    /// The beginning of the text, for messages.
    pub fn short(&self) -> String {
        let line = self.text.lines().next().unwrap_or_default();
        if line.chars().nth(SHOWN).is_some() {
            format!("{}\u{2026}", line.chars().take(SHOWN).collect::<String>())
        } else {
            line.to_owned()
        }
    }
}

/// Adds a pin; an older one about the same text gives way.
pub fn add(pins: &mut Vec<Pin>, new: Pin) {
    pins.retain(|one| !one.same_text(&new));
    pins.push(new);
}

/// Whether the pins of a draft are few, short and do not contradict each other.
pub fn within(pins: &[Pin]) -> Result<(), PinError> {
    if pins.len() > PINS_MAX {
        return Err(PinError::TooMany);
    }
    if pins.iter().map(|one| one.text.len()).sum::<usize>() > PINS_BYTES_MAX {
        return Err(PinError::TooLong);
    }
    for (at, pin) in pins.iter().enumerate() {
        if pin.text.trim().is_empty() {
            return Err(PinError::Empty(at + 1));
        }
        if let Some(other) = pins[..at].iter().position(|one| one.same_text(pin)) {
            return Err(PinError::Twice(other + 1, at + 1));
        }
    }
    Ok(())
}

/// The pins as one line for a form; nothing for none.
pub fn write(pins: &[Pin]) -> String {
    if pins.is_empty() {
        return String::new();
    }
    serde_json::to_string(pins).unwrap_or_default()
}

/// The pins of such a line.
pub fn read(line: &str) -> Result<Vec<Pin>, PinError> {
    if line.trim().is_empty() {
        return Ok(Vec::new());
    }
    serde_json::from_str(line).map_err(|_| PinError::Unreadable)
}

/// Whether each pin of a draft holds, by the function of the live path.
#[cfg(feature = "regex")]
pub fn held(draft: &Draft) -> Result<Vec<bool>, PatternError> {
    let armed = [Armed::new(Rule {
        id: RuleId(0),
        version: 0,
        // A rule that is switched off keeps its promises too.
        draft: Draft {
            enabled: true,
            ..draft.clone()
        },
    })?];
    let holds = |pin: &Pin| {
        let taken = answer(&armed, &pin.text, &pin.labels).is_some();
        match pin.must {
            Must::Match => taken,
            Must::NotMatch => !taken,
        }
    };
    Ok(draft.pins.iter().map(holds).collect())
}

/// What is said of the pins that a draft fails; `None` when it fails none.
#[cfg(feature = "regex")]
pub fn failing(draft: &Draft) -> Result<Option<String>, PatternError> {
    let held = held(draft)?;
    let wrong: Vec<String> = draft
        .pins
        .iter()
        .zip(1..)
        .zip(held)
        .filter(|(_, holds)| !holds)
        .map(|((pin, n), _)| {
            let does = match pin.must {
                Must::Match => "must match and does not",
                Must::NotMatch => "must not match and does",
            };
            format!("pin {n} {does}: {:?}", pin.short())
        })
        .collect();
    Ok((!wrong.is_empty()).then(|| wrong.join("; ")))
}
