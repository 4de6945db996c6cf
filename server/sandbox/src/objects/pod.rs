//! Pods as controllers make them from a template.

use super::object;
use crate::clock::seconds;
use crate::field::{hash, list, text, uuid};
use crate::store::Kind;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The controller a pod belongs to.
pub struct Owner<'a> {
    /// ReplicaSet, StatefulSet, DaemonSet or Job.
    pub kind: Kind,
    /// The controller itself; its template is used.
    pub object: &'a Value,
}

/// A pending pod of a controller; `serial` makes its UID unique.
pub fn pod(owner: &Owner<'_>, name: &str, serial: u64, now: Timestamp) -> Value {
    let namespace = text(owner.object, "/metadata/namespace");
    let template = &owner.object["spec"]["template"];
    let mut pod = object(Kind::Pod, namespace, name, now);
    pod["metadata"]["uid"] = json!(uuid(&format!(
        "pod/{namespace}/{name}/{serial}/{}",
        now.as_nanosecond()
    )));
    pod["metadata"]["labels"] = template["metadata"]["labels"].clone();
    if template["metadata"]["annotations"].is_object() {
        pod["metadata"]["annotations"] = template["metadata"]["annotations"].clone();
    }
    pod["metadata"]["ownerReferences"] = json!([{
        "apiVersion": owner.kind.api_version(), "kind": owner.kind.name(), "name": owner.object["metadata"]["name"],
        "uid": owner.object["metadata"]["uid"], "controller": true, "blockOwnerDeletion": true,
    }]);
    pod["spec"] = template["spec"].clone();
    if owner.kind == Kind::Job {
        // Both labels, as the Job controller writes them.
        for label in ["batch.kubernetes.io/job-name", "job-name"] {
            pod["metadata"]["labels"][label] = owner.object["metadata"]["name"].clone();
        }
    } else {
        pod["spec"]["restartPolicy"] = json!("Always");
    }
    if !pod["spec"]["tolerations"].is_array() {
        pod["spec"]["tolerations"] = json!([
            {"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300},
            {"key": "node.kubernetes.io/unreachable", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300},
        ]);
    }
    pod["status"] = json!({
        "phase": "Pending", "qosClass": "Burstable", "containerStatuses": container_statuses(&pod),
        "podIP": format!("10.{}.{}.{}", 192 + serial % 32, hash(name) % 250, 2 + serial % 250),
    });
    pod["metadata"]["creationTimestamp"] = json!(seconds(now));
    pod
}

/// What a pod's containers wrote: what they were told about a check, and how they fared.
pub fn log_of(pod: &Value) -> String {
    let mut text = String::new();
    for container in list(pod, "/spec/containers") {
        let name = text_of(container, "name");
        text.push_str(&format!("{name}: {} begins\n", text_of(container, "image")));
        for variable in list(container, "/env") {
            text.push_str(&format!(
                "{name}: {}={}\n",
                text_of(variable, "name"),
                text_of(variable, "value")
            ));
        }
    }
    for status in list(pod, "/status/containerStatuses") {
        let ended = &status["state"]["terminated"];
        if ended.is_object() {
            text.push_str(&format!(
                "{}: exit code {}\n",
                text_of(status, "name"),
                ended["exitCode"]
            ));
        }
    }
    text
}

fn text_of<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

/// The statuses of containers that have not begun to run.
pub fn container_statuses(pod: &Value) -> Vec<Value> {
    list(pod, "/spec/containers")
        .iter()
        .map(|container| {
            json!({
                "name": container["name"], "image": container["image"], "imageID": "", "ready": false, "started": false,
                "restartCount": 0, "lastState": {}, "state": {"waiting": {"reason": "ContainerCreating"}},
            })
        })
        .collect()
}
