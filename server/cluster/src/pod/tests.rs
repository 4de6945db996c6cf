//! Pods as a real API server writes them.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use super::{PodRow, row};
use domain::world::{PodPhase, WorkloadKind};
use serde_json::{Value, from_value, json};

fn pod(change: impl FnOnce(&mut Value)) -> PodRow {
    let mut pod = json!({
        "metadata": {
            "name": "web-7d4b9c-x2x4z", "namespace": "shop", "creationTimestamp": "2026-01-02T03:04:05Z",
            "labels": {"app": "web", "pod-template-hash": "7d4b9c"},
            "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-7d4b9c", "uid": "r", "controller": true}],
        },
        "spec": {"nodeName": "node-12", "containers": [{"name": "web", "image": "web"}]},
        "status": {
            "phase": "Running",
            "conditions": [
                {"type": "PodScheduled", "status": "True"},
                {"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-02T03:05:00Z"},
            ],
            "containerStatuses": [{"name": "web", "ready": true, "state": {"running": {"startedAt": "2026-01-02T03:04:30Z"}}}],
        },
    });
    change(&mut pod);
    row(&from_value(pod).unwrap()).unwrap()
}

#[test]
fn a_healthy_pod_of_a_deployment_is_read() {
    let row = pod(|_| {});
    assert_eq!(row.facts.key(), "shop/web-7d4b9c-x2x4z");
    assert_eq!(row.facts.node.as_ref().unwrap().as_str(), "node-12");
    assert_eq!(
        row.facts.owner,
        Some((WorkloadKind::Deployment, "web".to_owned()))
    );
    let maker = row.maker.as_ref().unwrap();
    assert_eq!(
        (maker.deployment.as_str(), maker.replica_set.as_str()),
        ("web", "web-7d4b9c")
    );
    assert_eq!(
        (row.facts.phase, row.facts.ready, &row.facts.reason),
        (PodPhase::Running, true, &None)
    );
    assert_eq!(row.facts.since.to_string(), "2026-01-02T03:05:00Z");
    assert!(!row.facts.critical);
}

#[test]
fn a_replica_set_without_the_hash_label_is_its_own_owner() {
    let row = pod(|pod| pod["metadata"]["labels"] = json!({"app": "web"}));
    assert_eq!(
        row.facts.owner,
        Some((WorkloadKind::Other, "web-7d4b9c".to_owned()))
    );
    assert_eq!(row.maker, None);
}

#[test]
fn the_worst_word_is_the_reason() {
    let waiting = |reason: &str| json!([{"name": "a", "state": {"waiting": {"reason": reason}}}]);
    let reason = |change: &dyn Fn(&mut Value)| pod(change).facts.reason.clone();
    assert_eq!(
        reason(&|pod| pod["status"]["containerStatuses"] = waiting("CrashLoopBackOff")).unwrap(),
        "CrashLoopBackOff"
    );
    assert_eq!(
        reason(&|pod| pod["status"]["initContainerStatuses"] = waiting("ImagePullBackOff"))
            .unwrap(),
        "ImagePullBackOff"
    );
    assert_eq!(
        reason(&|pod| pod["status"]["containerStatuses"] = waiting("ContainerCreating")).unwrap(),
        "ContainerCreating"
    );
    let both = |pod: &mut Value| {
        pod["status"]["containerStatuses"] = waiting("ContainerCreating");
        pod["status"]["reason"] = json!("NodeLost");
    };
    assert_eq!(reason(&both).unwrap(), "NodeLost");
    let unplaced = |pod: &mut Value| {
        pod["spec"]["nodeName"] = Value::Null;
        pod["status"] = json!({"phase": "Pending",
            "conditions": [{"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/12 nodes"}]});
    };
    let row = pod(unplaced);
    assert_eq!(row.facts.reason.as_deref(), Some("Unschedulable"));
    assert_eq!((row.facts.node.clone(), row.facts.ready), (None, false));
    assert_eq!(
        row.facts.since.to_string(),
        "2026-01-02T03:04:05Z",
        "never Ready: since it was made"
    );
}

#[test]
fn deletion_began_before_its_grace_period() {
    let row = pod(|pod| {
        pod["metadata"]["deletionTimestamp"] = json!("2026-01-02T03:10:30Z");
        pod["metadata"]["deletionGracePeriodSeconds"] = json!(30);
    });
    assert_eq!(
        row.facts.deleting_since.unwrap().to_string(),
        "2026-01-02T03:10:00Z"
    );
}

#[test]
fn daemon_pods_of_the_system_and_node_critical_pods_are_critical() {
    let daemon = |namespace: &str| {
        pod(|pod| {
            pod["metadata"]["namespace"] = json!(namespace);
            pod["metadata"]["ownerReferences"] =
                json!([{"kind": "DaemonSet", "name": "cni", "controller": true}]);
        })
    };
    assert!(daemon("kube-system").facts.critical);
    assert_eq!(
        daemon("kube-system").facts.owner,
        Some((WorkloadKind::DaemonSet, "cni".to_owned()))
    );
    assert!(!daemon("shop").facts.critical);
    assert!(
        pod(|pod| pod["spec"]["priorityClassName"] = json!("system-node-critical"))
            .facts
            .critical
    );
    assert!(
        !pod(|pod| pod["spec"]["priorityClassName"] = json!("system-cluster-critical"))
            .facts
            .critical
    );
}

#[test]
fn claims_are_named_with_their_namespace_also_those_of_ephemeral_volumes() {
    let row = pod(|pod| {
        pod["spec"]["volumes"] = json!([
            {"name": "data", "persistentVolumeClaim": {"claimName": "data-web-0"}},
            {"name": "tmp", "emptyDir": {}},
            {"name": "scratch", "ephemeral": {"volumeClaimTemplate": {"spec": {}}}},
        ]);
    });
    assert_eq!(
        row.claims,
        ["shop/data-web-0", "shop/web-7d4b9c-x2x4z-scratch"]
    );
}
