//! Every object of the world is what Kubernetes' own types say it is.

use crate::rig::Rig;
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{
    Event, Namespace, Node, PersistentVolume, PersistentVolumeClaim, Pod,
};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::storage::v1::{CSINode, VolumeAttachment};
use k8s_openapi::{
    List, ListableResource, Metadata, apimachinery::pkg::apis::meta::v1::ObjectMeta,
};
use serde::{Serialize, de::DeserializeOwned};

/// Reads a list into its types and back: nothing may get lost on the way.
async fn survives<K>(rig: &Rig, path: &str)
where
    K: ListableResource + DeserializeOwned + Serialize + Metadata<Ty = ObjectMeta>,
{
    let wire = rig.get(path).await;
    let typed: List<K> =
        serde_json::from_value(wire.clone()).unwrap_or_else(|error| panic!("{path}: {error}"));
    for (item, sent) in typed
        .items
        .iter()
        .zip(wire["items"].as_array().into_iter().flatten())
    {
        assert!(item.metadata().uid.is_some(), "{path}");
        assert_eq!(&serde_json::to_value(item).expect("JSON"), sent, "{path}");
    }
}

#[tokio::test]
async fn lists_survive_the_way_through_the_types_of_kubernetes() {
    let rig = Rig::start(1.0).await;
    survives::<Node>(&rig, "/api/v1/nodes").await;
    survives::<Pod>(&rig, "/api/v1/pods").await;
    survives::<Namespace>(&rig, "/api/v1/namespaces").await;
    survives::<PersistentVolume>(&rig, "/api/v1/persistentvolumes").await;
    survives::<PersistentVolumeClaim>(&rig, "/api/v1/persistentvolumeclaims").await;
    survives::<Deployment>(&rig, "/apis/apps/v1/deployments").await;
    survives::<StatefulSet>(&rig, "/apis/apps/v1/statefulsets").await;
    survives::<DaemonSet>(&rig, "/apis/apps/v1/daemonsets").await;
    survives::<ReplicaSet>(&rig, "/apis/apps/v1/replicasets").await;
    survives::<PodDisruptionBudget>(&rig, "/apis/policy/v1/poddisruptionbudgets").await;
    survives::<CSINode>(&rig, "/apis/storage.k8s.io/v1/csinodes").await;
    survives::<VolumeAttachment>(&rig, "/apis/storage.k8s.io/v1/volumeattachments").await;
    survives::<Lease>(&rig, "/apis/coordination.k8s.io/v1/leases").await;
    survives::<Event>(&rig, "/api/v1/events").await;
}
