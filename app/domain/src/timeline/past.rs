//! Which past recoveries somebody looks at, and what they add up to.

use crate::id::{ClusterName, NodeName, RuleId};
use crate::recovery::{Outcome, State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Which recoveries to list, newest first; what is `None` asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryFilter {
    /// Of this cluster.
    pub cluster: Option<ClusterName>,
    /// Of this node.
    pub node: Option<NodeName>,
    /// That hold a node's slot, or that hold none.
    pub active: Option<bool>,
    /// With this outcome.
    pub outcome: Option<Outcome>,
    /// In this state.
    pub state: Option<State>,
    /// In which this person did something.
    pub person: Option<String>,
    /// Begun by this rule.
    pub rule: Option<RuleId>,
    /// Begun by any rule, or by persons.
    pub automatic: Option<bool>,
    /// With this text in their names, alarms, reasons or notes.
    pub text: Option<String>,
    /// Begun then or later.
    pub since: Option<Timestamp>,
    /// Begun before then.
    pub until: Option<Timestamp>,
}

/// Figures over everything a filter lets through.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Recoveries that pass.
    pub found: u32,
    /// Recoveries there are.
    pub all: u32,
    /// Of those that pass, in which a person was needed.
    pub failed: u32,
    /// Of those that pass, begun by a rule.
    pub automatic: u32,
    /// Median seconds of those that pass and went well.
    pub median_s: Option<u32>,
    /// When the newest of all began, whatever the filter says.
    pub newest: Option<Timestamp>,
}
