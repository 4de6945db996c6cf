//! Calls under way, so that a thrown switch can say what it did not catch.

use crate::ports::SwitchRow;
use crate::{Engine, OrderError};
use domain::guard::Switch;
use domain::id::{ClusterName, NodeName, RecoveryId};
use domain::recovery::Recovery;
use domain::step::StepKind;
use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

/// One call to the outside that has no answer yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flight {
    /// Recovery.
    pub recovery: RecoveryId,
    /// Cluster.
    pub cluster: ClusterName,
    /// Node.
    pub node: NodeName,
    /// Step.
    pub step: StepKind,
}

/// What a thrown switch means for one cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Cluster.
    pub cluster: ClusterName,
    /// Where it stands now, the stricter of its own and the global one.
    pub mode: Switch,
    /// Calls that were under way.
    pub in_flight: Vec<Flight>,
}

/// Takes a call off the list when it ends, also when its driver panics.
pub(crate) struct Landing<'a> {
    engine: &'a Engine,
    id: RecoveryId,
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        self.engine.flights().remove(&self.id);
    }
}

impl Engine {
    fn flights(&self) -> MutexGuard<'_, HashMap<RecoveryId, Flight>> {
        self.inner
            .flights
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a call on the list if the switch still stands as it did when the guards were asked; `None`: ask them again.
    pub(crate) fn take_off(
        &self,
        recovery: &Recovery,
        step: StepKind,
        asked: Switch,
    ) -> Option<Landing<'_>> {
        let target = &recovery.plan.target;
        let mut flights = self.flights();
        if self.switch(&target.cluster) != asked {
            return None;
        }
        let flight = Flight {
            recovery: recovery.id,
            cluster: target.cluster.clone(),
            node: target.node.clone(),
            step,
        };
        flights.insert(recovery.id, flight);
        Some(Landing {
            engine: self,
            id: recovery.id,
        })
    }

    /// Puts a switch where it is to be; from its return on no call begins that it forbids. Answers what was under way.
    /// Throwing needs no words, lifting does: one at a time, so that of two taps at once the stricter stands.
    pub async fn throw_switch(&self, mut row: SwitchRow) -> Result<Vec<Receipt>, OrderError> {
        let _one = self.inner.throwing.lock().await;
        let stands = self.store().switches().await?;
        let stands = stands.iter().find(|one| one.cluster == row.cluster);
        if stands.is_some_and(|one| row.mode < one.mode) && row.reason.is_none() {
            return Err(OrderError::Wordless);
        }
        self.store().set_switch(&row).await?;
        self.reload_switches().await?;
        // Calls take off under this lock after a look at the switch: whatever is not here now will see it.
        let flights: Vec<Flight> = self.flights().values().cloned().collect();
        let receipts: Vec<Receipt> = self
            .sites()
            .iter()
            .map(|site| site.cluster.name())
            .filter(|name| row.cluster.as_ref().is_none_or(|one| one == *name))
            .map(|cluster| Receipt {
                cluster: cluster.clone(),
                mode: self.switch(cluster),
                in_flight: flights
                    .iter()
                    .filter(|flight| flight.cluster == *cluster)
                    .cloned()
                    .collect(),
            })
            .collect();
        let count = receipts
            .iter()
            .map(|one| one.in_flight.len())
            .sum::<usize>();
        row.in_flight = Some(u32::try_from(count).unwrap_or(u32::MAX));
        self.store().set_switch(&row).await?;
        self.reload_switches().await?;
        Ok(receipts)
    }
}
