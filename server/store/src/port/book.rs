//! The guards' book as the engine's port.

use crate::fault::Fault;
use crate::{Sqlite, breakers, cluster_seen, cordon_acts, incidents, recoveries, troubles};
use async_trait::async_trait;
use domain::guard::Breaker;
use domain::guard::storm::Trouble;
use domain::id::{ClusterName, NodeName};
use domain::incident::Incident;
use engine::ports::{Book, BreakerRow, Closing, ClusterSeen, CordonAct, StoreError};
use jiff::Timestamp;

#[async_trait]
impl Book for Sqlite {
    async fn starts(&self, since: Timestamp) -> Result<Vec<(ClusterName, u32)>, StoreError> {
        read!(self, recoveries::starts, since)
    }

    async fn recent(
        &self,
        cluster: &ClusterName,
        node: &NodeName,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        read!(self, recoveries::recent, cluster, node, since)
    }

    async fn troubles(&self, since: Timestamp) -> Result<Vec<(ClusterName, Trouble)>, StoreError> {
        read!(self, troubles::since, since)
    }

    async fn add_troubles(&self, cluster: &ClusterName, new: &[Trouble]) -> Result<(), StoreError> {
        let (cluster, new) = (cluster.clone(), new.to_vec());
        write!(self, |connection| troubles::add(connection, &cluster, &new))
    }

    async fn incidents(&self, limit: u32) -> Result<Vec<Incident>, StoreError> {
        read!(self, incidents::list, limit)
    }

    async fn incident(&self, id: u64) -> Result<Option<Incident>, StoreError> {
        read!(self, incidents::one, id)
    }

    async fn open_incident(&self, incident: &Incident) -> Result<u64, StoreError> {
        let incident = incident.clone();
        write_one!(self, |connection| incidents::open(connection, &incident))
    }

    async fn put_incident(&self, incident: &Incident) -> Result<(), StoreError> {
        let incident = incident.clone();
        write_one!(self, |connection| incidents::put(connection, &incident))
    }

    async fn breakers(&self, limit: u32) -> Result<Vec<BreakerRow>, StoreError> {
        read!(self, breakers::list, limit)
    }

    async fn trip(&self, breaker: &Breaker) -> Result<u64, StoreError> {
        let breaker = breaker.clone();
        write_one!(self, |connection| breakers::trip(connection, &breaker))
    }

    async fn set_calm(&self, id: u64, since: Option<Timestamp>) -> Result<(), StoreError> {
        write_one!(self, |connection| breakers::set_calm(connection, id, since))
    }

    async fn close_breaker(&self, id: u64, closing: &Closing) -> Result<(), StoreError> {
        let closing = closing.clone();
        write_one!(self, |connection| breakers::close(connection, id, &closing))
    }

    async fn add_cordon_act(&self, act: &CordonAct) -> Result<u64, StoreError> {
        let act = act.clone();
        write_one!(self, |connection| cordon_acts::add(connection, &act))
    }

    async fn end_cordon_act(&self, id: u64, outcome: &str) -> Result<(), StoreError> {
        let outcome = outcome.to_owned();
        write_one!(self, |connection| cordon_acts::end(
            connection, id, &outcome
        ))
    }

    async fn cordon_acts(&self, limit: u32) -> Result<Vec<CordonAct>, StoreError> {
        read!(self, cordon_acts::list, limit)
    }

    async fn seen(&self) -> Result<Vec<ClusterSeen>, StoreError> {
        read!(self, cluster_seen::all)
    }

    async fn set_seen(&self, seen: &ClusterSeen) -> Result<(), StoreError> {
        let seen = seen.clone();
        write_one!(self, |connection| cluster_seen::set(connection, &seen))
    }
}
