//! The local volume of `mysql` and the claim on it.

use super::object;
use crate::store::Kind;
use jiff::Timestamp;
use serde_json::{Value, json};

/// A volume on a disk of one node, bound to a claim.
pub fn local_volume(name: &str, node: &str, claim: (&str, &str), created: Timestamp) -> Value {
    let mut volume = object(Kind::PersistentVolume, "", name, created);
    volume["spec"] = json!({
        "capacity": {"storage": "50Gi"}, "accessModes": ["ReadWriteOnce"], "persistentVolumeReclaimPolicy": "Retain",
        "storageClassName": "local-disks", "volumeMode": "Filesystem", "local": {"path": "/mnt/disks/mysql"},
        "claimRef": {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": claim.0, "name": claim.1},
        "nodeAffinity": {"required": on_node(node)},
    });
    volume["status"] = json!({"phase": "Bound"});
    volume
}

/// A claim bound to a volume.
pub fn claim(namespace: &str, name: &str, volume: &str, created: Timestamp) -> Value {
    let mut claim = object(Kind::PersistentVolumeClaim, namespace, name, created);
    claim["spec"] = json!({
        "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "50Gi"}},
        "storageClassName": "local-disks", "volumeMode": "Filesystem", "volumeName": volume,
    });
    claim["status"] = json!({"phase": "Bound", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "50Gi"}});
    claim
}

/// A node selector that one node alone fulfils.
pub fn on_node(node: &str) -> Value {
    json!({"nodeSelectorTerms": [{"matchExpressions": [
        {"key": "kubernetes.io/hostname", "operator": "In", "values": [node]},
    ]}]})
}
