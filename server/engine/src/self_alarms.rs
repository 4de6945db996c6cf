//! Raises our own alarms: for watched clusters, and for heartbeats that stay away. They go the way of all alarms.

use crate::ports::{AlarmFilter, Page, StoreError, Verdict};
use crate::{Engine, Heartbeat, Site};
use domain::alarm::{Alarm, NewAlarm, Status};
use domain::id::{ClusterName, SourceName};
use domain::rule::looked_at;
use domain::watch::{self, Beat, NODE_WATCH, Told};
use domain::world::Sight;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};

/// Firing alarms read once after a start, to know what was raised before it.
const REMEMBERED: u32 = 500;

/// What our own alarms were raised about.
pub(crate) struct Own {
    /// Per watched cluster; `None` until the store was asked.
    told: Option<BTreeMap<ClusterName, Told>>,
    beats: BTreeMap<SourceName, Beat>,
}

impl Own {
    /// A heartbeat may stay away for its whole time after a start before it is missed.
    pub(crate) fn new(heartbeats: &[Heartbeat], now: Timestamp) -> Self {
        let mut own = Self {
            told: None,
            beats: BTreeMap::new(),
        };
        own.expect(heartbeats, now);
        own
    }

    /// These are expected from now on; what is known of the ones that were is kept.
    pub(crate) fn expect(&mut self, heartbeats: &[Heartbeat], now: Timestamp) {
        let new = Beat {
            last: now,
            told: None,
        };
        let known = |source| self.beats.get(source).copied().unwrap_or(new);
        let beats = heartbeats
            .iter()
            .map(|one| (one.source.clone(), known(&one.source)));
        self.beats = beats.collect();
    }
}

impl Engine {
    /// What there is to say now, stored like any alarm; what could not be stored is said again.
    pub(crate) async fn raise_own_alarms(&self) -> Result<(), StoreError> {
        let sites = self.sites();
        let watched = sites.iter().filter(|site| site.node_watch.is_some());
        let watched: Vec<Arc<Site>> = watched.cloned().collect();
        if !watched.is_empty() && self.own().told.is_none() {
            let remembered = self.remembered(&watched).await?;
            self.own().told = Some(remembered);
        }
        for site in watched {
            self.watch_nodes(&site).await?;
        }
        self.miss_heartbeats().await
    }

    async fn watch_nodes(&self, site: &Site) -> Result<(), StoreError> {
        // What cannot be seen is never "down".
        let (Some(silent), Sight::Live) = (site.node_watch, site.cluster.sight()) else {
            return Ok(());
        };
        let name = site.cluster.name();
        let mut told = self
            .own()
            .told
            .as_ref()
            .and_then(|all| all.get(name).cloned())
            .unwrap_or_default();
        let nodes = site.cluster.nodes();
        let news = watch::nodes(name, &nodes, silent, &mut told, self.now());
        if !news.is_empty() {
            self.accept(news).await?;
        }
        if let Some(all) = &mut self.own().told {
            all.insert(name.clone(), told);
        }
        Ok(())
    }

    async fn miss_heartbeats(&self) -> Result<(), StoreError> {
        for one in &self.setup().heartbeats {
            let Some(mut beat) = self.own().beats.get(&one.source).copied() else {
                continue;
            };
            let seen = beat.last;
            if let Some(alarm) = watch::heartbeat(&one.source, &mut beat, one.silent, self.now()) {
                self.accept(vec![alarm]).await?;
            }
            // One may have come in while the alarm was being stored.
            if let Some(kept) = self.own().beats.get_mut(&one.source) {
                kept.told = beat.told;
                debug_assert!(kept.last >= seen, "a heartbeat goes back in time");
            }
        }
        Ok(())
    }

    /// The sources whose heartbeat is among these alarms.
    pub(crate) fn beats_in(&self, alarms: &[NewAlarm]) -> Vec<SourceName> {
        self.setup()
            .heartbeats
            .iter()
            .filter(|beat| {
                alarms.iter().any(|alarm| {
                    let named = alarm.labels.get("alertname");
                    alarm.source == beat.source
                        && alarm.status == Status::Firing
                        && (beat.pattern.find(looked_at(&alarm.text)).is_some()
                            || named.is_some_and(|name| beat.pattern.find(name).is_some()))
                })
            })
            .map(|beat| beat.source.clone())
            .collect()
    }

    /// They came, and were stored.
    pub(crate) fn beat(&self, sources: &[SourceName]) {
        let now = self.now();
        let mut own = self.own();
        for source in sources {
            if let Some(beat) = own.beats.get_mut(source) {
                beat.last = now;
            }
        }
    }

    /// The word that a heartbeat is back takes the alarm about its absence off the list of what needs a look.
    pub(crate) async fn heard_again(&self, alarm: &Alarm) -> Result<(), StoreError> {
        let filter = AlarmFilter {
            needs_look: true,
            ..AlarmFilter::default()
        };
        for row in self.store().alarms(&filter, newest()).await? {
            let about = row.alarm.source == alarm.source
                && row.alarm.fingerprint == alarm.fingerprint
                && row.verdict.needs_look;
            if about {
                let verdict = Verdict {
                    note: Some("the heartbeat is back".to_owned()),
                    needs_look: false,
                    ..row.verdict
                };
                self.store().dispose(row.alarm.id, &verdict).await?;
            }
        }
        Ok(())
    }

    /// What was raised for these clusters before this process began, and not taken back.
    async fn remembered(
        &self,
        watched: &[Arc<Site>],
    ) -> Result<BTreeMap<ClusterName, Told>, StoreError> {
        let filter = AlarmFilter {
            status: Some(Status::Firing),
            ..AlarmFilter::default()
        };
        let rows = self.store().alarms(&filter, newest()).await?;
        let told = |name: &ClusterName| -> Told {
            rows.iter()
                .map(|row| &row.alarm)
                .filter(|alarm| {
                    alarm.source.as_str() == NODE_WATCH
                        && alarm.status == Status::Firing
                        && alarm
                            .labels
                            .get("cluster")
                            .is_some_and(|one| one == name.as_str())
                })
                .map(|alarm| (alarm.fingerprint.clone(), alarm.starts_at))
                .collect()
        };
        Ok(watched
            .iter()
            .map(|site| site.cluster.name())
            .map(|name| (name.clone(), told(name)))
            .collect())
    }

    pub(crate) fn own(&self) -> MutexGuard<'_, Own> {
        self.inner
            .own
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn newest() -> Page {
    Page {
        after: None,
        limit: REMEMBERED,
    }
}
