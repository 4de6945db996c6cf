//! `check_workload`: what ran on the node before runs again; known noise is shown, not waited for.

use super::node::because;
use super::{Facts, Finding, Mark, StepKind, Verdict, same_node, says, succeeded};
use crate::baseline::NodeBaseline;
use crate::recovery::{Recovery, seconds};
use crate::world::{ClusterFacts, NodeFacts, PodFacts, PodPhase, Reading, Ready, WorkloadKind};
use jiff::Timestamp;

/// A pod that was not Ready this long before the recovery began is not its business.
const LONG_BROKEN_S: u32 = 600;

pub(super) fn check(recovery: &Recovery, facts: &Facts, _now: Timestamp) -> Verdict {
    let step = StepKind::CheckWorkload;
    let node = match same_node(recovery, step, facts) {
        Ok(node) => node,
        Err(verdict) => return verdict,
    };
    let cluster = match &facts.cluster {
        Reading::Seen(cluster) => cluster,
        Reading::Absent => return Verdict::NotYet("the cluster was not read".to_owned()),
        Reading::Unreadable(why) => {
            return Verdict::NotYet(format!("the cluster cannot be read: {why}"));
        }
    };
    let mut lines = nodes(recovery, node, cluster, facts);
    lines.extend(
        cluster
            .pods
            .iter()
            .filter_map(|pod| pod_line(recovery, node, pod)),
    );
    if let Some(baseline) = &recovery.plan.baseline {
        lines.extend(controllers(baseline, cluster, !facts.others.is_empty()));
    }
    match lines.iter().find(|line| line.mark == Mark::Bad) {
        Some(bad) => Verdict::NotYet(bad.text.clone()),
        None => {
            let mut evidence = says(if recovery.plan.baseline.is_some() {
                "the workload is back"
            } else {
                "the workload is well; no baseline to compare with"
            });
            evidence.lines = lines;
            succeeded(step, evidence)
        }
    }
}

fn nodes(
    recovery: &Recovery,
    node: &NodeFacts,
    cluster: &ClusterFacts,
    facts: &Facts,
) -> Vec<Finding> {
    let was_down = |name| {
        recovery
            .plan
            .baseline
            .as_ref()
            .is_some_and(|baseline| baseline.not_ready.contains(name))
    };
    let mut lines: Vec<Finding> = cluster
        .nodes
        .iter()
        .filter(|one| one.ready != Ready::True)
        .map(|one| {
            let theirs =
                one.name != node.name && (was_down(&one.name) || facts.others.contains(&one.name));
            Finding {
                mark: if theirs { Mark::Ignored } else { Mark::Bad },
                text: format!("node {} is not Ready", one.name),
            }
        })
        .collect();
    if lines.is_empty() {
        lines.push(Finding {
            mark: Mark::Good,
            text: format!(
                "{} of {} nodes Ready",
                cluster.nodes.len(),
                cluster.nodes.len()
            ),
        });
    }
    lines
}

/// A pod that belongs to this node: bound to it, or able to run only there.
fn pod_line(recovery: &Recovery, node: &NodeFacts, pod: &PodFacts) -> Option<Finding> {
    let here = pod.node.as_ref() == Some(&node.name);
    let pinned = pod.pinned.as_ref().is_some_and(|pin| pin.node == node.name);
    if !here && !pinned {
        return None;
    }
    if pod.ready {
        return pinned.then(|| Finding {
            mark: Mark::Good,
            text: format!("{} Ready", pod.key()),
        });
    }
    let text = format!(
        "{} {}{}",
        pod.key(),
        phase_words(pod),
        because(pod.reason.as_deref())
    );
    Some(Finding {
        mark: if is_noise(recovery, pod) {
            Mark::Ignored
        } else {
            Mark::Bad
        },
        text,
    })
}

/// Leftovers and old trouble: shown, never waited for.
fn is_noise(recovery: &Recovery, pod: &PodFacts) -> bool {
    let ended = matches!(pod.phase, PodPhase::Succeeded | PodPhase::Failed);
    let replaced = ended && (pod.phase == PodPhase::Succeeded || pod.owner.is_some());
    let leaving = pod.deleting_since.is_some();
    let long_broken = pod.since + seconds(LONG_BROKEN_S) < recovery.started_at;
    let broken_before = recovery
        .plan
        .baseline
        .as_ref()
        .is_some_and(|baseline| baseline.broken.contains(&pod.key()));
    let job = pod
        .owner
        .as_ref()
        .is_some_and(|(kind, _)| *kind == WorkloadKind::Job);
    replaced || leaving || long_broken || broken_before || job
}

fn phase_words(pod: &PodFacts) -> &'static str {
    match pod.phase {
        PodPhase::Pending => "is pending",
        PodPhase::Running => "runs but is not Ready",
        PodPhase::Succeeded => "has ended",
        PodPhase::Failed => "has failed",
        PodPhase::Unknown => "is unknown",
    }
}

/// Controllers that had a pod on the node must have as many Ready pods as before.
fn controllers(baseline: &NodeBaseline, cluster: &ClusterFacts, others_down: bool) -> Vec<Finding> {
    baseline
        .ready
        .iter()
        .filter_map(|(key, before)| {
            let now = cluster.workloads.iter().find(|one| &one.key() == key)?;
            // Fewer wanted than before means somebody scaled it down meanwhile.
            let wanted = (*before).min(now.desired);
            let mark = if now.ready >= wanted {
                Mark::Good
            } else if others_down {
                Mark::Ignored
            } else {
                Mark::Bad
            };
            Some(Finding {
                mark,
                text: format!(
                    "{key}: {} of {} Ready (before: {before})",
                    now.ready, now.desired
                ),
            })
        })
        .collect()
}
