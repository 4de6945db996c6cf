//! What was well before the failure, so that "back" has a meaning.

use crate::id::NodeName;
use crate::world::{ClusterFacts, PodPhase};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How many summaries are kept per cluster, one a minute.
pub const KEPT: usize = 15;

/// A cluster's summary at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// When.
    pub taken_at: Timestamp,
    /// Ready pods per controller key.
    pub ready: BTreeMap<String, u32>,
    /// Ready pods per node as (`namespace/name`, controller key if any).
    pub pods: BTreeMap<NodeName, Vec<(String, Option<String>)>>,
    /// Pods that were already broken.
    pub broken: Vec<String>,
    /// Boot IDs.
    pub boot_ids: BTreeMap<NodeName, String>,
    /// CSI drivers.
    pub csi: BTreeMap<NodeName, Vec<String>>,
    /// Nodes that were not Ready.
    pub not_ready: Vec<NodeName>,
}

/// The part of a [`Baseline`] that concerns one node; copied into `planned`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeBaseline {
    /// When it was taken.
    pub taken_at: Timestamp,
    /// Boot ID then.
    pub boot_id: Option<String>,
    /// Ready pods on the node then, with their controller key.
    pub pods: Vec<(String, Option<String>)>,
    /// Ready pods then, of each controller that had a pod on the node.
    pub ready: BTreeMap<String, u32>,
    /// Pods already broken then, anywhere.
    pub broken: Vec<String>,
    /// CSI drivers on the node then.
    pub csi: Vec<String>,
    /// Other nodes that were not Ready then.
    pub not_ready: Vec<NodeName>,
}

impl Baseline {
    /// Summarises a cluster.
    pub fn of(facts: &ClusterFacts) -> Self {
        let mut pods: BTreeMap<NodeName, Vec<(String, Option<String>)>> = BTreeMap::new();
        let mut broken = Vec::new();
        for pod in &facts.pods {
            if pod.ready
                && let Some(node) = &pod.node
            {
                let owner = pod
                    .owner
                    .as_ref()
                    .map(|(kind, name)| format!("{kind:?} {}/{name}", pod.namespace));
                pods.entry(node.clone())
                    .or_default()
                    .push((pod.key(), owner));
            } else if pod.phase != PodPhase::Succeeded {
                broken.push(pod.key());
            }
        }
        Self {
            taken_at: facts.seen_at,
            ready: facts
                .workloads
                .iter()
                .map(|one| (one.key(), one.ready))
                .collect(),
            pods,
            broken,
            boot_ids: facts
                .nodes
                .iter()
                .map(|node| (node.name.clone(), node.boot_id.clone()))
                .collect(),
            csi: facts.csi.clone(),
            not_ready: facts
                .nodes
                .iter()
                .filter(|node| node.ready != crate::world::Ready::True)
                .map(|node| node.name.clone())
                .collect(),
        }
    }

    /// The part that concerns `node`.
    pub fn node(&self, node: &NodeName) -> NodeBaseline {
        let pods = self.pods.get(node).cloned().unwrap_or_default();
        let ready = pods
            .iter()
            .filter_map(|(_, owner)| owner.clone())
            .filter_map(|owner| self.ready.get(&owner).map(|ready| (owner, *ready)))
            .collect();
        NodeBaseline {
            taken_at: self.taken_at,
            boot_id: self.boot_ids.get(node).cloned(),
            pods,
            ready,
            broken: self.broken.clone(),
            csi: self.csi.get(node).cloned().unwrap_or_default(),
            not_ready: self
                .not_ready
                .iter()
                .filter(|one| *one != node)
                .cloned()
                .collect(),
        }
    }
}

/// The newest summary that is older than the node's Ready transition: taken while the node was still well.
pub fn before<'a>(
    kept: impl IntoIterator<Item = &'a Baseline>,
    not_ready_since: Timestamp,
) -> Option<&'a Baseline> {
    kept.into_iter()
        .filter(|one| one.taken_at < not_ready_since)
        .max_by_key(|one| one.taken_at)
}
