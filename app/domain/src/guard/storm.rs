//! The storm breaker: many nodes at once is one failure of what they share, not many failures of nodes.

use super::Guards;
use crate::id::{ClusterName, NodeName};
use crate::moment::clock;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One node as the breaker sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Name.
    pub node: NodeName,
    /// Zone, if the cluster has zones.
    pub zone: Option<String>,
    /// Physical host, if it is known.
    pub host: Option<String>,
    /// Not Ready, or under a rule's recovery that has not proven it well.
    pub unhealthy: bool,
}

/// A node became unhealthy, or a rule took an alarm for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Trouble {
    /// Which.
    pub node: NodeName,
    /// When.
    pub at: Timestamp,
}

/// An open breaker: nothing automatic begins in its cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breaker {
    /// Our number.
    pub id: u64,
    /// Which cluster.
    pub cluster: ClusterName,
    /// When it tripped.
    pub tripped_at: Timestamp,
    /// Why, in words with the numbers.
    pub why: String,
    /// The nodes that were unhealthy then.
    pub nodes: Vec<NodeName>,
    /// Since when the storm is over; `None` while it blows.
    pub calm_since: Option<Timestamp>,
}

impl Breaker {
    /// When it may close, if it stays calm.
    pub fn closable_at(&self, guards: &Guards) -> Option<Timestamp> {
        self.calm_since
            .map(|since| since + SignedDuration::from_secs(guards.storm_calm_s.into()))
    }

    /// Why an automatic step waits.
    pub fn words(&self) -> String {
        format!(
            "the storm breaker of {} is open since {}: {}",
            self.cluster,
            clock(self.tripped_at),
            self.why
        )
    }
}

/// Why the breaker must trip now; `None` when it must not. `troubles` hold nothing from before the last close.
pub fn storm(
    spots: &[Spot],
    troubles: &[Trouble],
    guards: &Guards,
    now: Timestamp,
) -> Option<String> {
    if guards.storm_nodes == 0 {
        return None;
    }
    standing(spots, guards).or_else(|| sudden(spots, troubles, guards, now))
}

/// When the calm began: nothing stands and nothing new came since; `None` while the storm blows.
pub fn calm_since(
    spots: &[Spot],
    troubles: &[Trouble],
    guards: &Guards,
    known: Option<Timestamp>,
    now: Timestamp,
) -> Option<Timestamp> {
    if standing(spots, guards).is_some() {
        return None;
    }
    let last = troubles.iter().map(|one| one.at).max();
    match (known, last) {
        // Something happened after the calm began: it begins anew.
        (Some(since), Some(last)) if last > since => Some(now),
        (Some(since), _) => Some(since),
        (None, _) => Some(now),
    }
}

/// Too much is unhealthy as things stand.
fn standing(spots: &[Spot], guards: &Guards) -> Option<String> {
    let all = count(spots.len());
    let sick: Vec<&Spot> = spots.iter().filter(|one| one.unhealthy).collect();
    let cap = guards.unhealthy_cap(all);
    if count(sick.len()) > cap {
        return Some(format!(
            "{} of {all} nodes are unhealthy, the limit is {cap}{}",
            sick.len(),
            shared_host(&sick)
        ));
    }
    let mut zones: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for spot in spots {
        if let Some(zone) = &spot.zone {
            let (nodes, bad) = zones.entry(zone).or_default();
            *nodes += 1;
            *bad += u32::from(spot.unhealthy);
        }
    }
    if zones.len() < 2 {
        return None;
    }
    zones
        .into_iter()
        .find(|(_, (nodes, bad))| *nodes >= 2 && nodes == bad)
        .map(|(zone, (nodes, _))| format!("all {nodes} nodes of zone {zone} are unhealthy"))
}

/// Too much happened in too short a time.
fn sudden(spots: &[Spot], troubles: &[Trouble], guards: &Guards, now: Timestamp) -> Option<String> {
    let from = now - SignedDuration::from_secs(guards.storm_window_s.into());
    // The newest trouble of each node within the window.
    let mut fresh: BTreeMap<&NodeName, Timestamp> = BTreeMap::new();
    for one in troubles.iter().filter(|one| one.at > from) {
        let at = fresh.entry(&one.node).or_insert(one.at);
        *at = (*at).max(one.at);
    }
    let all = count(spots.len());
    let limit = if all <= 3 { 2 } else { guards.storm_nodes };
    let minutes = guards.storm_window_s / 60;
    if count(fresh.len()) >= limit {
        let hit: Vec<&Spot> = spots
            .iter()
            .filter(|spot| fresh.contains_key(&spot.node))
            .collect();
        return Some(format!(
            "{} nodes became unhealthy within {minutes} min, the limit is {limit}{}",
            fresh.len(),
            shared_host(&hit)
        ));
    }
    let zone_of = |node: &NodeName| {
        spots
            .iter()
            .find(|spot| spot.node == *node)
            .and_then(|spot| spot.zone.as_deref())
    };
    let near = SignedDuration::from_secs(guards.storm_zones_s.into());
    for (one, at) in &fresh {
        for (other, then) in &fresh {
            if let (Some(zone), Some(second)) = (zone_of(one), zone_of(other))
                && zone < second
                && at.duration_since(*then).abs() <= near
            {
                return Some(format!(
                    "nodes in zones {zone} and {second} became unhealthy within {} s",
                    guards.storm_zones_s
                ));
            }
        }
    }
    None
}

/// Names the physical host that all of several nodes share.
fn shared_host(sick: &[&Spot]) -> String {
    let hosts: BTreeSet<Option<&str>> = sick.iter().map(|one| one.host.as_deref()).collect();
    match hosts.into_iter().collect::<Vec<_>>().as_slice() {
        [Some(host)] if sick.len() > 1 => format!("; all of them are on host {host}"),
        _ => String::new(),
    }
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
