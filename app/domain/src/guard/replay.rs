//! How many starts the limits would have let through, had a rule been in force: only what past alarms can tell.

use super::Guards;
use crate::id::NodeName;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a rule would have asked for in one cluster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replayed {
    /// Starts it would have proposed.
    pub starts: u32,
    /// Of so many nodes.
    pub nodes: u32,
    /// Proposals that cool-down or the hourly limit would have held back.
    pub held: u32,
}

/// Plays alarms of one cluster, oldest first, against its cool-down, flap and hourly limits.
pub fn replay(guards: &Guards, alarms: &[(NodeName, Timestamp)]) -> Replayed {
    let mut starts: Vec<(&NodeName, Timestamp)> = Vec::new();
    let mut nodes = BTreeSet::new();
    let mut last: BTreeMap<&NodeName, Timestamp> = BTreeMap::new();
    let mut held = 0;
    for (node, at) in alarms {
        nodes.insert(node);
        let since = |seconds: u32| *at - SignedDuration::from_secs(seconds.into());
        let cool = last
            .get(node)
            .is_some_and(|last| *last > since(guards.cool_down_s));
        let hour = starts.iter().filter(|(_, one)| *one > since(3600)).count();
        let often = starts
            .iter()
            .filter(|(one, when)| *one == node && *when > since(guards.flap_window_s))
            .count();
        let reached = |limit: u32, count: usize| limit > 0 && count >= limit as usize;
        if cool || reached(guards.starts_per_hour, hour) || reached(guards.flap_max, often) {
            held += 1;
        } else {
            starts.push((node, *at));
            last.insert(node, *at);
        }
    }
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    Replayed {
        starts: count(starts.len()).saturating_add(held),
        nodes: count(nodes.len()),
        held,
    }
}
