//! NodeHealthChecks of medik8s, which select nodes, and the remediations that are under way.

use super::Answer;
use super::objects::{Groups, HealthCheck, Remediation};
use crate::wire::node::Node;
use kube::Client;

/// Group, plural and kind of each remediation we know; others are seen in the status of their NodeHealthCheck.
const REMEDIATIONS: [(&str, &str, &str); 3] = [
    (
        "self-node-remediation.medik8s.io",
        "selfnoderemediations",
        "SelfNodeRemediation",
    ),
    (
        "fence-agents-remediation.medik8s.io",
        "fenceagentsremediations",
        "FenceAgentsRemediation",
    ),
    (
        "machine-deletion-remediation.medik8s.io",
        "machinedeletionremediations",
        "MachineDeletionRemediation",
    ),
];
/// Names the node where the remediation is not called after it.
const NODE_NAME: &str = "remediation.medik8s.io/node-name";

/// What has this node; without a node, whether it can be read.
pub async fn claims(client: &Client, groups: &Groups, node: Option<&Node>) -> Vec<Answer> {
    let mut found = vec![checks(client, groups, node).await];
    for (group, plural, kind) in REMEDIATIONS {
        if let Some(group) = groups.find(group) {
            let all = group.list::<Remediation>(client, plural, None).await;
            found.push(all.map(|all| under_way(&all, kind, node)));
        }
    }
    found
}

async fn checks(client: &Client, groups: &Groups, node: Option<&Node>) -> Answer {
    let Some(group) = groups.find("remediation.medik8s.io") else {
        return Ok(Vec::new());
    };
    let all: Vec<HealthCheck> = group.list(client, "nodehealthchecks", None).await?;
    let Some(node) = node else {
        return Ok(Vec::new());
    };
    Ok(all.iter().filter_map(|one| has(one, node)).collect())
}

/// A paused check begins nothing, but what it began goes on.
fn has(check: &HealthCheck, node: &Node) -> Option<String> {
    let name = &node.metadata.name;
    let status = &check.status;
    let begun = status.in_flight_remediations.contains_key(name)
        || status
            .unhealthy_nodes
            .iter()
            .any(|one| one.name == *name && !one.remediations.is_empty());
    let who = &check.metadata.name;
    if begun {
        return Some(format!(
            "the NodeHealthCheck {who} has a remediation of it under way"
        ));
    }
    let waits = check.spec.pause_requests.is_empty();
    (waits && check.spec.selector.fits(&node.metadata.labels))
        .then(|| format!("the NodeHealthCheck {who} selects it"))
}

fn under_way(all: &[Remediation], kind: &str, node: Option<&Node>) -> Vec<String> {
    let Some(node) = node else {
        return Vec::new();
    };
    let name = &node.metadata.name;
    all.iter()
        .filter(|one| {
            let named = one.metadata.annotations.get(NODE_NAME);
            named.unwrap_or(&one.metadata.name) == name
        })
        .map(|one| format!("the {kind} {} is under way", one.metadata.path()))
        .collect()
}
