//! What the guards count and remember: starts, troubles, the breaker, incidents, and acts of persons on cordons.

use super::StoreError;
use async_trait::async_trait;
use domain::guard::Breaker;
use domain::guard::storm::Trouble;
use domain::id::{ClusterName, NodeName, PersonName};
use domain::incident::Incident;
use domain::ledger::CordonVerb;
use domain::world::Cordon;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A breaker as it stands in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreakerRow {
    /// The breaker.
    pub breaker: Breaker,
    /// When, by whom and why it was closed; `None` while it is open.
    pub closed: Option<Closing>,
}

/// The end of a breaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: PersonName,
    /// Why, in that person's words.
    pub reason: Option<String>,
}

/// One act of a person on a cordon: the intent is stored before it is done, the outcome after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CordonAct {
    /// Our number.
    pub id: u64,
    /// Cluster.
    pub cluster: ClusterName,
    /// Node.
    pub node: NodeName,
    /// What.
    pub verb: CordonVerb,
    /// Who.
    pub by: PersonName,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Option<String>,
    /// What became of it, in words; `None` when the process died before it was known.
    pub outcome: Option<String>,
}

/// What was last seen of a cluster: what a process that cannot see it yet has to go by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterSeen {
    /// Cluster.
    pub cluster: ClusterName,
    /// When its view was last live.
    pub seen_at: Timestamp,
    /// The cordons kept here, by node.
    pub cordons: Vec<(NodeName, Cordon)>,
}

/// Counters that survive a restart; a method answers only after its commit.
#[async_trait]
pub trait Book: Send + Sync {
    /// Intents to start a machine since then, per cluster, whoever asked.
    async fn starts(&self, since: Timestamp) -> Result<Vec<(ClusterName, u32)>, StoreError>;
    /// Recoveries of a node that began since then and were not refused or too old.
    async fn recent(
        &self,
        cluster: &ClusterName,
        node: &NodeName,
        since: Timestamp,
    ) -> Result<u32, StoreError>;
    /// Troubles since then.
    async fn troubles(&self, since: Timestamp) -> Result<Vec<(ClusterName, Trouble)>, StoreError>;
    /// Remembers troubles; one that is known already is not counted twice.
    async fn add_troubles(&self, cluster: &ClusterName, new: &[Trouble]) -> Result<(), StoreError>;
    /// Breakers, newest first, at most `limit`.
    async fn breakers(&self, limit: u32) -> Result<Vec<BreakerRow>, StoreError>;
    /// Stores a breaker that trips now; its `id` is ignored and answered.
    async fn trip(&self, breaker: &Breaker) -> Result<u64, StoreError>;
    /// Since when the storm is calm.
    async fn set_calm(&self, id: u64, since: Option<Timestamp>) -> Result<(), StoreError>;
    /// Closes an open breaker.
    async fn close_breaker(&self, id: u64, closing: &Closing) -> Result<(), StoreError>;
    /// Incidents, newest first, at most `limit`.
    async fn incidents(&self, limit: u32) -> Result<Vec<Incident>, StoreError>;
    /// One incident.
    async fn incident(&self, id: u64) -> Result<Option<Incident>, StoreError>;
    /// Stores an incident that opens now; its `id` is ignored and answered.
    async fn open_incident(&self, incident: &Incident) -> Result<u64, StoreError>;
    /// Stores what became of an open incident.
    async fn put_incident(&self, incident: &Incident) -> Result<(), StoreError>;
    /// Stores the intent of a person's act on a cordon; its `id` is ignored and answered.
    async fn add_cordon_act(&self, act: &CordonAct) -> Result<u64, StoreError>;
    /// Stores what became of it.
    async fn end_cordon_act(&self, id: u64, outcome: &str) -> Result<(), StoreError>;
    /// Acts on cordons, newest first, at most `limit`.
    async fn cordon_acts(&self, limit: u32) -> Result<Vec<CordonAct>, StoreError>;
    /// What was last seen of each cluster.
    async fn seen(&self) -> Result<Vec<ClusterSeen>, StoreError>;
    /// Remembers what is seen of a cluster now, instead of what was seen before.
    async fn set_seen(&self, seen: &ClusterSeen) -> Result<(), StoreError>;
}
