//! Controllers, volumes and claims as they come over the wire.

use super::{Meta, NodeSelector, or_default};
use serde::Deserialize;

/// `apps/v1 Deployment`.
#[derive(Debug, Clone, Deserialize)]
pub struct Deployment {
    pub metadata: Meta,
    #[serde(default)]
    pub spec: ReplicaSpec,
    #[serde(default)]
    pub status: ReplicaStatus,
}

/// `apps/v1 StatefulSet`.
#[derive(Debug, Clone, Deserialize)]
pub struct StatefulSet {
    pub metadata: Meta,
    #[serde(default)]
    pub spec: ReplicaSpec,
    #[serde(default)]
    pub status: ReplicaStatus,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReplicaSpec {
    pub replicas: Option<u32>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ReplicaStatus {
    #[serde(deserialize_with = "or_default")]
    pub ready_replicas: u32,
}

/// `apps/v1 DaemonSet`.
#[derive(Debug, Clone, Deserialize)]
pub struct DaemonSet {
    pub metadata: Meta,
    #[serde(default)]
    pub status: DaemonStatus,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DaemonStatus {
    #[serde(deserialize_with = "or_default")]
    pub desired_number_scheduled: u32,
    #[serde(deserialize_with = "or_default")]
    pub number_ready: u32,
}

/// `v1 PersistentVolume`.
#[derive(Debug, Clone, Deserialize)]
pub struct PersistentVolume {
    pub metadata: Meta,
    #[serde(default)]
    pub spec: VolumeSpec,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct VolumeSpec {
    #[serde(deserialize_with = "or_default")]
    pub node_affinity: VolumeAffinity,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct VolumeAffinity {
    pub required: Option<NodeSelector>,
}

/// `v1 PersistentVolumeClaim`.
#[derive(Debug, Clone, Deserialize)]
pub struct PersistentVolumeClaim {
    pub metadata: Meta,
    #[serde(default)]
    pub spec: ClaimSpec,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ClaimSpec {
    #[serde(deserialize_with = "or_default")]
    pub volume_name: String,
}
