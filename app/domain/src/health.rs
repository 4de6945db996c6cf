//! Whether a cluster is well: a verdict, and everything that is not.

mod judge;
mod pods;
mod words;

pub use judge::verdict;
pub use words::words;

use crate::id::{ClusterName, NodeName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All nodes and pods are as they should be.
    Healthy,
    /// Something is not well.
    Degraded,
    /// Most nodes are down, or nothing runs.
    Down,
    /// It cannot be read.
    Blind,
}

/// Node counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeCounts {
    /// Ready.
    pub ready: u32,
    /// All.
    pub total: u32,
    /// Cordoned, by whomever.
    pub cordoned: u32,
}

/// A node that is not well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SickNode {
    /// Name.
    pub name: NodeName,
    /// In words: `down 4 min`, `cordoned by recovery #12`, `DiskPressure`.
    pub what: String,
    /// Since when.
    pub since: Option<Timestamp>,
}

/// Pod counts and the broken ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pods {
    /// Running and Ready, or ended well.
    pub running: u32,
    /// All but those being deleted.
    pub total: u32,
    /// Those that are not well, worst and newest first.
    pub broken: Vec<BrokenPod>,
}

/// A pod that is not well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenPod {
    /// `namespace/name`.
    pub pod: String,
    /// Node it is bound to.
    pub node: Option<NodeName>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// Whether it was broken already in the newest summary before.
    pub before: bool,
}

/// A controller with fewer Ready pods than wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortWorkload {
    /// `Kind namespace/name`.
    pub workload: String,
    /// Ready.
    pub ready: u32,
    /// Wanted.
    pub desired: u32,
}

/// A pod that can run only on a node that is down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    /// `namespace/name`.
    pub pod: String,
    /// The node it waits for.
    pub node: NodeName,
    /// `node affinity` or `local volume`.
    pub why: String,
}

/// The health of one cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Which cluster.
    pub cluster: ClusterName,
    /// Headline.
    pub verdict: Verdict,
    /// One sentence.
    pub sentence: String,
    /// Node counts.
    pub nodes: NodeCounts,
    /// Nodes that are not well.
    pub sick: Vec<SickNode>,
    /// Pods.
    pub pods: Pods,
    /// Controllers that are short of pods.
    pub workloads: Vec<ShortWorkload>,
    /// Pods that wait for a dead node.
    pub pinned: Vec<Pinned>,
    /// When it was seen.
    pub seen_at: Timestamp,
    /// Since when it cannot be read; `None` while it can.
    pub blind_since: Option<Timestamp>,
}
