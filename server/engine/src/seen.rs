//! Remembers what was last seen of each cluster, for the process that comes after this one.

use crate::ports::{ClusterSeen, Store, StoreError};
use crate::{Engine, Site};
use domain::id::{ClusterName, NodeName};
use domain::world::{Cordon, Sight};
use jiff::SignedDuration;
use std::collections::HashMap;
use std::sync::PoisonError;

/// How old the stored time may be while nothing else changes.
const FRESH: SignedDuration = SignedDuration::from_secs(60);

/// What earlier processes saw.
pub(crate) async fn remembered(
    store: &dyn Store,
) -> Result<HashMap<ClusterName, ClusterSeen>, StoreError> {
    let rows = store.seen().await?.into_iter();
    Ok(rows.map(|seen| (seen.cluster.clone(), seen)).collect())
}

impl Engine {
    /// The cordons kept here, as far as can be told: from the cluster once it was read, until then from memory.
    pub fn kept_cordons(&self, cluster: &ClusterName) -> Vec<(NodeName, Cordon)> {
        let seen = self.inner.seen.lock();
        let seen = seen.unwrap_or_else(PoisonError::into_inner);
        seen.get(cluster)
            .map_or_else(Vec::new, |seen| seen.cordons.clone())
    }

    /// Writes down what is seen of a cluster now, if it is seen and has changed or grown old.
    pub(crate) async fn remember_seen(&self, site: &Site) -> Result<(), StoreError> {
        let cluster = site.cluster.name();
        match site.cluster.sight() {
            Sight::Live => {}
            Sight::Blind { .. } => return Ok(()),
        }
        let now = ClusterSeen {
            cluster: cluster.clone(),
            seen_at: self.now(),
            cordons: kept(site),
        };
        let known = self
            .inner
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(cluster)
            .is_some_and(|last| {
                last.cordons == now.cordons && now.seen_at.duration_since(last.seen_at) < FRESH
            });
        if known {
            return Ok(());
        }
        self.store().set_seen(&now).await?;
        self.inner
            .seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(cluster.clone(), now);
        Ok(())
    }
}

fn kept(site: &Site) -> Vec<(NodeName, Cordon)> {
    let nodes = site.cluster.nodes();
    nodes
        .iter()
        .filter(|node| matches!(node.cordon, Cordon::Ours(_) | Cordon::Held(_)))
        .map(|node| (node.name.clone(), node.cordon.clone()))
        .collect()
}
