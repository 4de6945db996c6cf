//! Namespaces, controllers and budgets.

use super::{object, storage};
use crate::field::hash;
use crate::store::Kind;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A namespace.
pub fn namespace(name: &str, created: Timestamp) -> Value {
    let mut namespace = object(Kind::Namespace, "", name, created);
    namespace["metadata"]["labels"] = json!({"kubernetes.io/metadata.name": name});
    namespace["spec"] = json!({"finalizers": ["kubernetes"]});
    namespace["status"] = json!({"phase": "Active"});
    namespace
}

/// A Deployment of so many replicas of one image.
pub fn deployment(key: (&str, &str), replicas: u32, image: &str, created: Timestamp) -> Value {
    let mut deployment = object(Kind::Deployment, key.0, key.1, created);
    deployment["metadata"]["generation"] = json!(1);
    deployment["metadata"]["labels"] = json!({"app": key.1});
    deployment["metadata"]["annotations"] = json!({"deployment.kubernetes.io/revision": "1"});
    deployment["spec"] = json!({
        "replicas": replicas, "selector": {"matchLabels": {"app": key.1}}, "template": template(key.1, image),
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}},
        "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600,
    });
    deployment
}

/// The ReplicaSet a Deployment stands on.
pub fn replica_set(deployment: &Value, created: Timestamp) -> Value {
    let namespace = deployment["metadata"]["namespace"]
        .as_str()
        .unwrap_or("default");
    let name = deployment["metadata"]["name"].as_str().unwrap_or("");
    let mark = format!("{:09x}", hash(name) & 0xf_ffff_ffff);
    let mut set = object(
        Kind::ReplicaSet,
        namespace,
        &format!("{name}-{mark}"),
        created,
    );
    set["metadata"]["generation"] = json!(1);
    set["metadata"]["ownerReferences"] = json!([{
        "apiVersion": "apps/v1", "kind": "Deployment", "name": name, "uid": deployment["metadata"]["uid"],
        "controller": true, "blockOwnerDeletion": true,
    }]);
    let mut template = deployment["spec"]["template"].clone();
    template["metadata"]["labels"]["pod-template-hash"] = json!(mark);
    set["metadata"]["labels"] = template["metadata"]["labels"].clone();
    set["spec"] = json!({
        "replicas": deployment["spec"]["replicas"], "template": template,
        "selector": {"matchLabels": {"app": name, "pod-template-hash": mark}},
    });
    set
}

/// A StatefulSet of one replica that may run on one node only and keeps its data there.
pub fn stateful_set(key: (&str, &str), node: &str, image: &str, created: Timestamp) -> Value {
    let mut set = object(Kind::StatefulSet, key.0, key.1, created);
    set["metadata"]["generation"] = json!(1);
    set["metadata"]["labels"] = json!({"app": key.1});
    let mut template = template(key.1, image);
    template["spec"]["affinity"] = json!({"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": storage::on_node(node)}});
    template["spec"]["volumes"] = json!([{"name": "data", "persistentVolumeClaim": {"claimName": format!("data-{}-0", key.1)}}]);
    template["spec"]["containers"][0]["volumeMounts"] =
        json!([{"name": "data", "mountPath": "/var/lib/mysql"}]);
    set["spec"] = json!({
        "replicas": 1, "serviceName": key.1, "selector": {"matchLabels": {"app": key.1}}, "template": template,
        "podManagementPolicy": "OrderedReady", "updateStrategy": {"type": "RollingUpdate"},
    });
    set
}

/// A DaemonSet that stays on every node, whatever its taints.
pub fn daemon_set(name: &str, image: &str, created: Timestamp) -> Value {
    let mut set = object(Kind::DaemonSet, "kube-system", name, created);
    set["metadata"]["generation"] = json!(1);
    set["metadata"]["labels"] = json!({"app": name});
    let mut template = template(name, image);
    template["spec"]["tolerations"] = json!([{"operator": "Exists"}]);
    template["spec"]["hostNetwork"] = json!(true);
    template["spec"]["priorityClassName"] = json!("system-node-critical");
    set["spec"] = json!({
        "selector": {"matchLabels": {"app": name}}, "template": template,
        "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}},
    });
    set
}

/// A budget that keeps so many pods of an app available.
pub fn budget(key: (&str, &str), min_available: u32, created: Timestamp) -> Value {
    let mut budget = object(Kind::PodDisruptionBudget, key.0, key.1, created);
    budget["metadata"]["generation"] = json!(1);
    budget["spec"] =
        json!({"minAvailable": min_available, "selector": {"matchLabels": {"app": key.1}}});
    budget
}

fn template(name: &str, image: &str) -> Value {
    json!({
        "metadata": {"labels": {"app": name}},
        "spec": {
            "containers": [{
                "name": name, "image": image, "imagePullPolicy": "IfNotPresent",
                "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}},
            }],
            "serviceAccountName": "default", "terminationGracePeriodSeconds": 30, "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler",
        },
    })
}
