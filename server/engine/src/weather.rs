//! Watches for storms: remembers troubles, trips the breaker once, and says when it is calm again.

use crate::ports::{BreakerRow, Closing, StoreError};
use crate::tell::Told;
use crate::{Engine, OrderError, Ports, Site};
use domain::access::Person;
use domain::guard::{Closes, Gate};
use domain::guard::storm::{Breaker, Spot, Trouble, calm_since, storm};
use domain::id::{ClusterName, NodeName, PersonName};
use domain::moment::clock;
use domain::recovery::{Recovery, Status};
use domain::step::StepKind;
use domain::world::{NodeFacts, Ready, Sight};
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
pub(crate) async fn remembered(ports: &Ports) -> Result<HashMap<ClusterName, Sky>, StoreError> {
    let mut skies: HashMap<ClusterName, Sky> = HashMap::new();
    for row in ports.store.breakers(500).await?.into_iter().rev() {
        let sky = skies.entry(row.breaker.cluster.clone()).or_default();
        match row.closed {
            Some(closing) => sky.closed_at = Some(closing.at),
            None => sky.breaker = Some(row.breaker),
        }
    }
    let longest = ports.sites.iter().map(|site| site.guards.storm_window_s);
    let window = SignedDuration::from_secs(longest.max().unwrap_or(0).into());
    for (cluster, trouble) in ports.store.troubles(ports.clock.now() - window).await? {
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

    async fn trip(
        &self,
        cluster: &ClusterName,
        spots: &[Spot],
        why: String,
    ) -> Result<(), StoreError> {
        let mut breaker = Breaker {
            id: 0,
            cluster: cluster.clone(),
            tripped_at: self.now(),
            why,
            nodes: spots
                .iter()
                .filter(|spot| spot.unhealthy)
                .map(|spot| spot.node.clone())
                .collect(),
            calm_since: None,
        };
        breaker.id = self.store().trip(&breaker).await?;
        tracing::warn!(%cluster, why = breaker.why, "Storm breaker tripped");
        self.skies().entry(cluster.clone()).or_default().breaker = Some(breaker);
        self.tell(Told::Breaker);
        self.wake_all();
        Ok(())
    }

    async fn clear(
        &self,
        site: &Site,
        open: Breaker,
        spots: &[Spot],
        troubles: &[Trouble],
    ) -> Result<(), StoreError> {
        let now = self.now();
        // What cannot be seen is not calm.
        let calm = match site.cluster.sight() {
            Sight::Live => calm_since(spots, troubles, &site.guards, open.calm_since, now),
            Sight::Blind { .. } => None,
        };
        if calm != open.calm_since {
            self.store().set_calm(open.id, calm).await?;
            let mut skies = self.skies();
            if let Some(kept) = skies
                .get_mut(&open.cluster)
                .and_then(|sky| sky.breaker.as_mut())
            {
                kept.calm_since = calm;
            }
            drop(skies);
            self.tell(Told::Breaker);
        }
        let by_itself = match site.guards.storm_closes {
            Closes::Hand => false,
            Closes::Calm => true,
        };
        let over = self
            .breaker(&open.cluster)
            .and_then(|one| one.closable_at(&site.guards))
            .is_some_and(|at| at <= now);
        if by_itself && over {
            let by = PersonName::parse("uncordon").expect("our own name is valid");
            let reason = Some("it stayed calm".to_owned());
            self.shut(
                &open,
                Closing {
                    at: now,
                    by,
                    reason,
                },
            )
            .await?;
        }
        Ok(())
    }

    async fn shut(&self, open: &Breaker, closing: Closing) -> Result<(), StoreError> {
        self.store().close_breaker(open.id, &closing).await?;
        tracing::warn!(cluster = %open.cluster, by = %closing.by, "Storm breaker closed");
        let mut skies = self.skies();
        let sky = skies.entry(open.cluster.clone()).or_default();
        (sky.breaker, sky.closed_at) = (None, Some(closing.at));
        drop(skies);
        self.tell(Told::Breaker);
        self.wake_all();
        Ok(())
    }

    /// A person closes the breaker, once it has been calm for long enough.
    pub async fn order_close_breaker(
        &self,
        who: &Person,
        cluster: &ClusterName,
        reason: &str,
    ) -> Result<(), OrderError> {
        let _turn = self.inner.turn.lock().await;
        let site = self
            .sites()
            .iter()
            .find(|site| site.cluster.name() == cluster)
            .ok_or_else(|| StoreError::Absent(format!("cluster {cluster}")))?;
        self.weather(site).await?;
        let now = self.now();
        let Some(open) = self.breaker(cluster) else {
            return Err(OrderError::NotNow(format!(
                "no breaker is open in {cluster}"
            )));
        };
        match open.closable_at(&site.guards) {
            Some(at) if at <= now => {}
            Some(at) => {
                return Err(OrderError::Held(format!(
                    "The storm has been calm only since {}; the breaker may be closed from {} on",
                    open.calm_since.map(clock).unwrap_or_default(),
                    clock(at)
                )));
            }
            None => {
                return Err(OrderError::Held(
                    "The storm is not over: too many nodes are still unhealthy. Let single nodes through instead.".to_owned(),
                ));
            }
        }
        let closing = Closing {
            at: now,
            by: who.name.clone(),
            reason: Some(reason.to_owned()),
        };
        Ok(self.shut(&open, closing).await?)
    }
}

/// Whether a rule is at work on a node that it has not shown to be well: what only waits for the breaker must not keep it open.
fn under_way(recovery: &Recovery) -> bool {
    let held = matches!(&recovery.hold, Some(hold) if matches!(hold.gate, Gate::Storm(_)));
    let proven = matches!(
        recovery.step(StepKind::CheckNode).status,
        Status::Succeeded | Status::Skipped
    );
    recovery.human.is_none() && recovery.finished.is_none() && !held && !proven
}
