//! Facts about the outside, each with the time it was read: "I cannot see" is never "it is dead".

mod healer;
mod machine;
mod node;
mod pod;
mod snapshot;

pub use healer::{Claim, Healer, Healers, Reserve, Unseen};
pub use machine::{Group, MachineFacts, MachineState};
pub use node::{Allocatable, Cordon, ForeignMark, HolderMark, NodeFacts, OwnerMark, Ready};
pub use pod::{Pin, PodFacts, PodPhase, WorkloadFacts, WorkloadKind};
pub use snapshot::{CONSOLE_MAX, Condition, EVENTS_MAX, NodeEvent, NodeRecord, Snapshot};

use crate::id::{ClusterName, NodeName};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Annotation that marks a cordon as ours.
pub const OWNER_ANNOTATION: &str = "uncordon.dev/owner";
/// Label that keeps a node out of every automatic act.
pub const EXCLUDE_LABEL: &str = "uncordon.dev/exclude";

/// A value that was read, or why it could not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading<T> {
    /// Read just now.
    Seen(T),
    /// The system is there and says: no such thing.
    Absent,
    /// No answer, or none that can be used.
    Unreadable(String),
}

/// Whether the view of a cluster is current.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// Reads and watches work.
    Live,
    /// Nothing can be read since then.
    Blind {
        /// Since when.
        since: Timestamp,
        /// Why.
        why: String,
    },
}

/// All of a cluster that health and the checks look at; a clone shares the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterFacts {
    /// Which cluster.
    pub cluster: ClusterName,
    /// When it was read.
    pub seen_at: Timestamp,
    /// Whether it is current.
    pub sight: Sight,
    /// Nodes, by name.
    pub nodes: Arc<[NodeFacts]>,
    /// Pods; one that does not change is the same in later views and in summaries.
    pub pods: Arc<[Arc<PodFacts>]>,
    /// Controllers.
    pub workloads: Arc<[WorkloadFacts]>,
    /// CSI drivers registered per node.
    pub csi: Arc<BTreeMap<NodeName, Vec<String>>>,
}

impl ClusterFacts {
    /// The node of a name.
    pub fn node(&self, name: &NodeName) -> Option<&NodeFacts> {
        self.nodes.iter().find(|node| &node.name == name)
    }
}
