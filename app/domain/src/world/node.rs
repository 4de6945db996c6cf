//! A node as the Kubernetes API tells it, and whose its cordon is.

use crate::id::{NodeName, NodeUid, PersonName, RecoveryId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The kubelet's own word, as the API server keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ready {
    /// Ready=True.
    True,
    /// Ready=False: the kubelet talks, and says no.
    False,
    /// Ready=Unknown: the kubelet is silent.
    Unknown,
}

/// Who keeps new pods off a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cordon {
    /// Nobody.
    Open,
    /// A recovery of ours, by our annotation.
    Ours(OwnerMark),
    /// A person who took it over here, by our annotation: no recovery ever takes it off.
    Held(HolderMark),
    /// A person or another tool, without our annotation.
    Foreign(ForeignMark),
}

impl Cordon {
    /// A cordon about which nothing but its presence is known.
    pub const FOREIGN: Self = Self::Foreign(ForeignMark { by: None, at: None });
}

/// What the API server tells about a cordon that is not ours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignMark {
    /// The field manager that set `spec.unschedulable`, such as `kubectl-cordon`, if the server keeps it.
    pub by: Option<String>,
    /// When that manager last wrote.
    pub at: Option<Timestamp>,
}

/// Content of [`super::OWNER_ANNOTATION`] when a person holds the cordon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolderMark {
    /// Who took it over.
    pub person: PersonName,
    /// When.
    pub at: Timestamp,
}

impl fmt::Display for HolderMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "person={} at={}", self.person, self.at)
    }
}

impl HolderMark {
    /// Reads an annotation; `None` when no person holds it.
    pub fn parse(text: &str) -> Option<Self> {
        let (person, at) = text.strip_prefix("person=")?.rsplit_once(" at=")?;
        Some(Self {
            person: PersonName::parse(person).ok()?,
            at: at.parse().ok()?,
        })
    }
}

/// Content of [`super::OWNER_ANNOTATION`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerMark {
    /// The recovery that placed it.
    pub recovery: RecoveryId,
    /// When.
    pub at: Timestamp,
}

impl fmt::Display for OwnerMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "recovery={} at={}", self.recovery.0, self.at)
    }
}

impl OwnerMark {
    /// Reads an annotation; `None` when it is not one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        let (recovery, at) = text.strip_prefix("recovery=")?.split_once(" at=")?;
        Some(Self {
            recovery: RecoveryId(recovery.parse().ok()?),
            at: at.parse().ok()?,
        })
    }
}

/// What a node can give to pods.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocatable {
    /// Thousandths of a core.
    pub cpu_milli: u64,
    /// Bytes.
    pub memory: u64,
    /// Number of pods.
    pub pods: u64,
}

/// One node, read from the Kubernetes API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeFacts {
    /// Name.
    pub name: NodeName,
    /// UID: a re-created node has another.
    pub uid: NodeUid,
    /// For the precondition of a patch.
    pub resource_version: String,
    /// InternalIP first, then the other addresses and the host name.
    pub addresses: Vec<String>,
    /// `spec.providerID`.
    pub provider_id: Option<String>,
    /// `status.nodeInfo.bootID`: changes with every boot.
    pub boot_id: String,
    /// The Ready condition.
    pub ready: Ready,
    /// `lastTransitionTime` of the Ready condition.
    pub ready_since: Timestamp,
    /// Newest renewal of the node's lease; `None` when there is no lease or it was not read.
    pub lease_renewed: Option<Timestamp>,
    /// Cordon and its owner.
    pub cordon: Cordon,
    /// Conditions that are wrong, such as `DiskPressure` or `NetworkUnavailable`.
    pub pressure: Vec<String>,
    /// Taints as `key:effect`.
    pub taints: Vec<String>,
    /// Roles from `node-role.kubernetes.io/*`.
    pub roles: Vec<String>,
    /// `topology.kubernetes.io/zone`.
    pub zone: Option<String>,
    /// Physical host, from the topology label `topology.uncordon.dev/host`.
    pub host: Option<String>,
    /// Carries [`super::EXCLUDE_LABEL`].
    pub excluded: bool,
    /// Allocatable resources.
    pub allocatable: Allocatable,
    /// When the Node object was made.
    pub created_at: Timestamp,
}

impl NodeFacts {
    /// Whether the node carries the control plane.
    pub fn control_plane(&self) -> bool {
        self.roles
            .iter()
            .any(|role| role == "control-plane" || role == "master")
    }

    /// The address people use: the InternalIP, else the first there is.
    pub fn ip(&self) -> Option<&str> {
        self.addresses.first().map(String::as_str)
    }
}
