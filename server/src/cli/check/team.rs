//! The doctor's look at what the team added to a cluster: its checks and its impact query. No check is run.

use super::line::{Found, Line};
use crate::config::{Cluster as Block, Config};
use crate::wiring;
use cluster::Kube;
use engine::ports::Clock;
use std::sync::Arc;

/// Their lines.
pub async fn lines(config: &Config, cluster: &Block, clock: &Arc<dyn Clock>) -> Vec<Line> {
    let mut lines = Vec::new();
    if !cluster.checks.is_empty() {
        lines.extend(checks(config, cluster, clock).await);
    }
    lines.extend(impact(cluster, clock.as_ref()).await);
    lines
}

/// Whether each check has what it needs.
async fn checks(config: &Config, cluster: &Block, clock: &Arc<dyn Clock>) -> Vec<Line> {
    let kube = Kube::open(wiring::account(cluster), Arc::clone(clock)).await;
    let checks = match wiring::team_checks(config, cluster, &kube) {
        Ok(checks) => checks,
        Err(error) => {
            let what = format!("cluster {} checks", cluster.name);
            return vec![Line::new(what, Found::Failed(format!("{error:#}")))];
        }
    };
    let mut lines = Vec::new();
    for one in checks {
        let found = match one.port.ready().await {
            Ok(()) => Found::Well(one.what.clone()),
            Err(why) => Found::Failed(why),
        };
        let what = format!("cluster {} check {}", cluster.name, one.planned.name);
        lines.push(Line::new(what, found));
    }
    lines
}

/// What people feel of a failure, asked once now.
async fn impact(cluster: &Block, clock: &dyn Clock) -> Option<Line> {
    let found = match wiring::team_impact(cluster) {
        Ok(None) => return None,
        Ok(Some(impact)) => match impact.gauge.read(clock.now()).await {
            Ok(value) => Found::Well(format!("{}: {value} now", impact.what)),
            Err(why) => Found::Lacking(format!("{why}; recoveries go on without it")),
        },
        Err(error) => Found::Failed(format!("{error:#}")),
    };
    Some(Line::new(format!("cluster {} impact", cluster.name), found))
}
