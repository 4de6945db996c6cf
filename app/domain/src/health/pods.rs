//! Which pods and controllers are not well, and whether that is news.

use super::{BrokenPod, Pinned, Pods, ShortWorkload};
use crate::baseline::Baseline;
use crate::id::NodeName;
use crate::world::{ClusterFacts, NodeFacts, PodFacts, PodPhase, Ready, WorkloadKind};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Broken this long is a standing matter, whatever the summaries say.
const STANDING: SignedDuration = SignedDuration::from_hours(24);
/// Broken in an old summary counts as standing only after this time: the summaries reach back minutes only.
const NEWS: SignedDuration = SignedDuration::from_hours(1);
/// A pod that is being deleted for longer is stuck.
const STUCK: SignedDuration = SignedDuration::from_mins(10);

/// Nodes by name: large clusters are searched often.
pub(super) type Named<'a> = BTreeMap<&'a NodeName, &'a NodeFacts>;

/// Counts pods and lists those that are not well: news first, newest first; with the number of these per controller key.
pub(super) fn pods(
    facts: &ClusterFacts,
    nodes: &Named<'_>,
    baseline: Option<&Baseline>,
    now: Timestamp,
) -> (Pods, BTreeMap<String, u32>) {
    let counted = || {
        facts
            .pods
            .iter()
            .filter(|pod| pod.deleting_since.is_none() && !leftover(pod))
    };
    let standing: BTreeSet<&str> = baseline
        .into_iter()
        .flat_map(|one| one.broken.iter().map(String::as_str))
        .collect();
    let mut broken = Vec::new();
    let mut owned: BTreeMap<String, u32> = BTreeMap::new();
    for pod in facts.pods.iter() {
        let Some(one) = broken_pod(nodes, pod, &standing, now) else {
            continue;
        };
        broken.push(one);
        if let Some(owner) = pod.owner_key() {
            *owned.entry(owner).or_default() += 1;
        }
    }
    broken.sort_by(|one: &BrokenPod, other| {
        (one.before, other.since, &one.pod).cmp(&(other.before, one.since, &other.pod))
    });
    let pods = Pods {
        running: count(counted().filter(|pod| well(pod)).count()),
        total: count(counted().count()),
        broken,
    };
    (pods, owned)
}

/// Controllers with fewer Ready pods than wanted.
pub(super) fn short(facts: &ClusterFacts) -> Vec<ShortWorkload> {
    facts
        .workloads
        .iter()
        .filter(|one| one.kind != WorkloadKind::Job && one.ready < one.desired)
        .map(|one| ShortWorkload {
            workload: one.key(),
            ready: one.ready,
            desired: one.desired,
        })
        .collect()
}

/// Short controllers that no broken pod accounts for: pods that are not even made.
pub(super) fn unexplained(owned: &BTreeMap<String, u32>, short: &[ShortWorkload]) -> usize {
    let known = |one: &ShortWorkload| owned.get(&one.workload).copied().unwrap_or(0);
    let missing = |one: &&ShortWorkload| known(one) < one.desired - one.ready;
    short.iter().filter(missing).count()
}

/// Pods that can run only on a node that is down or gone.
pub(super) fn pinned(facts: &ClusterFacts, nodes: &Named<'_>) -> Vec<Pinned> {
    let up = |name: &NodeName| {
        nodes
            .get(name)
            .is_some_and(|node| node.ready == Ready::True)
    };
    facts
        .pods
        .iter()
        .filter(|pod| !matches!(pod.phase, PodPhase::Succeeded | PodPhase::Failed))
        .filter_map(|pod| pod.pinned.as_ref().map(|pin| (pod, pin)))
        .filter(|(_, pin)| !up(&pin.node))
        .map(|(pod, pin)| Pinned {
            pod: pod.key(),
            node: pin.node.clone(),
            why: pin.why.clone(),
        })
        .collect()
}

fn well(pod: &PodFacts) -> bool {
    pod.phase == PodPhase::Succeeded || (pod.phase == PodPhase::Running && pod.ready)
}

/// Failed pods of a controller stay for ever and are replaced by others.
fn leftover(pod: &PodFacts) -> bool {
    pod.phase == PodPhase::Failed && pod.owner.is_some()
}

fn broken_pod(
    nodes: &Named<'_>,
    pod: &PodFacts,
    standing: &BTreeSet<&str>,
    now: Timestamp,
) -> Option<BrokenPod> {
    let stuck = pod.deleting_since.filter(|since| *since + STUCK < now);
    if leftover(pod) || (pod.deleting_since.is_some() && stuck.is_none()) {
        return None;
    }
    if well(pod) && stuck.is_none() {
        return None;
    }
    let since = stuck.unwrap_or(pod.since);
    let key = pod.key();
    let before = since + STANDING < now || (since + NEWS < now && standing.contains(key.as_str()));
    Some(BrokenPod {
        pod: key,
        node: pod.node.clone(),
        reason: if stuck.is_some() {
            "stuck while being deleted".to_owned()
        } else {
            reason(nodes, pod)
        },
        since,
        before,
    })
}

fn reason(nodes: &Named<'_>, pod: &PodFacts) -> String {
    let down = pod.node.as_ref().and_then(|name| nodes.get(name));
    if let Some(node) = down.filter(|node| node.ready != Ready::True) {
        return format!("{} is down", node.name);
    }
    match (&pod.reason, pod.phase) {
        (Some(reason), _) => reason.clone(),
        (None, PodPhase::Pending) => "pending".to_owned(),
        (None, PodPhase::Failed) => "failed".to_owned(),
        (None, PodPhase::Unknown) => "unknown".to_owned(),
        (None, PodPhase::Running | PodPhase::Succeeded) => "not Ready".to_owned(),
    }
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
