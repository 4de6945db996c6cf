//! What people ask for: everything here reads and changes nothing.

use super::{TheDesk, errors, needs, show};
use app::desk::views::{AlarmView, ClusterCard, NowView, SwitchView};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::alarm::{Disposition, Status};
use domain::guard::Switch;
use domain::health::{self, Health};
use domain::id::{ClusterName, NodeName};
use domain::recovery::State;
use domain::world::{NodeFacts, Reading, Ready, Sight};
use engine::Site;
use engine::ports::{AlarmFilter, Page, RecoveryFilter as Filter};
use jiff::SignedDuration;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Time limit of a live read for a page.
const LIVE: Duration = Duration::from_secs(8);
/// How long an ended recovery stays on Now.
const RECENT_H: i64 = 4;
/// How long an alarm that nobody ends and nobody acknowledges stays on Now.
const FIRING_H: i64 = 24;

impl TheDesk {
    pub(super) async fn read_now(&self, who: &Person) -> Result<NowView, AppError> {
        needs(who, Role::Viewer)?;
        let now = self.house.engine.now();
        let (mut needs_you, mut running) = (Vec::new(), Vec::new());
        for row in self.store().active().await.map_err(errors::store)? {
            let timeline = self.timeline(row.id).await?;
            let asks = timeline.state == State::NeedsHuman
                || ((timeline.asked_until.is_some() || timeline.veto_until.is_some())
                    && timeline.state == State::Waiting);
            if asks {
                needs_you.push(timeline);
            } else {
                running.push(timeline);
            }
        }
        let storms = self.read_storms(who, true).await?;
        // The card of a storm names whom it holds back: once is enough.
        running.retain(|one| {
            let mut held = storms.iter().flat_map(|storm| &storm.held);
            !held.any(|held| held.id == one.id)
        });
        let page = Page {
            after: None,
            limit: 20,
        };
        let filter = AlarmFilter {
            needs_look: true,
            ..AlarmFilter::default()
        };
        let unclear = self
            .store()
            .alarms(&filter, page)
            .await
            .map_err(errors::store)?;
        let last = self
            .store()
            .alarms(
                &AlarmFilter::default(),
                Page {
                    after: None,
                    limit: 1,
                },
            )
            .await
            .map_err(errors::store)?;
        let ended = Filter {
            active: Some(false),
            ..Filter::default()
        };
        let mut recent = Vec::new();
        for row in self
            .store()
            .recoveries(&ended, page)
            .await
            .map_err(errors::store)?
        {
            if row
                .ended_at
                .is_some_and(|at| now.duration_since(at) < SignedDuration::from_hours(RECENT_H))
            {
                recent.push(self.item(row).await?);
            }
        }
        Ok(NowView {
            at: now,
            needs_you,
            running,
            unclear: unclear.into_iter().map(show::alarm).collect(),
            firing: self.firing().await?,
            incidents: self.read_incidents(who, true).await?,
            storms,
            cordoned: self.left_cordoned().await?,
            recent,
            clusters: self.cards(),
            last_alarm: last.first().map(|row| row.alarm.received_at),
            switch: self.strictest().await?,
            breakable: self.breakable(),
        })
    }

    /// Alarms of the last day that still fire, that no recovery took and nobody has seen: those that are told
    /// apart as unclear are not told twice.
    async fn firing(&self) -> Result<Vec<AlarmView>, AppError> {
        let filter = AlarmFilter {
            since: Some(self.house.engine.now() - SignedDuration::from_hours(FIRING_H)),
            status: Some(Status::Firing),
            needs_look: false,
        };
        let page = Page {
            after: None,
            limit: 100,
        };
        let rows = self
            .store()
            .alarms(&filter, page)
            .await
            .map_err(errors::store)?;
        let mut seen = BTreeSet::new();
        let mut firing = Vec::new();
        for row in rows {
            let verdict = &row.verdict;
            let told = match verdict.disposition {
                Disposition::Matched | Disposition::Unmatched | Disposition::Suppressed => true,
                Disposition::Accepted
                | Disposition::Duplicate
                | Disposition::Expired
                | Disposition::Poison => false,
            };
            let open = verdict.recovery.is_none() && !verdict.needs_look;
            let first = seen.insert((row.alarm.source.clone(), row.alarm.text.clone()));
            if told && open && first && row.acknowledged.is_none() {
                firing.push(show::alarm(row));
            }
        }
        Ok(firing)
    }

    fn environment(&self, cluster: &ClusterName) -> Option<String> {
        self.facts.get().environments.get(cluster).cloned()
    }

    /// How many alarms fire that nobody has acknowledged.
    pub async fn read_badge(&self, who: &Person) -> Result<u32, AppError> {
        needs(who, Role::Viewer)?;
        self.house.engine.badge().await.map_err(errors::store)
    }

    fn breakable(&self) -> Vec<(ClusterName, NodeName)> {
        if self.facts.get().control.is_none() {
            return Vec::new();
        }
        let running = self.house.engine.running();
        let of = |site: &Arc<Site>| -> Vec<(ClusterName, NodeName)> {
            let free = |node: &&NodeFacts| {
                node.ready == Ready::True
                    && !node.control_plane()
                    && !running.iter().any(|one| one.plan.target.node == node.name)
            };
            site.cluster
                .nodes()
                .iter()
                .filter(free)
                .map(|node| (site.cluster.name().clone(), node.name.clone()))
                .collect()
        };
        self.house.engine.sites().iter().flat_map(of).collect()
    }

    async fn strictest(&self) -> Result<Option<SwitchView>, AppError> {
        let rows = self.store().switches().await.map_err(errors::store)?;
        Ok(rows
            .into_iter()
            .filter(|row| row.mode != Switch::Run)
            .max_by_key(|row| row.mode)
            .map(show::switch))
    }

    pub(super) fn cards(&self) -> Vec<ClusterCard> {
        let card = |site: &Arc<Site>| ClusterCard {
            name: site.cluster.name().clone(),
            health: self.cached_health(site),
            switch: self.house.engine.switch(site.cluster.name()),
            environment: self.environment(site.cluster.name()),
        };
        self.house.engine.sites().iter().map(card).collect()
    }

    /// What the headline of a cluster says, without what changes by itself with time.
    pub fn headline(&self, site: &Site) -> impl PartialEq + Clone + Send + 'static {
        let health = self.cached_health(site);
        let sick: Vec<String> = health.sick.iter().map(|one| one.name.to_string()).collect();
        let broken: Vec<String> = health
            .pods
            .broken
            .iter()
            .map(|one| format!("{} {}", one.pod, one.reason))
            .collect();
        (
            health.verdict,
            health.nodes,
            (health.pods.running, health.pods.total),
            sick,
            broken,
        )
    }

    pub(super) fn cached_health(&self, site: &Site) -> Health {
        let kept = site.cluster.baselines();
        health::verdict(
            &site.cluster.facts(),
            kept.first().map(Arc::as_ref),
            self.house.engine.now(),
        )
    }

    pub(super) async fn read_health(
        &self,
        who: &Person,
        cluster: &ClusterName,
    ) -> Result<Health, AppError> {
        needs(who, Role::Viewer)?;
        let site = self.site(cluster)?;
        let kept = site.cluster.baselines();
        let facts = match tokio::time::timeout(LIVE, site.cluster.read_all()).await {
            Ok(Reading::Seen(facts)) => facts,
            Ok(Reading::Absent) => site.cluster.facts(),
            Ok(Reading::Unreadable(why)) => blind(&site, why),
            Err(_) => blind(&site, format!("no answer within {} s", LIVE.as_secs())),
        };
        Ok(health::verdict(
            &facts,
            kept.first().map(Arc::as_ref),
            self.house.engine.now(),
        ))
    }
}

/// What was seen last, marked as not current.
fn blind(site: &Site, why: String) -> domain::world::ClusterFacts {
    let mut facts = site.cluster.facts();
    if facts.sight == Sight::Live {
        facts.sight = Sight::Blind {
            since: facts.seen_at,
            why,
        };
    }
    facts
}
