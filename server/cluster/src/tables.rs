//! What is known of a cluster: one table per kind, and the facts they make together.

use crate::node::NodeRow;
use crate::pin::VolumeRow;
use crate::pod::PodRow;
use domain::id::{ClusterName, NodeName};
use domain::world::{ClusterFacts, NodeFacts, Pin, PodFacts, Sight, WorkloadFacts, WorkloadKind};
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::Arc;

/// Rows by `namespace/name`, or by name.
pub type Table<R> = BTreeMap<String, R>;

/// All tables.
#[derive(Default)]
pub struct Tables {
    pub nodes: Table<NodeRow>,
    pub leases: Table<Timestamp>,
    pub pods: Table<PodRow>,
    pub deployments: Table<WorkloadFacts>,
    pub stateful_sets: Table<WorkloadFacts>,
    pub daemon_sets: Table<WorkloadFacts>,
    pub volumes: Table<VolumeRow>,
    pub claims: Table<String>,
    pub csi: Table<Vec<String>>,
    /// The label that names the host of a node.
    pub host_label: Arc<str>,
}

impl Tables {
    /// Empty; this label names the host of a node.
    pub fn new(host_label: Arc<str>) -> Self {
        Self {
            host_label,
            ..Self::default()
        }
    }

    /// Nodes with their leases, by name.
    pub fn nodes(&self) -> Vec<NodeFacts> {
        let node = |(name, row): (&String, &NodeRow)| NodeFacts {
            lease_renewed: self.leases.get(name).copied(),
            host: row.labels.get(&*self.host_label).cloned(),
            ..row.facts.clone()
        };
        self.nodes.iter().map(node).collect()
    }

    /// Everything; costs one copy of what is kept, which is a few milliseconds for 50,000 pods.
    pub fn facts(&self, cluster: &ClusterName, seen_at: Timestamp, sight: Sight) -> ClusterFacts {
        let hosts = self.hosts();
        let mut key = String::new();
        ClusterFacts {
            cluster: cluster.clone(),
            seen_at,
            sight,
            nodes: self.nodes(),
            pods: self
                .pods
                .values()
                .map(|row| self.pod(row, &hosts, &mut key))
                .collect(),
            workloads: [&self.deployments, &self.stateful_sets, &self.daemon_sets]
                .into_iter()
                .flat_map(|one| one.values().cloned())
                .collect(),
            csi: self
                .csi
                .iter()
                .filter_map(|(name, drivers)| Some((NodeName::parse(name).ok()?, drivers.clone())))
                .collect(),
        }
    }

    /// Nodes whose host name label is not their name.
    fn hosts(&self) -> HashMap<&str, &NodeName> {
        self.nodes
            .values()
            .filter_map(|row| Some((row.hostname.as_deref()?, &row.facts.name)))
            .collect()
    }

    /// A pod with its pin, owned by its Deployment only if there is that Deployment; `key` is scratch.
    fn pod(&self, row: &PodRow, hosts: &HashMap<&str, &NodeName>, key: &mut String) -> PodFacts {
        let mut facts = row.facts.clone();
        if let (Some(replica_set), Some((_, name))) = (&row.replica_set, &facts.owner) {
            key.clear();
            write!(key, "{}/{name}", facts.namespace).expect("writing to a String cannot fail");
            if !self.deployments.contains_key(key.as_str()) {
                facts.owner = Some((WorkloadKind::Other, replica_set.clone()));
            }
        }
        facts.pinned = match &row.only {
            Some(place) => self
                .place(place, hosts)
                .or_else(|| NodeName::parse(place).ok())
                .map(|node| pin(node, "node affinity")),
            None => row
                .claims
                .iter()
                .find_map(|claim| self.volume_node(claim, hosts))
                .map(|node| pin(node, "local volume")),
        };
        facts
    }

    /// The node of a host name or node name.
    fn place(&self, place: &str, hosts: &HashMap<&str, &NodeName>) -> Option<NodeName> {
        hosts
            .get(place)
            .map(|node| (*node).clone())
            .or_else(|| self.nodes.get(place).map(|row| row.facts.name.clone()))
    }

    fn volume_node(&self, claim: &str, hosts: &HashMap<&str, &NodeName>) -> Option<NodeName> {
        let volume = self.volumes.get(self.claims.get(claim)?)?;
        match &volume.only {
            // A local volume whose node is gone still pins its pod there.
            Some(place) => self
                .place(place, hosts)
                .or_else(|| NodeName::parse(place).ok()),
            None => volume
                .maybe
                .iter()
                .find_map(|place| self.place(place, hosts)),
        }
    }
}

fn pin(node: NodeName, why: &str) -> Pin {
    Pin {
        node,
        why: why.to_owned(),
    }
}

#[cfg(test)]
mod tests;
