//! A Kubernetes Node in our words.

use crate::quantity;
use crate::wire::node::{CsiNode, Node, NodeStatus};
use domain::id::{NodeName, NodeUid};
use domain::world::{
    Allocatable, Cordon, EXCLUDE_LABEL, ForeignMark, HolderMark, NodeFacts, OWNER_ANNOTATION,
    OwnerMark, Ready,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// A node with the label pods and volumes pin themselves to.
pub struct NodeRow {
    /// Everything but the lease.
    pub facts: NodeFacts,
    /// `kubernetes.io/hostname`, where it is not simply the name.
    pub hostname: Option<String>,
    /// All labels: which of them names the host is configured.
    pub labels: BTreeMap<String, String>,
}

/// Label that pins by host name.
pub const HOSTNAME: &str = "kubernetes.io/hostname";
const ZONE: &str = "topology.kubernetes.io/zone";
/// The label that names the physical host, unless the config says another one.
pub const HOST: &str = "topology.uncordon.dev/host";
const ROLE: &str = "node-role.kubernetes.io/";
const PRESSURE: [&str; 4] = [
    "MemoryPressure",
    "DiskPressure",
    "PIDPressure",
    "NetworkUnavailable",
];

/// Converts a node; `None` when its name is not one, which no API server does.
pub fn row(node: &Node) -> Option<NodeRow> {
    let meta = &node.metadata;
    let created_at = meta.creation_timestamp.unwrap_or(Timestamp::UNIX_EPOCH);
    let (ready, ready_since) = ready(&node.status, created_at);
    let facts = NodeFacts {
        name: NodeName::parse(&meta.name).ok()?,
        uid: NodeUid::parse(&meta.uid).ok()?,
        resource_version: meta.resource_version.clone(),
        addresses: addresses(&node.status),
        provider_id: Some(node.spec.provider_id.clone()).filter(|id| !id.is_empty()),
        boot_id: node.status.node_info.boot_id.clone(),
        ready,
        ready_since,
        lease_renewed: None,
        cordon: cordon(node),
        pressure: pressure(&node.status),
        taints: node
            .spec
            .taints
            .iter()
            .map(|taint| format!("{}:{}", taint.key, taint.effect))
            .collect(),
        roles: meta
            .labels
            .keys()
            .filter_map(|key| key.strip_prefix(ROLE))
            .map(str::to_owned)
            .collect(),
        zone: meta.labels.get(ZONE).cloned(),
        host: None,
        excluded: meta
            .labels
            .get(EXCLUDE_LABEL)
            .is_some_and(|value| value != "false"),
        allocatable: allocatable(&node.status.allocatable),
        created_at,
    };
    let hostname = meta
        .labels
        .get(HOSTNAME)
        .filter(|label| **label != meta.name)
        .cloned();
    Some(NodeRow {
        facts,
        hostname,
        labels: meta.labels.clone(),
    })
}

/// The storage drivers of a node.
pub fn drivers(csi: &CsiNode) -> Option<Vec<String>> {
    Some(
        csi.spec
            .drivers
            .iter()
            .map(|driver| driver.name.clone())
            .collect(),
    )
}

/// An annotation alone is no cordon: whoever made the node schedulable again has the last word.
fn cordon(node: &Node) -> Cordon {
    if !node.spec.unschedulable {
        return Cordon::Open;
    }
    let note = node.metadata.annotations.get(OWNER_ANNOTATION);
    if let Some(mark) = note.and_then(|text| OwnerMark::parse(text)) {
        return Cordon::Ours(mark);
    }
    if let Some(mark) = note.and_then(|text| HolderMark::parse(text)) {
        return Cordon::Held(mark);
    }
    let cordoner = node.metadata.cordoner.clone();
    cordoner.map_or(Cordon::FOREIGN, |one| {
        Cordon::Foreign(ForeignMark {
            by: one.manager,
            at: one.at,
        })
    })
}

fn ready(status: &NodeStatus, created_at: Timestamp) -> (Ready, Timestamp) {
    let Some(condition) = status.conditions.iter().find(|one| one.kind == "Ready") else {
        return (Ready::Unknown, created_at);
    };
    let ready = match condition.status.as_str() {
        "True" => Ready::True,
        "False" => Ready::False,
        _ => Ready::Unknown,
    };
    (ready, condition.last_transition_time.unwrap_or(created_at))
}

fn pressure(status: &NodeStatus) -> Vec<String> {
    let wrong = status
        .conditions
        .iter()
        .filter(|one| one.status == "True" && PRESSURE.contains(&one.kind.as_str()));
    wrong.map(|one| one.kind.clone()).collect()
}

/// InternalIP first: it is the one people and clouds use.
fn addresses(status: &NodeStatus) -> Vec<String> {
    let internal = status
        .addresses
        .iter()
        .filter(|one| one.kind == "InternalIP");
    let others = status
        .addresses
        .iter()
        .filter(|one| one.kind != "InternalIP");
    let mut found: Vec<String> = Vec::new();
    for one in internal.chain(others) {
        if !found.contains(&one.address) {
            found.push(one.address.clone());
        }
    }
    found
}

fn allocatable(of: &BTreeMap<String, String>) -> Allocatable {
    let read = |name: &str, parse: fn(&str) -> Option<u64>| {
        of.get(name)
            .and_then(|text| parse(text))
            .unwrap_or_default()
    };
    Allocatable {
        cpu_milli: read("cpu", quantity::milli),
        memory: read("memory", quantity::whole),
        pods: read("pods", quantity::whole),
    }
}

#[cfg(test)]
mod tests;
