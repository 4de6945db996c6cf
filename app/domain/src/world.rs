//! Facts about the outside, each with the time it was read: "I cannot see" is never "it is dead".

use crate::id::{ClusterName, NodeName, NodeUid, RecoveryId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

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
    /// Us, by our annotation.
    Ours(OwnerMark),
    /// A person or another tool.
    Foreign,
}

/// Content of [`OWNER_ANNOTATION`].
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
    /// Carries [`EXCLUDE_LABEL`].
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

/// Power state of a machine, in our words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MachineState {
    /// Running.
    On,
    /// Off, and a start is possible.
    Off,
    /// On its way up.
    Starting,
    /// On its way down.
    Stopping,
    /// The cloud calls it broken.
    Error,
    /// A state that a start does not answer (suspended, shelved, rescue, locked).
    Other,
}

impl MachineState {
    /// The word used on the screen and in REST.
    pub const fn word(self) -> &'static str {
        match self {
            Self::On => "running",
            Self::Off => "off",
            Self::Starting => "starting",
            Self::Stopping => "stopping",
            Self::Error => "error",
            Self::Other => "other",
        }
    }
}

/// One machine, read from its cloud.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineFacts {
    /// The cloud's id.
    pub id: String,
    /// Power state.
    pub state: MachineState,
    /// The cloud's own words, such as `SHUTOFF` or `ACTIVE, powering-off`, and a fault if there is one.
    pub detail: String,
    /// Since when, if the cloud tells (launch or last update).
    pub since: Option<Timestamp>,
    /// Physical host, if the cloud tells.
    pub host: Option<String>,
}

/// Life phase of a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PodPhase {
    /// Not placed or not started.
    Pending,
    /// Started.
    Running,
    /// Ended well.
    Succeeded,
    /// Ended badly.
    Failed,
    /// The kubelet is silent.
    Unknown,
}

/// Kind of controller that owns pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum WorkloadKind {
    /// Deployment (through its ReplicaSet).
    Deployment,
    /// StatefulSet.
    StatefulSet,
    /// DaemonSet.
    DaemonSet,
    /// Job.
    Job,
    /// ReplicaSet without a Deployment, or something else.
    Other,
}

/// One pod, trimmed to what health needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodFacts {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Node it is bound to.
    pub node: Option<NodeName>,
    /// Controller: kind and name (a Deployment's name, not its ReplicaSet's).
    pub owner: Option<(WorkloadKind, String)>,
    /// Phase.
    pub phase: PodPhase,
    /// Ready condition.
    pub ready: bool,
    /// Why it is not well: a waiting reason, `Unschedulable`, a status reason.
    pub reason: Option<String>,
    /// Last change of the Ready condition, or creation.
    pub since: Timestamp,
    /// Being deleted since.
    pub deleting_since: Option<Timestamp>,
    /// The only node it can run on: node affinity or a local volume.
    pub pinned: Option<Pin>,
    /// Node-critical: a DaemonSet pod in `kube-system` or of priority `system-node-critical`.
    pub critical: bool,
}

impl PodFacts {
    /// `namespace/name`.
    pub fn key(&self) -> String {
        format!("{}/{}", self.namespace, self.name)
    }
}

/// Why a pod can run on one node only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// That node.
    pub node: NodeName,
    /// In words: `node affinity`, `local volume`.
    pub why: String,
}

/// A controller and how many of its pods are Ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadFacts {
    /// Kind.
    pub kind: WorkloadKind,
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Wanted pods.
    pub desired: u32,
    /// Ready pods.
    pub ready: u32,
}

impl WorkloadFacts {
    /// `Kind namespace/name`.
    pub fn key(&self) -> String {
        format!("{:?} {}/{}", self.kind, self.namespace, self.name)
    }
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

/// All of a cluster that health and the checks look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterFacts {
    /// Which cluster.
    pub cluster: ClusterName,
    /// When it was read.
    pub seen_at: Timestamp,
    /// Whether it is current.
    pub sight: Sight,
    /// Nodes, by name.
    pub nodes: Vec<NodeFacts>,
    /// Pods.
    pub pods: Vec<PodFacts>,
    /// Controllers.
    pub workloads: Vec<WorkloadFacts>,
    /// CSI drivers registered per node.
    pub csi: BTreeMap<NodeName, Vec<String>>,
}

impl ClusterFacts {
    /// The node of a name.
    pub fn node(&self, name: &NodeName) -> Option<&NodeFacts> {
        self.nodes.iter().find(|node| &node.name == name)
    }
}
