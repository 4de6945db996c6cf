//! How close the limits are that no single node's scene tells.

use super::super::{TheDesk, errors};
use app::error::AppError;
use domain::id::NodeName;
use domain::recovery::Outcome;
use engine::Site;
use engine::ports::{Page, RecoveryFilter};
use jiff::SignedDuration;
use std::collections::BTreeMap;

/// Recoveries looked at for nodes that fail again and again.
const LOOKED_AT: u32 = 500;

/// What is nearest to its limit.
pub(super) struct Near {
    /// Nodes that became unhealthy within the storm window.
    pub fresh: u32,
    /// The zone with the most starts under way.
    pub zone: Option<(String, u32)>,
    /// The node with the most recoveries within the flap window.
    pub node: Option<(NodeName, u32)>,
}

impl TheDesk {
    pub(super) async fn near(&self, site: &Site) -> Result<Near, AppError> {
        let engine = &self.house.engine;
        let cluster = site.cluster.name();
        let nodes = site.cluster.nodes();
        let zone_of = |name: &NodeName| {
            let node = nodes.iter().find(|one| one.name == *name);
            node.and_then(|one| one.zone.clone())
        };
        let running = engine.running();
        let acting = running
            .iter()
            .filter(|one| one.plan.target.cluster == *cluster && one.acting(engine.now()));
        let zones = most(acting.filter_map(|one| zone_of(&one.plan.target.node)));
        let window = SignedDuration::from_secs(site.guards.flap_window_s.into());
        let since = engine.now() - window;
        let filter = RecoveryFilter {
            cluster: Some(cluster.clone()),
            ..RecoveryFilter::default()
        };
        let page = Page {
            after: None,
            limit: LOOKED_AT,
        };
        let rows = self.store().recoveries(&filter, page).await;
        let counted = rows.map_err(errors::store)?.into_iter().filter(|row| {
            let nothing = matches!(row.outcome, Some(Outcome::Refused | Outcome::Expired));
            row.cluster == *cluster && row.started_at > since && !nothing
        });
        Ok(Near {
            fresh: engine.newly_unhealthy(site),
            zone: zones,
            node: most(counted.map(|row| row.node)),
        })
    }
}

/// The one that comes most often.
fn most<T: Ord>(all: impl Iterator<Item = T>) -> Option<(T, u32)> {
    let mut counts: BTreeMap<T, u32> = BTreeMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count)
}
