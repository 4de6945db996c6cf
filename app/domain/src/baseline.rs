//! What was well before the failure, so that "back" has a meaning.

use crate::id::NodeName;
use crate::world::{ClusterFacts, PodFacts, PodPhase, Ready, WorkloadFacts};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many summaries are kept per cluster, one a minute.
pub const KEPT: usize = 15;

/// A cluster's summary at one moment; it shares with the view it was made from what does not change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// When.
    pub taken_at: Timestamp,
    /// Pods that were already broken.
    pub broken: Vec<String>,
    pods: Arc<[Arc<PodFacts>]>,
    workloads: Arc<[WorkloadFacts]>,
    csi: Arc<BTreeMap<NodeName, Vec<String>>>,
    /// Boot IDs.
    pub boot_ids: BTreeMap<NodeName, String>,
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
        let broken = facts.pods.iter().filter(|pod| {
            let bound = pod.ready && pod.node.is_some();
            !bound && pod.phase != PodPhase::Succeeded
        });
        let silent = facts.nodes.iter().filter(|node| node.ready != Ready::True);
        let nodes = facts.nodes.iter();
        Self {
            taken_at: facts.seen_at,
            broken: broken.map(|pod| pod.key()).collect(),
            pods: Arc::clone(&facts.pods),
            workloads: Arc::clone(&facts.workloads),
            csi: Arc::clone(&facts.csi),
            boot_ids: nodes
                .map(|node| (node.name.clone(), node.boot_id.clone()))
                .collect(),
            not_ready: silent.map(|node| node.name.clone()).collect(),
        }
    }

    /// The part that concerns `node`.
    pub fn node(&self, node: &NodeName) -> NodeBaseline {
        let here = self.pods.iter();
        let here = here.filter(|pod| pod.ready && pod.node.as_ref() == Some(node));
        let pods: Vec<(String, Option<String>)> =
            here.map(|pod| (pod.key(), pod.owner_key())).collect();
        let owners: BTreeSet<&String> = pods
            .iter()
            .filter_map(|(_, owner)| owner.as_ref())
            .collect();
        let ready = self.workloads.iter().map(|one| (one.key(), one.ready));
        NodeBaseline {
            taken_at: self.taken_at,
            boot_id: self.boot_ids.get(node).cloned(),
            ready: ready.filter(|(key, _)| owners.contains(key)).collect(),
            pods,
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
    kept: impl IntoIterator<Item = &'a Arc<Baseline>>,
    not_ready_since: Timestamp,
) -> Option<&'a Arc<Baseline>> {
    kept.into_iter()
        .filter(|one| one.taken_at < not_ready_since)
        .max_by_key(|one| one.taken_at)
}
