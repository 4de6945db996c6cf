//! What a node's own labels say about who heals it, and how sure that is.

use crate::wire::node::Node;
use domain::world::{Claim, Healer};

/// Healers that mark their nodes.
pub fn claims(node: &Node) -> Vec<Claim> {
    let label = |key: &str| node.metadata.labels.get(key).map(String::as_str);
    let claim = |healer, evidence| Claim { healer, evidence };
    let mut found = Vec::new();
    // `provisioner-name` is what Karpenter wrote before 0.32.
    for key in ["karpenter.sh/nodepool", "karpenter.sh/provisioner-name"] {
        if let Some(pool) = label(key) {
            found.push(claim(
                Healer::Karpenter,
                format!("its label {key} is {pool}"),
            ));
            break;
        }
    }
    // Auto-repair is on in new node pools and always in Autopilot; it can be switched off in others, which no label tells.
    if let Some(pool) = label("cloud.google.com/gke-nodepool") {
        found.push(claim(
            Healer::Gke,
            format!(
                "its label cloud.google.com/gke-nodepool is {pool}, and GKE repairs such nodes unless auto-repair was switched off for the pool, which no label tells"
            ),
        ));
    }
    // Auto Mode repairs always. A managed node group replaces what its autoscaling group finds stopped, with or without
    // node repair.
    if label("eks.amazonaws.com/compute-type") == Some("auto") {
        found.push(claim(
            Healer::Eks,
            "its label eks.amazonaws.com/compute-type is auto, and EKS Auto Mode repairs its nodes"
                .to_owned(),
        ));
    } else if let Some(group) = label("eks.amazonaws.com/nodegroup") {
        found.push(claim(
            Healer::Eks,
            format!(
                "its label eks.amazonaws.com/nodegroup is {group}, and a managed node group replaces machines that stop"
            ),
        ));
    }
    // AKS repairs every node it made; that cannot be switched off.
    for key in [
        "kubernetes.azure.com/agentpool",
        "kubernetes.azure.com/cluster",
    ] {
        if let Some(value) = label(key) {
            found.push(claim(
                Healer::Aks,
                format!("its label {key} is {value}, and AKS repairs every node of its own"),
            ));
            break;
        }
    }
    found
}
