//! Judges a cluster by what was read.

use super::{Health, NodeCounts, SickNode, Verdict, pods, words};
use crate::baseline::Baseline;
use crate::world::{ClusterFacts, Cordon, NodeFacts, Ready, Sight};
use jiff::Timestamp;

/// Judges a cluster: pods that were broken long before are listed, but alone spoil nothing.
pub fn verdict(facts: &ClusterFacts, baseline: Option<&Baseline>, now: Timestamp) -> Health {
    let sick: Vec<SickNode> = facts
        .nodes
        .iter()
        .filter_map(|node| sick(node, now))
        .collect();
    let down = facts
        .nodes
        .iter()
        .filter(|node| node.ready != Ready::True)
        .count();
    let nodes: pods::Named<'_> = facts.nodes.iter().map(|node| (&node.name, node)).collect();
    let (pods, owned) = pods::pods(facts, &nodes, baseline, now);
    let workloads = pods::short(facts);
    let fresh = pods.broken.iter().filter(|pod| !pod.before).count();
    let unexplained = pods::unexplained(&owned, &workloads);
    // What cannot be seen is never said to be down.
    let verdict = if matches!(facts.sight, Sight::Blind { .. }) {
        Verdict::Blind
    } else if down * 2 > facts.nodes.len() || (pods.total > 0 && pods.running == 0) {
        Verdict::Down
    } else if !sick.is_empty() || fresh > 0 || unexplained > 0 {
        Verdict::Degraded
    } else {
        Verdict::Healthy
    };
    let mut health = Health {
        cluster: facts.cluster.clone(),
        verdict,
        sentence: String::new(),
        nodes: counts(facts),
        sick,
        pods,
        workloads,
        pinned: pods::pinned(facts, &nodes),
        seen_at: facts.seen_at,
        blind_since: match &facts.sight {
            Sight::Live => None,
            Sight::Blind { since, .. } => Some(*since),
        },
    };
    health.sentence = words::sentence(&health, &facts.sight, now);
    health
}

fn counts(facts: &ClusterFacts) -> NodeCounts {
    let of = |fits: &dyn Fn(&NodeFacts) -> bool| {
        u32::try_from(facts.nodes.iter().filter(|node| fits(node)).count()).unwrap_or(u32::MAX)
    };
    NodeCounts {
        ready: of(&|node| node.ready == Ready::True),
        total: of(&|_| true),
        cordoned: of(&|node| node.cordon != Cordon::Open),
    }
}

/// What is wrong with a node, if anything.
fn sick(node: &NodeFacts, now: Timestamp) -> Option<SickNode> {
    let mut what = Vec::new();
    let mut since = None;
    match node.ready {
        Ready::True => {}
        Ready::False => what.push(format!("not Ready {}", words::age(node.ready_since, now))),
        Ready::Unknown => what.push(format!("down {}", words::age(node.ready_since, now))),
    }
    if node.ready != Ready::True {
        since = Some(node.ready_since);
    }
    match &node.cordon {
        Cordon::Open => {}
        Cordon::Ours(mark) => {
            what.push(format!("cordoned by recovery {}", mark.recovery));
            since = since.or(Some(mark.at));
        }
        Cordon::Held(mark) => {
            what.push(format!("cordoned, held by {}", mark.person));
            since = since.or(Some(mark.at));
        }
        Cordon::Foreign(mark) => {
            what.push("cordoned by somebody else".to_owned());
            since = since.or(mark.at);
        }
    }
    what.extend(node.pressure.iter().cloned());
    (!what.is_empty()).then(|| SickNode {
        name: node.name.clone(),
        what: what.join(", "),
        since,
    })
}
