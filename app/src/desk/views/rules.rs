//! What the desk says of a rule that is being written.

use super::AlarmView;
use domain::guard::Replayed;
use domain::id::{ClusterName, RuleId};
use domain::rule::{Match, PatternError, Pin};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What to try a pattern on, and where the rule would stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TryOrder {
    /// The pattern.
    pub pattern: String,
    /// A typed text.
    pub text: Option<String>,
    /// Past alarms from then on; `None`: the last 30 days.
    pub since: Option<Timestamp>,
    /// The rule that would be changed; it is compared with its version in force.
    pub rule: Option<RuleId>,
    /// Where it would stand; `None`: where it stands, or last.
    pub position: Option<u32>,
    /// Labels that must be equal.
    pub labels: BTreeMap<String, String>,
    /// Only targets of this cluster.
    pub cluster: Option<ClusterName>,
    /// Texts it must match, or must not.
    pub pins: Vec<Pin>,
}

/// Result of a try.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// Why the pattern is not taken; everything below is empty then.
    pub error: Option<PatternError>,
    /// The typed text.
    pub text: Option<TriedText>,
    /// Past alarms that match, newest first, at most 100.
    pub alarms: Vec<(AlarmView, TriedText)>,
    /// Past alarms looked at.
    pub looked_at: u32,
    /// Whether older ones were left out.
    pub cut: bool,
    /// Of them, how many match.
    pub matched: u32,
    /// The version in force that it is compared with.
    pub against: Option<u32>,
    /// Alarms that it matches and the version in force does not.
    pub added: Part,
    /// Alarms that the version in force matches and it does not.
    pub lost: Part,
    /// Starts it would have proposed, were the machines off.
    pub replayed: Replayed,
    /// Rules before it that take some of its alarms, and how many.
    pub earlier: Vec<(String, u32)>,
    /// When nothing matches: the alarms that come nearest.
    pub near: Vec<NearAlarm>,
    /// Whether each pin holds, in their order.
    pub pins: Vec<bool>,
}

/// Some of the past alarms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// How many.
    pub count: u32,
    /// The newest of them, at most 50.
    pub alarms: Vec<(AlarmView, TriedText)>,
}

/// A past alarm that a pattern comes near to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NearAlarm {
    /// The alarm.
    pub alarm: AlarmView,
    /// Bytes of its text that the beginning of the pattern matches.
    pub start: usize,
    /// Their end.
    pub end: usize,
    /// Bytes of the pattern that still match; 0 when nothing does.
    pub pattern: usize,
}

/// What the pattern makes of one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriedText {
    /// The text.
    pub text: String,
    /// Where and what it matched.
    pub found: Option<Match>,
    /// `cluster/node` that the captures name.
    pub node: Option<String>,
    /// Why they name none.
    pub problem: Option<String>,
}
