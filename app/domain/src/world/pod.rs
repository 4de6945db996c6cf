//! Pods and their controllers, trimmed to what health and the checks need.

use crate::id::NodeName;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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

    /// Its controller as `Kind namespace/name`.
    pub fn owner_key(&self) -> Option<String> {
        let (kind, name) = self.owner.as_ref()?;
        Some(format!("{kind:?} {}/{name}", self.namespace))
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
