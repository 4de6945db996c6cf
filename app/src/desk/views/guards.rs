//! What the desk says of guards: storms, cordons, arming, receipts of the switch.

use super::{AlarmView, RecoveryItem, TriedText};
use domain::guard::Switch;
use domain::id::{ClusterName, NodeName, PersonName, RecoveryId};
use domain::ledger::{CordonVerb, Owner};
use domain::rule::pin::{Must, Pin};
use domain::rule::{Rule, Silence};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A storm breaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StormView {
    /// Our number.
    pub id: u64,
    /// Cluster.
    pub cluster: ClusterName,
    /// When it tripped.
    pub tripped_at: Timestamp,
    /// Why, with the numbers.
    pub why: String,
    /// Nodes that were unhealthy then.
    pub nodes: Vec<NodeName>,
    /// Recoveries it holds back now; each may be let through alone.
    pub held: Vec<RecoveryItem>,
    /// Since when it is calm.
    pub calm_since: Option<Timestamp>,
    /// From when on it may be closed, if it stays calm.
    pub closable_at: Option<Timestamp>,
    /// Whether it may be closed now.
    pub closable: bool,
    /// When and how it closes, in a sentence.
    pub how: String,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// By whom.
    pub closed_by: Option<PersonName>,
    /// Why.
    pub closed_why: Option<String>,
}

/// A cordon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CordonView {
    /// Cluster.
    pub cluster: ClusterName,
    /// Node.
    pub node: NodeName,
    /// Whether the node is Ready; `None` while its cluster cannot be seen.
    pub ready: Option<bool>,
    /// Since when its cluster cannot be seen: the cordon is then as it was last seen.
    pub unseen_since: Option<Timestamp>,
    /// Whose it is.
    pub owner: Owner,
    /// The same in words.
    pub owner_text: String,
    /// Since when, as far as anybody knows.
    pub since: Option<Timestamp>,
    /// Why, as far as it is known here.
    pub reason: Option<String>,
    /// The recovery at work on the node.
    pub at_work: Option<RecoveryId>,
    /// What a person may do with it.
    pub may: Vec<CordonVerb>,
}

/// What a person did with a cordon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CordonActView {
    /// Cluster.
    pub cluster: ClusterName,
    /// Node.
    pub node: NodeName,
    /// What.
    pub verb: CordonVerb,
    /// Who.
    pub by: PersonName,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<String>,
    /// What became of it; `None` when it is not known.
    pub outcome: Option<String>,
}

/// The cordon ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CordonsView {
    /// Every cordon of every cluster, those kept here first.
    pub items: Vec<CordonView>,
    /// The last acts of persons, newest first.
    pub acts: Vec<CordonActView>,
}

/// An order about a cordon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CordonOrder {
    /// Cluster.
    pub cluster: ClusterName,
    /// Node.
    pub node: NodeName,
    /// What.
    pub verb: CordonVerb,
    /// Why.
    pub reason: Option<String>,
}

/// One limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardLine {
    /// Its key in `[guards]`.
    pub key: String,
    /// What it limits, for people.
    pub title: String,
    /// What it is set to, with its unit.
    pub set_to: String,
    /// How close it is now: `1 of 2`; `None` for limits that nothing counts towards.
    pub now: Option<String>,
    /// Whether it holds something back now.
    pub reached: bool,
}

/// The limits of one cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterGuards {
    /// Cluster.
    pub cluster: ClusterName,
    /// In the order of the documentation.
    pub lines: Vec<GuardLine>,
}

/// What a rule would have done with past alarms: to be looked at before it is armed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmView {
    /// The rule, in its newest version.
    pub rule: Rule,
    /// Past alarms it matches, newest first, at most 100.
    pub hits: Vec<(AlarmView, TriedText)>,
    /// Nodes of these alarms that somebody else heals, and why it will leave them alone; at most 5 are looked at.
    pub left_alone: Vec<LeftAlone>,
    /// Past alarms looked at.
    pub looked_at: u32,
    /// Of them, how many it matches.
    pub matched: u32,
    /// Names exactly what was shown; goes back with the order.
    pub look: String,
}

impl ArmView {
    /// Texts pinned to the rule that it must match, and, as a rule is not saved otherwise, does.
    pub fn proofs(&self) -> impl Iterator<Item = &Pin> {
        let pins = self.rule.draft.pins.iter();
        pins.filter(|one| one.must == Must::Match)
    }

    /// Whether anybody can have seen it work: on a past alarm, or on a text pinned for it.
    pub fn seen_to_work(&self) -> bool {
        self.matched > 0 || self.proofs().next().is_some()
    }
}

/// A node that is not ours to recover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftAlone {
    /// Its cluster.
    pub cluster: ClusterName,
    /// Its name.
    pub node: NodeName,
    /// Who heals it, and what says so.
    pub why: String,
    /// What its owner can do.
    pub way_out: String,
}

/// Order to arm a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArmOrder {
    /// The version that was looked at.
    pub version: u32,
    /// What was shown.
    pub look: String,
    /// Why it may act alone from now on.
    pub reason: String,
    /// Seconds in which a person may still stop it; 0 is none.
    pub veto_s: u32,
    /// What silence within them means.
    pub silence: Silence,
}

/// What a thrown switch means for one cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchReceipt {
    /// Cluster.
    pub cluster: ClusterName,
    /// Where it stands now.
    pub mode: Switch,
    /// When.
    pub at: Timestamp,
    /// Calls that were under way: `recovery #12: Start the machine (node-12)`.
    pub in_flight: Vec<String>,
    /// In a sentence: `prod stopped at 03:12:07, 1 call was in flight`.
    pub text: String,
}
