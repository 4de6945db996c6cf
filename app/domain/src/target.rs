//! Which one node an alarm, a command or a tap names: exactly one, or none is touched.

use crate::id::{ClusterName, NodeName, NodeUid};
use crate::rule::Captures;
use crate::world::NodeFacts;
use serde::{Deserialize, Serialize};

/// The one node a recovery is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Cluster.
    pub cluster: ClusterName,
    /// Name, for people and paths.
    pub node: NodeName,
    /// Identity: another UID is another node.
    pub uid: NodeUid,
    /// Its machine.
    pub provider_id: Option<String>,
    /// InternalIP: how the cloud finds the machine when there is no provider id.
    pub ip: Option<String>,
}

impl Target {
    /// The target of a node that was read.
    pub fn of(cluster: &ClusterName, node: &NodeFacts) -> Self {
        Self {
            cluster: cluster.clone(),
            node: node.name.clone(),
            uid: node.uid.clone(),
            provider_id: node.provider_id.clone(),
            ip: node.ip().map(str::to_owned),
        }
    }
}

/// Why a name is not a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum NoTarget {
    /// The text matched but caught no name.
    #[error("the text names no node")]
    Nameless,
    /// The text names a cluster that is not configured.
    #[error("no cluster is called {0}")]
    NoCluster(String),
    /// No node has that name or address.
    #[error("no node is called {0}")]
    Nobody(String),
    /// More than one node has it.
    #[error("{name} fits {} nodes: {}", .found.len(), .found.join(", "))]
    Several {
        /// What was asked for.
        name: String,
        /// `cluster/node` of each.
        found: Vec<String>,
    },
    /// The captured names point to different nodes.
    #[error("{0} and {1} are different nodes")]
    Contradiction(String, String),
}

/// A configured cluster with its known nodes.
#[derive(Debug, Clone)]
pub struct Known<'a> {
    /// Name.
    pub cluster: &'a ClusterName,
    /// Other names people use.
    pub aliases: &'a [String],
    /// Its nodes.
    pub nodes: &'a [NodeFacts],
}

impl Known<'_> {
    /// Whether people call the cluster so.
    pub fn called(&self, name: &str) -> bool {
        self.cluster.as_str().eq_ignore_ascii_case(name)
            || self
                .aliases
                .iter()
                .any(|one| one.eq_ignore_ascii_case(name))
    }
}

/// Finds the one node that all captured names agree on.
pub fn resolve(
    captures: &Captures,
    only: Option<&ClusterName>,
    known: &[Known<'_>],
) -> Result<Target, NoTarget> {
    let clusters = named(captures.cluster.as_deref(), only, known)?;
    let mut names = [&captures.ip, &captures.node, &captures.host]
        .into_iter()
        .flatten();
    let first = names.next().ok_or(NoTarget::Nameless)?;
    let target = lookup(first, &clusters)?;
    for name in names {
        // A host column may hold a name Kubernetes does not know; it must only never name another node.
        if let Ok(other) = lookup(name, &clusters)
            && other.uid != target.uid
        {
            return Err(NoTarget::Contradiction(first.clone(), name.clone()));
        }
    }
    Ok(target)
}

/// The configured clusters a search goes through.
fn named<'k, 'a>(
    name: Option<&str>,
    only: Option<&ClusterName>,
    known: &'k [Known<'a>],
) -> Result<Vec<&'k Known<'a>>, NoTarget> {
    let wanted: Vec<&Known<'a>> = known
        .iter()
        .filter(|one| only.is_none_or(|only| only == one.cluster))
        .collect();
    match name {
        None => Ok(wanted),
        Some(name) => {
            let found: Vec<_> = wanted.into_iter().filter(|one| one.called(name)).collect();
            if found.is_empty() {
                Err(NoTarget::NoCluster(name.to_owned()))
            } else {
                Ok(found)
            }
        }
    }
}

/// Finds the one node of exactly this name or address; a prefix or a pattern never counts.
pub fn lookup(name: &str, clusters: &[&Known<'_>]) -> Result<Target, NoTarget> {
    let hits: Vec<Target> = clusters
        .iter()
        .flat_map(|known| {
            known
                .nodes
                .iter()
                .filter(|node| has_name(node, name))
                .map(|node| Target::of(known.cluster, node))
        })
        .collect();
    match hits.as_slice() {
        [] => Err(NoTarget::Nobody(name.to_owned())),
        [one] => Ok(one.clone()),
        several => Err(NoTarget::Several {
            name: name.to_owned(),
            found: several
                .iter()
                .map(|one| format!("{}/{}", one.cluster, one.node))
                .collect(),
        }),
    }
}

fn has_name(node: &NodeFacts, name: &str) -> bool {
    node.name.as_str().eq_ignore_ascii_case(name)
        || node.addresses.iter().any(|one| same_address(one, name))
}

fn same_address(one: &str, other: &str) -> bool {
    match (
        one.parse::<std::net::IpAddr>(),
        other.parse::<std::net::IpAddr>(),
    ) {
        (Ok(one), Ok(other)) => one == other,
        _ => one.eq_ignore_ascii_case(other),
    }
}
