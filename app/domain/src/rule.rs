//! A rule: a pattern on an alarm's text that answers with a plan.

pub mod begin;
pub mod diff;
pub mod flags;
#[cfg(feature = "regex")]
pub mod near;
#[cfg(feature = "regex")]
pub mod pattern;
pub mod pin;
#[cfg(feature = "regex")]
pub mod sieve;

pub use pin::{Must, Pin};

use crate::alarm::TEXT_MATCHED;
use crate::id::{ClusterName, RuleId, RuleName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Longest pattern, in bytes.
pub const PATTERN_MAX: usize = 4096;
/// Most rules in force at once.
pub const RULES_MAX: usize = 200;

/// What a rule may do by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Records what it would have done.
    Observe,
    /// Cordons, then asks a person before the start.
    Ask,
    /// Goes all the way alone.
    Auto,
}

impl Mode {
    /// All modes, mildest first.
    pub const ALL: [Self; 3] = [Self::Observe, Self::Ask, Self::Auto];

    /// The word used in config, REST and on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Ask => "ask",
            Self::Auto => "auto",
        }
    }

    /// The mode of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

/// What it means that nobody answers within the veto window of an armed rule.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// Go on.
    #[default]
    Act,
    /// Ask, and wait for a yes.
    Ask,
}

impl Silence {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Act, Self::Ask];

    /// The word used in REST and on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Act => "act",
            Self::Ask => "ask",
        }
    }

    /// The one of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// Longest veto window, in seconds: longer ones are what `ask` is for.
pub const VETO_MAX: u32 = 3600;

/// What a person writes; the store adds id and version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Name, unique.
    pub name: RuleName,
    /// Order; first match wins.
    pub position: u32,
    /// Whether it looks at alarms at all.
    pub enabled: bool,
    /// What it may do.
    pub mode: Mode,
    /// Regular expression with the named groups `host`, `ip`, `node`, `cluster`.
    pub pattern: String,
    /// Labels that must be equal, all of them.
    pub labels: BTreeMap<String, String>,
    /// Only targets of this cluster.
    pub cluster: Option<ClusterName>,
    /// In `auto`: seconds in which a person may still stop it before power is used; 0 is none.
    #[serde(default)]
    pub veto_s: u32,
    /// In `auto`: what silence within that window means.
    #[serde(default)]
    pub silence: Silence,
    /// Texts it must match, or must not; a draft that fails one is not saved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
}

impl Draft {
    /// Whether the other one matches the same alarms and means the same nodes.
    pub fn same_reach(&self, other: &Self) -> bool {
        self.pattern == other.pattern
            && self.labels == other.labels
            && self.cluster == other.cluster
    }
}

/// A stored rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Our number.
    pub id: RuleId,
    /// 1 for the first text, one more with each change.
    pub version: u32,
    /// What it says.
    #[serde(flatten)]
    pub draft: Draft,
}

/// What the named groups of a pattern caught; empty catches are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captures {
    /// `(?P<host>..)`: a name or an address.
    pub host: Option<String>,
    /// `(?P<ip>..)`.
    pub ip: Option<String>,
    /// `(?P<node>..)`.
    pub node: Option<String>,
    /// `(?P<cluster>..)`.
    pub cluster: Option<String>,
}

impl Captures {
    /// Whether anything names a node.
    pub const fn names_a_node(&self) -> bool {
        self.host.is_some() || self.ip.is_some() || self.node.is_some()
    }
}

/// Where and how a pattern matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// Byte offset of the first matched byte.
    pub start: usize,
    /// Byte offset after the last one.
    pub end: usize,
    /// The named groups.
    pub captures: Captures,
}

/// Why a pattern is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct PatternError {
    /// In words, for the person who typed it.
    pub message: String,
    /// Character offset in the pattern, if it has one place.
    pub position: Option<usize>,
}

/// The part of a text that rules look at.
pub fn looked_at(text: &str) -> &str {
    let end = (0..=text.len().min(TEXT_MATCHED))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0);
    &text[..end]
}

/// The rule a fresh installation begins with; `auto` in the sandbox, `observe` elsewhere.
pub fn shipped(mode: Mode) -> Draft {
    Draft {
        name: RuleName::parse("host-down").expect("a plain name is valid"),
        position: 1,
        enabled: true,
        mode,
        pattern: r"HOST (?P<host>\S+) down, IP: (?P<ip>[0-9A-Fa-f:.]+)(?: Cluster(?: (?P<cluster>[A-Za-z0-9._-]+))?)?".to_owned(),
        labels: BTreeMap::new(),
        cluster: None,
        veto_s: 0,
        silence: Silence::Act,
        pins: Vec::new(),
    }
}
