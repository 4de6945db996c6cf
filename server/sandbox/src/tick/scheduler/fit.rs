//! Which nodes may carry a pod, and why others may not.

use crate::field::{condition, list, text};
use crate::selector::{all_hold, from_expressions};
use serde_json::Value;
use std::collections::BTreeMap;

/// Why a node may not carry a pod.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unfit {
    /// It is cordoned.
    Cordoned,
    /// It has a taint the pod does not tolerate, or is not ready.
    Tainted,
    /// The pod may not run there at all.
    Affinity,
}

/// Why a node may not carry a pod, if it may not.
pub fn unfit(pod: &Value, node: &Value) -> Option<Unfit> {
    if !affine(pod, node) {
        return Some(Unfit::Affinity);
    }
    if node["spec"]["unschedulable"] == true
        && !tolerates(pod, "node.kubernetes.io/unschedulable", "NoSchedule")
    {
        return Some(Unfit::Cordoned);
    }
    let refused = list(node, "/spec/taints").iter().any(|taint| {
        let effect = text(taint, "/effect");
        effect != "PreferNoSchedule" && !tolerates(pod, text(taint, "/key"), effect)
    });
    (refused || condition(node, "Ready") != "True").then_some(Unfit::Tainted)
}

fn tolerates(pod: &Value, key: &str, effect: &str) -> bool {
    list(pod, "/spec/tolerations").iter().any(|toleration| {
        ["", key].contains(&text(toleration, "/key"))
            && ["", effect].contains(&text(toleration, "/effect"))
    })
}

fn affine(pod: &Value, node: &Value) -> bool {
    let labels = &node["metadata"]["labels"];
    let selected = pod["spec"]["nodeSelector"]
        .as_object()
        .into_iter()
        .flatten()
        .all(|(key, value)| labels[key] == *value);
    let terms = list(
        pod,
        "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/nodeSelectorTerms",
    );
    let matched = terms.iter().any(|term| {
        let by_name = list(term, "/matchFields")
            .iter()
            .all(|one| list(one, "/values").contains(&node["metadata"]["name"]));
        by_name && all_hold(&from_expressions(list(term, "/matchExpressions")), labels)
    });
    selected && (terms.is_empty() || matched)
}

/// The scheduler's sentence when no node may.
pub fn explain(nodes: usize, reasons: &BTreeMap<Unfit, usize>) -> String {
    let parts: Vec<String> = reasons
        .iter()
        .map(|(reason, count)| match reason {
            Unfit::Cordoned => format!("{count} node(s) were unschedulable"),
            Unfit::Tainted => format!("{count} node(s) had untolerated taint(s)"),
            Unfit::Affinity => format!("{count} node(s) didn't match Pod's node affinity/selector"),
        })
        .collect();
    format!("0/{nodes} nodes are available: {}.", parts.join(", "))
}
