//! Controllers in our words: how many pods each wants and how many of them are Ready.

use crate::wire::Meta;
use crate::wire::rest::{DaemonSet, Deployment, StatefulSet};
use domain::world::{WorkloadFacts, WorkloadKind};

/// A Deployment; without a number it wants one pod.
pub fn deployment(one: &Deployment) -> Option<WorkloadFacts> {
    facts(
        WorkloadKind::Deployment,
        &one.metadata,
        one.spec.replicas.unwrap_or(1),
        one.status.ready_replicas,
    )
}

/// A StatefulSet; without a number it wants one pod.
pub fn stateful_set(one: &StatefulSet) -> Option<WorkloadFacts> {
    facts(
        WorkloadKind::StatefulSet,
        &one.metadata,
        one.spec.replicas.unwrap_or(1),
        one.status.ready_replicas,
    )
}

/// A DaemonSet wants as many pods as nodes match.
pub fn daemon_set(one: &DaemonSet) -> Option<WorkloadFacts> {
    facts(
        WorkloadKind::DaemonSet,
        &one.metadata,
        one.status.desired_number_scheduled,
        one.status.number_ready,
    )
}

fn facts(kind: WorkloadKind, meta: &Meta, desired: u32, ready: u32) -> Option<WorkloadFacts> {
    Some(WorkloadFacts {
        kind,
        namespace: meta.namespace.clone(),
        name: meta.name.clone(),
        desired,
        ready,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]
mod tests {
    use super::{daemon_set, deployment};
    use serde_json::{from_value, json};

    #[test]
    fn a_deployment_without_a_number_wants_one_pod_and_may_have_none() {
        let one = from_value(
            json!({"metadata": {"name": "web", "namespace": "shop"}, "spec": {}, "status": {}}),
        )
        .unwrap();
        let facts = deployment(&one).unwrap();
        assert_eq!(
            (facts.key().as_str(), facts.desired, facts.ready),
            ("Deployment shop/web", 1, 0)
        );
    }

    #[test]
    fn a_daemon_set_counts_nodes() {
        let one = json!({"metadata": {"name": "cni", "namespace": "kube-system"},
            "status": {"desiredNumberScheduled": 12, "numberReady": 11}});
        let facts = daemon_set(&from_value(one).unwrap()).unwrap();
        assert_eq!((facts.desired, facts.ready), (12, 11));
    }
}
