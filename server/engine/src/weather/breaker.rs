//! The storm breaker of a cluster: trips once, says when it is calm again, and is closed.

use crate::ports::{Closing, StoreError};
use crate::tell::Told;
use crate::{Engine, OrderError, Site};
use domain::access::Person;
use domain::guard::Closes;
use domain::guard::storm::{Breaker, Spot, Trouble, calm_since};
use domain::id::{ClusterName, PersonName};
use domain::moment::clock;
use domain::world::Sight;

impl Engine {
    pub(super) async fn trip(
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

    pub(super) async fn clear(
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
        let sites = self.sites();
        let site = sites
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
