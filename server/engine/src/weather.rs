//! Watches for storms: remembers troubles and looks at the sky over each cluster.

mod breaker;

use crate::ports::{BreakerRow, Store, StoreError};
use crate::{Engine, Site};
use domain::guard::Gate;
use domain::guard::storm::{Breaker, Spot, Trouble, storm};
use domain::id::{ClusterName, NodeName};
use domain::recovery::{Recovery, Status};
use domain::step::StepKind;
use domain::world::{NodeFacts, Ready};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

/// The weather over one cluster, as the store has it.
#[derive(Debug, Clone, Default)]
pub struct Sky {
    troubles: Vec<Trouble>,
    breaker: Option<Breaker>,
    /// What was before the last close is not held against the cluster again.
    closed_at: Option<Timestamp>,
}

/// What the book says after a restart.
pub(crate) async fn remembered(
    store: &dyn Store,
    sites: &[Site],
    now: Timestamp,
) -> Result<HashMap<ClusterName, Sky>, StoreError> {
    let mut skies: HashMap<ClusterName, Sky> = HashMap::new();
    for row in store.breakers(500).await?.into_iter().rev() {
        let sky = skies.entry(row.breaker.cluster.clone()).or_default();
        match row.closed {
            Some(closing) => sky.closed_at = Some(closing.at),
            None => sky.breaker = Some(row.breaker),
        }
    }
    let longest = sites.iter().map(|site| site.guards.storm_window_s);
    let window = SignedDuration::from_secs(longest.max().unwrap_or(0).into());
    for (cluster, trouble) in store.troubles(now - window).await? {
        skies.entry(cluster).or_default().troubles.push(trouble);
    }
    Ok(skies)
}

impl Engine {
    /// The open breaker of a cluster.
    pub fn breaker(&self, cluster: &ClusterName) -> Option<Breaker> {
        self.skies().get(cluster)?.breaker.clone()
    }

    /// The last breakers of all clusters, newest first.
    pub async fn breakers(&self, limit: u32) -> Result<Vec<BreakerRow>, StoreError> {
        self.store().breakers(limit).await
    }

    fn skies(&self) -> MutexGuard<'_, HashMap<ClusterName, Sky>> {
        self.inner
            .skies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn sky(&self, cluster: &ClusterName) -> Sky {
        self.skies().get(cluster).cloned().unwrap_or_default()
    }

    /// A rule took an alarm for this node; call it while holding `turn`.
    pub(crate) async fn trouble(&self, site: &Site, node: &NodeName) -> Result<(), StoreError> {
        let new = Trouble {
            node: node.clone(),
            at: self.now(),
        };
        self.remember(site, vec![new]).await?;
        self.weather(site).await
    }

    async fn remember(&self, site: &Site, new: Vec<Trouble>) -> Result<(), StoreError> {
        if new.is_empty() || site.guards.storm_nodes == 0 {
            return Ok(());
        }
        let cluster = site.cluster.name();
        self.store().add_troubles(cluster, &new).await?;
        let from = self.now() - SignedDuration::from_secs(site.guards.storm_window_s.into());
        let mut skies = self.skies();
        let sky = skies.entry(cluster.clone()).or_default();
        sky.troubles.extend(new);
        sky.troubles.retain(|one| one.at > from);
        Ok(())
    }

    /// Looks at the sky and trips, calms or closes the breaker; call it while holding `turn`.
    pub(crate) async fn weather(&self, site: &Site) -> Result<(), StoreError> {
        self.host_incidents(site).await?;
        if site.guards.storm_nodes == 0 {
            return Ok(());
        }
        let cluster = site.cluster.name();
        let now = self.now();
        let nodes = site.cluster.nodes();
        let grown = |node: &&NodeFacts| {
            now >= node.created_at + SignedDuration::from_secs(site.guards.new_node_s.into())
        };
        let down: Vec<&NodeFacts> = nodes
            .iter()
            .filter(|node| node.ready != Ready::True)
            .filter(grown)
            .collect();
        let from = now - SignedDuration::from_secs(site.guards.storm_window_s.into());
        let known = self.sky(cluster).troubles;
        let new = down
            .iter()
            .filter(|node| node.ready_since > from)
            .map(|node| Trouble {
                node: node.name.clone(),
                at: node.ready_since,
            })
            .filter(|one| !known.contains(one))
            .collect();
        self.remember(site, new).await?;
        let sky = self.sky(cluster);
        let troubles: Vec<Trouble> = sky
            .troubles
            .into_iter()
            .filter(|one| sky.closed_at.is_none_or(|closed| one.at > closed))
            .collect();
        let spots = self.spots(site, &nodes, &down);
        match sky.breaker {
            None => match storm(&spots, &troubles, &site.guards, now) {
                Some(why) => self.trip(cluster, &spots, why).await,
                None => Ok(()),
            },
            Some(open) => self.clear(site, open, &spots, &troubles).await,
        }
    }

    /// Nodes that became unhealthy within the storm window and since the last close.
    pub fn newly_unhealthy(&self, site: &Site) -> u32 {
        let from = self.now() - SignedDuration::from_secs(site.guards.storm_window_s.into());
        let sky = self.sky(site.cluster.name());
        let from = sky.closed_at.map_or(from, |closed| closed.max(from));
        let fresh = sky.troubles.iter().filter(|one| one.at > from);
        let nodes: std::collections::BTreeSet<_> = fresh.map(|one| &one.node).collect();
        u32::try_from(nodes.len()).unwrap_or(u32::MAX)
    }

    fn spots(&self, site: &Site, nodes: &[NodeFacts], down: &[&NodeFacts]) -> Vec<Spot> {
        let live = self.live();
        let ailing = |node: &NodeFacts| {
            live.values().any(|one| {
                one.plan.target.cluster == *site.cluster.name()
                    && one.plan.target.node == node.name
                    && one.plan.trigger.automatic()
                    && under_way(one)
            })
        };
        nodes
            .iter()
            .map(|node| Spot {
                node: node.name.clone(),
                zone: node.zone.clone(),
                host: node.host.clone(),
                unhealthy: down.iter().any(|one| one.name == node.name) || ailing(node),
            })
            .collect()
    }
}

/// Whether a rule is at work on a node that it has not shown to be well: what only waits for the breaker must not keep it open.
pub(crate) fn under_way(recovery: &Recovery) -> bool {
    let held = matches!(&recovery.hold, Some(hold) if matches!(hold.gate, Gate::Storm(_)));
    let proven = matches!(
        recovery.step(StepKind::CheckNode).status,
        Status::Succeeded | Status::Skipped
    );
    recovery.human.is_none() && recovery.finished.is_none() && !held && !proven
}
