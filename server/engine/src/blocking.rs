//! Alarms that stop automatic acts while they fire: an unwell control plane is no time to power machines.

use crate::ports::{AlarmFilter, Page, StoreError};
use crate::{Engine, Site};
use domain::alarm::{Alarm, Status};
use domain::id::{AlarmId, ClusterName};
use domain::rule::looked_at;
use domain::rule::pattern::Pattern;
use std::collections::{BTreeMap, HashMap};
use std::sync::{MutexGuard, PoisonError};

/// Firing alarms read at a time after a restart.
const READ: u32 = 500;

/// Patterns of one cluster, and the alarms that match and may still fire: however many others come after them.
pub(crate) struct Watch {
    patterns: Vec<Pattern>,
    found: BTreeMap<AlarmId, String>,
}

/// The watches of all clusters that have patterns; a pattern that does not compile was refused with the config.
pub(crate) fn watches<'a>(
    sites: impl IntoIterator<Item = &'a Site>,
) -> HashMap<ClusterName, Watch> {
    let of = |site: &Site| {
        let patterns: Vec<Pattern> = site
            .guards
            .blocking_alarms
            .iter()
            .filter_map(|text| Pattern::plain(text).ok())
            .collect();
        let watch = Watch {
            patterns,
            found: BTreeMap::new(),
        };
        (site.cluster.name().clone(), watch)
    };
    sites
        .into_iter()
        .map(of)
        .filter(|(_, watch)| !watch.patterns.is_empty())
        .collect()
}

impl Engine {
    /// Text of an alarm that fires and blocks automatic acts in a cluster.
    pub(crate) fn blocking_alarm(&self, cluster: &ClusterName) -> Option<String> {
        let watches = self.blocking();
        let (_, text) = watches.get(cluster)?.found.first_key_value()?;
        Some(text.clone())
    }

    /// Remembers an alarm that was just stored, if it blocks.
    pub(crate) fn note_blocking(&self, alarm: &Alarm) {
        if alarm.status != Status::Firing {
            return;
        }
        let named = alarm.labels.get("cluster");
        let named = named.and_then(|name| self.site(name));
        for (cluster, watch) in self.blocking().iter_mut() {
            let elsewhere = named
                .as_ref()
                .is_some_and(|site| site.cluster.name() != cluster);
            let blocks = |pattern: &Pattern| pattern.find(looked_at(&alarm.text)).is_some();
            if !elsewhere && watch.patterns.iter().any(blocks) {
                watch.found.insert(alarm.id, alarm.text.clone());
            }
        }
    }

    /// Other patterns from now on; what is known to block and still would goes on blocking.
    pub(crate) fn set_watches(&self, mut new: HashMap<ClusterName, Watch>) {
        let mut watches = self.blocking();
        for (cluster, watch) in &mut new {
            let Some(old) = watches.remove(cluster) else {
                continue;
            };
            let blocks = |text: &String| {
                let hit = |one: &Pattern| one.find(looked_at(text)).is_some();
                watch.patterns.iter().any(hit)
            };
            watch.found = old
                .found
                .into_iter()
                .filter(|(_, text)| blocks(text))
                .collect();
        }
        *watches = new;
    }

    /// What fired before this process, or these patterns.
    pub(crate) async fn recall_blocking(&self) -> Result<(), StoreError> {
        if self.blocking().is_empty() {
            return Ok(());
        }
        let filter = AlarmFilter {
            status: Some(Status::Firing),
            ..AlarmFilter::default()
        };
        let mut after = None;
        loop {
            let page = Page { after, limit: READ };
            let rows = self.store().alarms(&filter, page).await?;
            let unseen = rows.iter().filter(|row| row.acknowledged.is_none());
            unseen.for_each(|row| self.note_blocking(&row.alarm));
            match rows.last() {
                Some(last) => after = Some(last.alarm.id.0),
                None => break,
            }
        }
        self.refresh_blocking().await
    }

    /// Forgets those that no longer fire or that somebody has acknowledged; one that still does is enough to look at.
    pub(crate) async fn refresh_blocking(&self) -> Result<(), StoreError> {
        let clusters: Vec<ClusterName> = self.blocking().keys().cloned().collect();
        for cluster in &clusters {
            while let Some(id) = self.first_blocking(cluster) {
                let row = self.store().alarm(id).await?;
                let blocks = |row: &crate::ports::AlarmRow| {
                    row.alarm.status == Status::Firing && row.acknowledged.is_none()
                };
                if row.as_ref().is_some_and(blocks) {
                    break;
                }
                if let Some(watch) = self.blocking().get_mut(cluster) {
                    watch.found.remove(&id);
                }
            }
        }
        Ok(())
    }

    fn first_blocking(&self, cluster: &ClusterName) -> Option<AlarmId> {
        let watches = self.blocking();
        watches.get(cluster)?.found.keys().next().copied()
    }

    fn blocking(&self) -> MutexGuard<'_, HashMap<ClusterName, Watch>> {
        self.inner
            .blocking
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
