//! The JSON of the world's Kubernetes objects.

mod event;
mod node;
mod pod;
mod storage;
mod workload;

pub use event::{About, event};
pub use node::{CONDITIONS, csi_node, lease, node, post_status};
pub use pod::{Owner, container_statuses, log_of, pod};
pub use storage::{claim, local_volume};
pub use workload::{budget, daemon_set, deployment, namespace, replica_set, stateful_set};

use crate::clock::seconds;
use crate::field::uuid;
use crate::store::Kind;
use jiff::Timestamp;
use serde_json::{Value, json};

/// An object of a kind with the metadata every object has.
pub fn object(kind: Kind, namespace: &str, name: &str, created: Timestamp) -> Value {
    let mut metadata = json!({
        "name": name,
        "uid": uuid(&format!("{}/{namespace}/{name}", kind.name())),
        "creationTimestamp": seconds(created),
    });
    if kind.namespaced() {
        metadata["namespace"] = json!(namespace);
    }
    json!({"apiVersion": kind.api_version(), "kind": kind.name(), "metadata": metadata})
}
