//! What an object is born with.

use crate::objects::container_statuses;
use crate::store::Kind;
use serde_json::{Value, json};

/// The status an object is born with; what the caller sent is ignored, as on a real server (but for nodes).
pub fn first_status(kind: Kind, object: &Value) -> Value {
    match kind {
        Kind::Pod => {
            json!({"phase": "Pending", "qosClass": "BestEffort", "containerStatuses": container_statuses(object)})
        }
        Kind::Namespace => json!({"phase": "Active"}),
        Kind::Node => object["status"].clone(),
        Kind::PersistentVolume
        | Kind::PersistentVolumeClaim
        | Kind::Event
        | Kind::ConfigMap
        | Kind::Deployment
        | Kind::StatefulSet
        | Kind::DaemonSet
        | Kind::ReplicaSet
        | Kind::Job
        | Kind::PodDisruptionBudget
        | Kind::CsiNode
        | Kind::VolumeAttachment
        | Kind::Definition
        | Kind::Custom(_)
        | Kind::Lease => json!({}),
    }
}

/// Fills in what the caller left out.
pub fn default(kind: Kind, object: &mut Value) {
    match kind {
        Kind::Pod if object["spec"].is_object() => {
            if object["spec"]["terminationGracePeriodSeconds"].is_null() {
                object["spec"]["terminationGracePeriodSeconds"] = json!(30);
            }
            if object["spec"]["restartPolicy"].is_null() {
                object["spec"]["restartPolicy"] = json!("Always");
            }
        }
        Kind::Deployment
        | Kind::StatefulSet
        | Kind::ReplicaSet
        | Kind::Job
        | Kind::DaemonSet
        | Kind::PodDisruptionBudget => {
            object["metadata"]["generation"] = json!(1);
        }
        Kind::Node
        | Kind::Namespace
        | Kind::Pod
        | Kind::Event
        | Kind::PersistentVolume
        | Kind::PersistentVolumeClaim
        | Kind::ConfigMap
        | Kind::CsiNode
        | Kind::VolumeAttachment
        | Kind::Definition
        | Kind::Custom(_)
        | Kind::Lease => {}
    }
}
