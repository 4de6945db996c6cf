//! Whether a cluster is well: a verdict, and everything that is not.

mod pods;
mod words;

pub use words::words;

use crate::baseline::Baseline;
use crate::id::{ClusterName, NodeName};
use crate::world::{ClusterFacts, Cordon, NodeFacts, Ready, Sight};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All nodes and pods are as they should be.
    Healthy,
    /// Something is not well.
    Degraded,
    /// A node is down, or nothing runs.
    Down,
    /// It cannot be read.
    Blind,
}

/// Node counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeCounts {
    /// Ready.
    pub ready: u32,
    /// All.
    pub total: u32,
    /// Cordoned, by whomever.
    pub cordoned: u32,
}

/// A node that is not well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SickNode {
    /// Name.
    pub name: NodeName,
    /// In words: `down 4 min`, `cordoned by recovery #12`, `DiskPressure`.
    pub what: String,
    /// Since when.
    pub since: Option<Timestamp>,
}

/// Pod counts and the broken ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pods {
    /// Running and Ready, or ended well.
    pub running: u32,
    /// All but those being deleted.
    pub total: u32,
    /// Those that are not well, worst and newest first.
    pub broken: Vec<BrokenPod>,
}

/// A pod that is not well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenPod {
    /// `namespace/name`.
    pub pod: String,
    /// Node it is bound to.
    pub node: Option<NodeName>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// Whether it was broken already in the newest summary before.
    pub before: bool,
}

/// A controller with fewer Ready pods than wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShortWorkload {
    /// `Kind namespace/name`.
    pub workload: String,
    /// Ready.
    pub ready: u32,
    /// Wanted.
    pub desired: u32,
}

/// A pod that can run only on a node that is down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pinned {
    /// `namespace/name`.
    pub pod: String,
    /// The node it waits for.
    pub node: NodeName,
    /// `node affinity` or `local volume`.
    pub why: String,
}

/// The health of one cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Which cluster.
    pub cluster: ClusterName,
    /// Headline.
    pub verdict: Verdict,
    /// One sentence.
    pub sentence: String,
    /// Node counts.
    pub nodes: NodeCounts,
    /// Nodes that are not well.
    pub sick: Vec<SickNode>,
    /// Pods.
    pub pods: Pods,
    /// Controllers that are short of pods.
    pub workloads: Vec<ShortWorkload>,
    /// Pods that wait for a dead node.
    pub pinned: Vec<Pinned>,
    /// When it was seen.
    pub seen_at: Timestamp,
}

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
    let pods = pods::pods(facts, baseline, now);
    let workloads = pods::short(facts);
    let fresh = pods.broken.iter().filter(|pod| !pod.before).count();
    let unexplained = pods::unexplained(facts, &pods, &workloads);
    let verdict = if matches!(facts.sight, Sight::Blind { .. }) {
        Verdict::Blind
    } else if down > 0 || (pods.total > 0 && pods.running == 0) {
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
        pinned: pods::pinned(facts),
        seen_at: facts.seen_at,
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
        Cordon::Foreign => what.push("cordoned by somebody else".to_owned()),
    }
    what.extend(node.pressure.iter().cloned());
    (!what.is_empty()).then(|| SickNode {
        name: node.name.clone(),
        what: what.join(", "),
        since,
    })
}
