//! Node, Lease and CSINode as they come over the wire.

use super::{Condition, Meta, or_default};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `v1 Node`.
#[derive(Debug, Clone, Deserialize)]
pub struct Node {
    pub metadata: Meta,
    #[serde(default)]
    pub spec: NodeSpec,
    #[serde(default)]
    pub status: NodeStatus,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NodeSpec {
    #[serde(rename = "providerID", deserialize_with = "or_default")]
    pub provider_id: String,
    #[serde(deserialize_with = "or_default")]
    pub unschedulable: bool,
    #[serde(deserialize_with = "or_default")]
    pub taints: Vec<Taint>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Taint {
    pub key: String,
    pub effect: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NodeStatus {
    #[serde(deserialize_with = "or_default")]
    pub addresses: Vec<Address>,
    #[serde(deserialize_with = "or_default")]
    pub conditions: Vec<Condition>,
    #[serde(deserialize_with = "or_default")]
    pub allocatable: BTreeMap<String, String>,
    #[serde(deserialize_with = "or_default")]
    pub node_info: NodeInfo,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Address {
    #[serde(rename = "type")]
    pub kind: String,
    pub address: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct NodeInfo {
    #[serde(rename = "bootID", deserialize_with = "or_default")]
    pub boot_id: String,
}

/// `coordination.k8s.io/v1 Lease`.
#[derive(Debug, Clone, Deserialize)]
pub struct Lease {
    pub metadata: Meta,
    #[serde(default)]
    pub spec: LeaseSpec,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LeaseSpec {
    pub renew_time: Option<Timestamp>,
}

/// `storage.k8s.io/v1 CSINode`.
#[derive(Debug, Clone, Deserialize)]
pub struct CsiNode {
    pub metadata: Meta,
    #[serde(default)]
    pub spec: CsiSpec,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CsiSpec {
    #[serde(deserialize_with = "or_default")]
    pub drivers: Vec<Driver>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Driver {
    pub name: String,
}
