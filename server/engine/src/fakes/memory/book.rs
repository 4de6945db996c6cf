//! The memory store as the guards' book.

use super::{Data, MemoryStore, counts, row};
use crate::ports::{Book, BreakerRow, Closing, ClusterSeen, CordonAct, StoreError};
use async_trait::async_trait;
use domain::event::What;
use domain::guard::Breaker;
use domain::guard::storm::Trouble;
use domain::id::{ClusterName, NodeName};
use domain::incident::Incident;
use domain::step::StepKind;
use jiff::Timestamp;

#[async_trait]
impl Book for MemoryStore {
    async fn starts(&self, since: Timestamp) -> Result<Vec<(ClusterName, u32)>, StoreError> {
        self.alive().await;
        let data = self.data();
        let begun = |what: &What| matches!(what, What::StepStarted { step, .. } if *step == StepKind::StartMachine);
        let of = |(id, events): (&u64, &Vec<domain::event::Event>)| {
            let count = events
                .iter()
                .filter(|event| event.at > since && begun(&event.what))
                .count();
            let cluster = data.targets.get(id)?.0.clone();
            Some((cluster, u32::try_from(count).unwrap_or(u32::MAX)))
        };
        Ok(data.events.iter().filter_map(of).collect())
    }

    async fn recent(
        &self,
        cluster: &ClusterName,
        node: &NodeName,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        self.alive().await;
        let data = self.data();
        let rows = data.events.keys().filter_map(|id| row(*id, &data));
        let of_node = rows
            .filter(|row| row.cluster == *cluster && row.node == *node)
            .filter(|row| row.started_at > since && counts(row));
        Ok(u32::try_from(of_node.count()).unwrap_or(u32::MAX))
    }

    async fn troubles(&self, since: Timestamp) -> Result<Vec<(ClusterName, Trouble)>, StoreError> {
        self.alive().await;
        let data = self.data();
        let young = data.troubles.iter().filter(|(_, one)| one.at > since);
        Ok(young.cloned().collect())
    }

    async fn add_troubles(&self, cluster: &ClusterName, new: &[Trouble]) -> Result<(), StoreError> {
        self.alive().await;
        let mut data = self.data();
        for one in new {
            let row = (cluster.clone(), one.clone());
            if !data.troubles.contains(&row) {
                data.troubles.push(row);
            }
        }
        Ok(())
    }

    async fn incidents(&self, limit: u32) -> Result<Vec<Incident>, StoreError> {
        self.alive().await;
        let data = self.data();
        let newest = data.incidents.iter().rev().take(limit as usize);
        Ok(newest.cloned().collect())
    }

    async fn incident(&self, id: u64) -> Result<Option<Incident>, StoreError> {
        self.alive().await;
        let data = self.data();
        Ok(data.incidents.iter().find(|one| one.id == id).cloned())
    }

    async fn open_incident(&self, incident: &Incident) -> Result<u64, StoreError> {
        self.alive().await;
        let mut data = self.data();
        let id = data.incidents.len() as u64 + 1;
        data.incidents.push(Incident {
            id,
            ..incident.clone()
        });
        Ok(id)
    }

    async fn put_incident(&self, incident: &Incident) -> Result<(), StoreError> {
        self.alive().await;
        let mut data = self.data();
        let known = data.incidents.iter_mut().find(|one| one.id == incident.id);
        let known = known.ok_or_else(|| StoreError::Absent("incident".to_owned()))?;
        known.clone_from(incident);
        Ok(())
    }

    async fn breakers(&self, limit: u32) -> Result<Vec<BreakerRow>, StoreError> {
        self.alive().await;
        let data = self.data();
        Ok(data
            .breakers
            .iter()
            .rev()
            .take(limit as usize)
            .cloned()
            .collect())
    }

    async fn trip(&self, breaker: &Breaker) -> Result<u64, StoreError> {
        self.alive().await;
        let mut data = self.data();
        let id = data.breakers.len() as u64 + 1;
        data.breakers.push(BreakerRow {
            breaker: Breaker {
                id,
                ..breaker.clone()
            },
            closed: None,
        });
        Ok(id)
    }

    async fn set_calm(&self, id: u64, since: Option<Timestamp>) -> Result<(), StoreError> {
        self.alive().await;
        breaker(&mut self.data(), id)?.breaker.calm_since = since;
        Ok(())
    }

    async fn close_breaker(&self, id: u64, closing: &Closing) -> Result<(), StoreError> {
        self.alive().await;
        breaker(&mut self.data(), id)?.closed = Some(closing.clone());
        Ok(())
    }

    async fn add_cordon_act(&self, act: &CordonAct) -> Result<u64, StoreError> {
        self.alive().await;
        let mut data = self.data();
        let id = data.cordon_acts.len() as u64 + 1;
        data.cordon_acts.push(CordonAct { id, ..act.clone() });
        Ok(id)
    }

    async fn end_cordon_act(&self, id: u64, outcome: &str) -> Result<(), StoreError> {
        self.alive().await;
        let mut data = self.data();
        let act = data.cordon_acts.iter_mut().find(|act| act.id == id);
        act.ok_or_else(|| StoreError::Absent(format!("act {id}")))?
            .outcome = Some(outcome.to_owned());
        Ok(())
    }

    async fn cordon_acts(&self, limit: u32) -> Result<Vec<CordonAct>, StoreError> {
        self.alive().await;
        let data = self.data();
        let newest = data.cordon_acts.iter().rev();
        Ok(newest.take(limit as usize).cloned().collect())
    }

    async fn seen(&self) -> Result<Vec<ClusterSeen>, StoreError> {
        self.alive().await;
        Ok(self.data().seen.clone())
    }

    async fn set_seen(&self, seen: &ClusterSeen) -> Result<(), StoreError> {
        self.alive().await;
        let mut data = self.data();
        data.seen.retain(|one| one.cluster != seen.cluster);
        data.seen.push(seen.clone());
        Ok(())
    }
}

fn breaker(data: &mut Data, id: u64) -> Result<&mut BreakerRow, StoreError> {
    data.breakers
        .iter_mut()
        .find(|row| row.breaker.id == id)
        .ok_or_else(|| StoreError::Absent(format!("breaker {id}")))
}
