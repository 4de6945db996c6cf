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
    /// What was last told of them.
    pub told: Told,
    /// The label that names the host of a node.
    pub host_label: Arc<str>,
}

/// Lists that are handed out as they are, until something changes that they are made from.
#[derive(Default)]
pub struct Told {
    pub nodes: Option<Arc<[NodeFacts]>>,
    pub pods: Option<Arc<[Arc<PodFacts>]>>,
    pub workloads: Option<Arc<[WorkloadFacts]>>,
    pub csi: Option<Arc<BTreeMap<NodeName, Vec<String>>>>,
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
    pub fn nodes(&mut self) -> Arc<[NodeFacts]> {
        let Self {
            nodes,
            leases,
            told,
            host_label,
            ..
        } = self;
        let node = |(name, row): (&String, &NodeRow)| NodeFacts {
            lease_renewed: leases.get(name).copied(),
            host: row.labels.get(&**host_label).cloned(),
            ..row.facts.clone()
        };
        let made = told
            .nodes
            .get_or_insert_with(|| nodes.iter().map(node).collect());
        Arc::clone(made)
    }

    /// Everything; only lists that are no longer as they were told are made anew.
    pub fn facts(
        &mut self,
        cluster: &ClusterName,
        seen_at: Timestamp,
        sight: Sight,
    ) -> ClusterFacts {
        ClusterFacts {
            cluster: cluster.clone(),
            seen_at,
            sight,
            nodes: self.nodes(),
            pods: self.pods(),
            workloads: self.workloads(),
            csi: self.csi(),
        }
    }

    fn workloads(&mut self) -> Arc<[WorkloadFacts]> {
        let kinds = [&self.deployments, &self.stateful_sets, &self.daemon_sets];
        let all = kinds.into_iter().flat_map(|one| one.values().cloned());
        Arc::clone(self.told.workloads.get_or_insert_with(|| all.collect()))
    }

    fn csi(&mut self) -> Arc<BTreeMap<NodeName, Vec<String>>> {
        let row = |(name, drivers): (&String, &Vec<String>)| {
            Some((NodeName::parse(name).ok()?, drivers.clone()))
        };
        let all = || Arc::new(self.csi.iter().filter_map(row).collect());
        Arc::clone(self.told.csi.get_or_insert_with(all))
    }

    /// Pods with their owners and pins; one about which nothing changed stays the same.
    fn pods(&mut self) -> Arc<[Arc<PodFacts>]> {
        if let Some(told) = &self.told.pods {
            return Arc::clone(told);
        }
        let mut rows = std::mem::take(&mut self.pods);
        let hosts = self.hosts();
        let mut asked = Asked::default();
        for row in rows.values_mut() {
            let owner = self.owner(row, &mut asked);
            let pinned = self.pin(row, &hosts);
            if owner.is_some() || row.facts.pinned != pinned {
                let facts = Arc::make_mut(&mut row.facts);
                facts.owner = owner.or_else(|| facts.owner.take());
                facts.pinned = pinned;
            }
        }
        let told: Arc<[Arc<PodFacts>]> = rows.values().map(|row| Arc::clone(&row.facts)).collect();
        self.pods = rows;
        self.told.pods = Some(Arc::clone(&told));
        told
    }

    /// Nodes whose host name label is not their name.
    fn hosts(&self) -> HashMap<&str, &NodeName> {
        self.nodes
            .values()
            .filter_map(|row| Some((row.hostname.as_deref()?, &row.facts.name)))
            .collect()
    }

    /// Another owner than the one it had: it belongs to its Deployment only while there is that Deployment.
    fn owner(&self, row: &PodRow, asked: &mut Asked) -> Option<(WorkloadKind, String)> {
        let maker = row.maker.as_ref()?;
        let there = asked.whether(&row.facts.namespace, &maker.deployment, |key| {
            self.deployments.contains_key(key)
        });
        let (kind, name) = if there {
            (WorkloadKind::Deployment, &maker.deployment)
        } else {
            (WorkloadKind::Other, &maker.replica_set)
        };
        let same = matches!(&row.facts.owner, Some((was, _)) if *was == kind);
        (!same).then(|| (kind, name.clone()))
    }

    fn pin(&self, row: &PodRow, hosts: &HashMap<&str, &NodeName>) -> Option<Pin> {
        match &row.only {
            Some(place) => self
                .place(place, hosts)
                .or_else(|| NodeName::parse(place).ok())
                .map(|node| pin(node, "node affinity")),
            None => row
                .claims
                .iter()
                .find_map(|claim| self.volume_node(claim, hosts))
                .map(|node| pin(node, "local volume")),
        }
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

/// What was asked last: pods of one Deployment follow each other.
#[derive(Default)]
struct Asked {
    key: String,
    there: bool,
}

impl Asked {
    fn whether(&mut self, namespace: &str, name: &str, look: impl Fn(&str) -> bool) -> bool {
        let same = self
            .key
            .strip_prefix(namespace)
            .and_then(|rest| rest.strip_prefix('/'));
        if same != Some(name) {
            self.key.clear();
            write!(self.key, "{namespace}/{name}").expect("writing to a String cannot fail");
            self.there = look(&self.key);
        }
        self.there
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
