//! A Kubernetes Pod in our words.

use crate::pin;
use crate::wire::Meta;
use crate::wire::pod::{Pod, PodStatus};
use domain::id::NodeName;
use domain::world::{PodFacts, PodPhase, WorkloadKind};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// A pod with what is needed to find its Deployment and its pin once all tables are known.
pub struct PodRow {
    /// Everything; owner and pin are what the other tables said when it was last told of.
    pub facts: Arc<PodFacts>,
    /// Who made it, when that is a ReplicaSet whose name tells of a Deployment.
    pub maker: Option<Maker>,
    /// The only host or node name its spec allows.
    pub only: Option<String>,
    /// Claims it mounts, as `namespace/name`.
    pub claims: Vec<String>,
}

/// A ReplicaSet, and the Deployment it belongs to if there is that Deployment.
#[derive(Debug, PartialEq, Eq)]
pub struct Maker {
    pub deployment: String,
    pub replica_set: String,
}

/// Waiting reasons of a pod that is simply on its way.
const STARTING: [&str; 2] = ["ContainerCreating", "PodInitializing"];

/// Converts a pod; every pod is kept.
pub fn row(pod: &Pod) -> Option<PodRow> {
    let meta = &pod.metadata;
    let (owner, maker) = owner(meta);
    let daemon = owner
        .as_ref()
        .is_some_and(|(kind, _)| *kind == WorkloadKind::DaemonSet);
    let created = meta.creation_timestamp.unwrap_or(Timestamp::UNIX_EPOCH);
    let ready = pod.status.conditions.iter().find(|one| one.kind == "Ready");
    let facts = PodFacts {
        namespace: meta.namespace.clone(),
        name: meta.name.clone(),
        node: NodeName::parse(&pod.spec.node_name).ok(),
        owner,
        phase: phase(&pod.status.phase),
        ready: ready.is_some_and(|one| one.status == "True"),
        reason: reason(&pod.status),
        since: ready
            .and_then(|one| one.last_transition_time)
            .unwrap_or(created),
        deleting_since: deleting_since(meta),
        pinned: None,
        critical: (daemon && meta.namespace == "kube-system")
            || pod.spec.priority_class_name == "system-node-critical",
    };
    Some(PodRow {
        facts: Arc::new(facts),
        maker,
        only: pin::only(&pod.spec),
        claims: claims(pod),
    })
}

fn phase(text: &str) -> PodPhase {
    match text {
        "Pending" => PodPhase::Pending,
        "Running" => PodPhase::Running,
        "Succeeded" => PodPhase::Succeeded,
        "Failed" => PodPhase::Failed,
        _ => PodPhase::Unknown,
    }
}

/// The controller. A Deployment's ReplicaSet is called `deployment-hash` and puts the hash on its pods as a label.
fn owner(meta: &Meta) -> (Option<(WorkloadKind, String)>, Option<Maker>) {
    let Some(owner) = meta
        .owner_references
        .iter()
        .find(|one| one.controller == Some(true))
    else {
        return (None, None);
    };
    let kind = match owner.kind.as_str() {
        "StatefulSet" => WorkloadKind::StatefulSet,
        "DaemonSet" => WorkloadKind::DaemonSet,
        "Job" => WorkloadKind::Job,
        "ReplicaSet" => {
            let hash = meta.labels.get("pod-template-hash");
            let deployment =
                hash.and_then(|hash| owner.name.strip_suffix(hash.as_str())?.strip_suffix('-'));
            if let Some(deployment) = deployment {
                let maker = Maker {
                    deployment: deployment.to_owned(),
                    replica_set: owner.name.clone(),
                };
                return (
                    Some((WorkloadKind::Deployment, deployment.to_owned())),
                    Some(maker),
                );
            }
            WorkloadKind::Other
        }
        _ => WorkloadKind::Other,
    };
    (Some((kind, owner.name.clone())), None)
}

/// The worst word there is: a failing container, then the scheduler, then the pod's status, then "still starting".
pub fn reason(status: &PodStatus) -> Option<String> {
    let containers = status
        .init_container_statuses
        .iter()
        .chain(&status.container_statuses);
    let waiting: Vec<&str> = containers
        .filter_map(|one| one.state.waiting.as_ref())
        .map(|one| one.reason.as_str())
        .filter(|one| !one.is_empty())
        .collect();
    let failing = waiting.iter().find(|one| !STARTING.contains(one)).copied();
    let unplaced = status
        .conditions
        .iter()
        .find(|one| one.kind == "PodScheduled" && one.status == "False")
        .map(|one| one.reason.as_str());
    let own = Some(status.reason.as_str());
    [failing, unplaced, own, waiting.first().copied()]
        .into_iter()
        .flatten()
        .find(|one| !one.is_empty())
        .map(str::to_owned)
}

/// The timestamp in the object is when the grace period ends, not when it began.
fn deleting_since(meta: &Meta) -> Option<Timestamp> {
    let grace = SignedDuration::from_secs(meta.deletion_grace_period_seconds.unwrap_or(0));
    meta.deletion_timestamp
        .map(|end| end.checked_sub(grace).unwrap_or(end))
}

fn claims(pod: &Pod) -> Vec<String> {
    let (namespace, name) = (&pod.metadata.namespace, &pod.metadata.name);
    let claim = |volume: &crate::wire::pod::Volume| match (
        &volume.persistent_volume_claim,
        &volume.ephemeral,
    ) {
        (Some(source), _) => Some(format!("{namespace}/{}", source.claim_name)),
        (None, Some(_)) => Some(format!("{namespace}/{name}-{}", volume.name)),
        (None, None) => None,
    };
    pod.spec.volumes.iter().filter_map(claim).collect()
}

#[cfg(test)]
mod tests;
