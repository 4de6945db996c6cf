//! `check_node`: Ready is not enough; the node itself must work before it gets pods again.

use super::{Facts, Finding, Mark, StepKind, Verdict, same_node, says, succeeded};
use crate::recovery::Recovery;
use crate::world::{Allocatable, ClusterFacts, NodeFacts, PodPhase, Reading, Ready};
use jiff::Timestamp;

/// Taints that say the node cannot work yet.
const WRONG_TAINTS: [&str; 8] = [
    "node.kubernetes.io/not-ready",
    "node.kubernetes.io/unreachable",
    "node.kubernetes.io/memory-pressure",
    "node.kubernetes.io/disk-pressure",
    "node.kubernetes.io/pid-pressure",
    "node.kubernetes.io/network-unavailable",
    "node.kubernetes.io/out-of-service",
    "node.cloudprovider.kubernetes.io/uninitialized",
];

pub(super) fn check(recovery: &Recovery, facts: &Facts, _now: Timestamp) -> Verdict {
    let step = StepKind::CheckNode;
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
    let mut lines = vec![
        ready(node),
        pressure(node),
        taints(node),
        resources(recovery, node),
    ];
    lines.extend(critical_pods(node, cluster));
    lines.push(drivers(recovery, node, cluster));
    match lines.iter().find(|line| line.mark == Mark::Bad) {
        Some(bad) => Verdict::NotYet(bad.text.clone()),
        None => {
            let mut evidence = says("the node itself works");
            evidence.lines = lines;
            succeeded(step, evidence)
        }
    }
}

fn finding(good: bool, text: String) -> Finding {
    Finding {
        mark: if good { Mark::Good } else { Mark::Bad },
        text,
    }
}

fn ready(node: &NodeFacts) -> Finding {
    finding(
        node.ready == Ready::True,
        if node.ready == Ready::True {
            "Ready".to_owned()
        } else {
            "not Ready".to_owned()
        },
    )
}

fn pressure(node: &NodeFacts) -> Finding {
    let good = node.pressure.is_empty();
    finding(
        good,
        if good {
            "no pressure".to_owned()
        } else {
            node.pressure.join(", ")
        },
    )
}

fn taints(node: &NodeFacts) -> Finding {
    let wrong: Vec<&str> = node
        .taints
        .iter()
        .map(String::as_str)
        .filter(|taint| WRONG_TAINTS.iter().any(|one| taint.starts_with(one)))
        .collect();
    finding(
        wrong.is_empty(),
        if wrong.is_empty() {
            "no taint says otherwise".to_owned()
        } else {
            format!("taint {}", wrong.join(", "))
        },
    )
}

fn resources(recovery: &Recovery, node: &NodeFacts) -> Finding {
    let (before, now) = (recovery.plan.allocatable, node.allocatable);
    let enough = |now: u64, before: u64| now.saturating_mul(10) >= before.saturating_mul(9);
    let good = enough(now.cpu_milli, before.cpu_milli)
        && enough(now.memory, before.memory)
        && enough(now.pods, before.pods);
    finding(
        good,
        format!("allocatable {} (before: {})", amount(now), amount(before)),
    )
}

fn amount(of: Allocatable) -> String {
    format!(
        "{} m CPU, {} MiB, {} pods",
        of.cpu_milli,
        of.memory / (1024 * 1024),
        of.pods
    )
}

fn critical_pods(node: &NodeFacts, cluster: &ClusterFacts) -> Vec<Finding> {
    let here = cluster
        .pods
        .iter()
        .filter(|pod| pod.critical && pod.node.as_ref() == Some(&node.name));
    here.filter(|pod| {
        !matches!(pod.phase, PodPhase::Succeeded | PodPhase::Failed) && pod.deleting_since.is_none()
    })
    .map(|pod| {
        finding(
            pod.ready,
            if pod.ready {
                format!("{} Ready", pod.key())
            } else {
                format!("{} not Ready{}", pod.key(), because(pod.reason.as_deref()))
            },
        )
    })
    .collect()
}

fn drivers(recovery: &Recovery, node: &NodeFacts, cluster: &ClusterFacts) -> Finding {
    let now = cluster.csi.get(&node.name).map_or(&[][..], Vec::as_slice);
    let before = recovery
        .plan
        .baseline
        .as_ref()
        .map_or(&[][..], |baseline| baseline.csi.as_slice());
    let missing: Vec<&str> = before
        .iter()
        .filter(|driver| !now.contains(driver))
        .map(String::as_str)
        .collect();
    if missing.is_empty() {
        finding(
            true,
            format!(
                "CSI drivers: {}",
                if now.is_empty() {
                    "none".to_owned()
                } else {
                    now.join(", ")
                }
            ),
        )
    } else {
        finding(false, format!("CSI driver missing: {}", missing.join(", ")))
    }
}

/// ` (reason)` or nothing.
pub(super) fn because(reason: Option<&str>) -> String {
    reason
        .map(|reason| format!(" ({reason})"))
        .unwrap_or_default()
}
