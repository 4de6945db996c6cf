//! Alarms that stop automatic acts while they fire: an unwell control plane is no time to power machines.

use crate::ports::{AlarmFilter, Page, StoreError};
use crate::{Engine, Site};
use domain::alarm::Status;
use domain::id::ClusterName;
use domain::rule::looked_at;
use domain::rule::pattern::Pattern;
use std::collections::HashMap;
use std::sync::PoisonError;

/// Firing alarms looked at.
const LOOKED_AT: u32 = 500;

/// Patterns of one cluster, and the text of an alarm that fires and blocks.
pub(crate) struct Watch {
    patterns: Vec<Pattern>,
    firing: Option<String>,
}

/// The watches of all clusters that have patterns; a pattern that does not compile was refused with the config.
pub(crate) fn watches(sites: &[Site]) -> HashMap<ClusterName, Watch> {
    let of = |site: &Site| {
        let patterns: Vec<Pattern> = site
            .guards
            .blocking_alarms
            .iter()
            .filter_map(|text| Pattern::plain(text).ok())
            .collect();
        let watch = Watch {
            patterns,
            firing: None,
        };
        (site.cluster.name().clone(), watch)
    };
    sites
        .iter()
        .map(of)
        .filter(|(_, watch)| !watch.patterns.is_empty())
        .collect()
}

impl Engine {
    /// Text of an alarm that fires and blocks automatic acts in a cluster.
    pub(crate) fn blocking_alarm(&self, cluster: &ClusterName) -> Option<String> {
        let blocking = self
            .inner
            .blocking
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        blocking.get(cluster)?.firing.clone()
    }

    /// Reads which alarms fire and nobody has acknowledged.
    pub(crate) async fn refresh_blocking(&self) -> Result<(), StoreError> {
        let lock = || {
            self.inner
                .blocking
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if lock().is_empty() {
            return Ok(());
        }
        let filter = AlarmFilter {
            status: Some(Status::Firing),
            ..AlarmFilter::default()
        };
        let page = Page {
            after: None,
            limit: LOOKED_AT,
        };
        let rows = self.store().alarms(&filter, page).await?;
        for (cluster, watch) in lock().iter_mut() {
            let elsewhere = |named: &String| {
                self.site(named)
                    .is_some_and(|site| site.cluster.name() != cluster)
            };
            let found = rows.iter().find(|row| {
                row.alarm.status == Status::Firing
                    && row.acknowledged.is_none()
                    && !row.alarm.labels.get("cluster").is_some_and(elsewhere)
                    && watch
                        .patterns
                        .iter()
                        .any(|pattern| pattern.find(looked_at(&row.alarm.text)).is_some())
            });
            watch.firing = found.map(|row| row.alarm.text.clone());
        }
        Ok(())
    }
}
