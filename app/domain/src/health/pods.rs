//! Which pods and controllers are not well, and whether that is news.

use super::{BrokenPod, Pinned, Pods, ShortWorkload};
use crate::baseline::Baseline;
use crate::id::NodeName;
use crate::world::{ClusterFacts, PodFacts, PodPhase, Ready, WorkloadKind};
use jiff::{SignedDuration, Timestamp};

/// Broken this long is a standing matter, whatever the summaries say.
const STANDING: SignedDuration = SignedDuration::from_hours(24);
/// Broken in an old summary counts as standing only after this time: the summaries reach back minutes only.
const NEWS: SignedDuration = SignedDuration::from_hours(1);
/// A pod that is being deleted for longer is stuck.
const STUCK: SignedDuration = SignedDuration::from_mins(10);

/// Counts pods and lists those that are not well: news first, newest first.
pub(super) fn pods(facts: &ClusterFacts, baseline: Option<&Baseline>, now: Timestamp) -> Pods {
    let counted = || {
        facts
            .pods
            .iter()
            .filter(|pod| pod.deleting_since.is_none() && !leftover(pod))
    };
    let mut broken: Vec<BrokenPod> = facts
        .pods
        .iter()
        .filter_map(|pod| broken_pod(facts, pod, baseline, now))
        .collect();
    broken.sort_by(|one, other| {
        (one.before, other.since, &one.pod).cmp(&(other.before, one.since, &other.pod))
    });
    Pods {
        running: count(counted().filter(|pod| well(pod)).count()),
        total: count(counted().count()),
        broken,
    }
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
pub(super) fn unexplained(facts: &ClusterFacts, pods: &Pods, short: &[ShortWorkload]) -> usize {
    let owned = |workload: &str| {
        let mine = facts.pods.iter().filter(|pod| {
            pod.owner.as_ref().is_some_and(|(kind, name)| {
                format!("{kind:?} {}/{name}", pod.namespace) == workload
            })
        });
        count(
            mine.filter(|pod| pods.broken.iter().any(|one| one.pod == pod.key()))
                .count(),
        )
    };
    short
        .iter()
        .filter(|one| owned(&one.workload) < one.desired - one.ready)
        .count()
}

/// Pods that can run only on a node that is down or gone.
pub(super) fn pinned(facts: &ClusterFacts) -> Vec<Pinned> {
    let up = |name: &NodeName| {
        facts
            .node(name)
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
    facts: &ClusterFacts,
    pod: &PodFacts,
    baseline: Option<&Baseline>,
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
    let listed = baseline.is_some_and(|one| one.broken.contains(&pod.key()));
    Some(BrokenPod {
        pod: pod.key(),
        node: pod.node.clone(),
        reason: if stuck.is_some() {
            "stuck while being deleted".to_owned()
        } else {
            reason(facts, pod)
        },
        since,
        before: since + STANDING < now || (listed && since + NEWS < now),
    })
}

fn reason(facts: &ClusterFacts, pod: &PodFacts) -> String {
    let down = pod.node.as_ref().and_then(|name| facts.node(name));
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
