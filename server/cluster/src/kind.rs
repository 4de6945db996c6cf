//! The kinds we look at: where each is read, and which table it fills.

use crate::node::NodeRow;
use crate::pin::VolumeRow;
use crate::pod::PodRow;
use crate::tables::{Table, Tables};
use crate::wire::Meta;
use crate::wire::node::{CsiNode, Lease, Node};
use crate::wire::pod::Pod;
use crate::wire::rest::{
    DaemonSet, Deployment, PersistentVolume, PersistentVolumeClaim, StatefulSet,
};
use crate::{node, pin, pod, workload};
use domain::world::WorkloadFacts;
use jiff::Timestamp;
use serde::de::DeserializeOwned;

/// One kind of object.
pub trait Kind: DeserializeOwned + Clone + Send + Sync + 'static {
    /// What is kept of an object.
    type Row: Send + Sync + 'static;
    /// Path of the collection.
    const PATH: &'static str;
    /// Plural, as in sentences and in rights.
    const WHAT: &'static str;
    /// Its metadata.
    fn meta(&self) -> &Meta;
    /// Its key in the table: its name, with the namespace where names are not unique without it.
    fn key(&self) -> String;
    /// What is kept; `None` when the object cannot be used.
    fn row(&self) -> Option<Self::Row>;
    /// The table of this kind, to change it: lists made from it are told anew.
    fn table(tables: &mut Tables) -> &mut Table<Self::Row>;
}

macro_rules! kind {
    ($kind:ty, $row:ty, $key:expr, $path:literal, $what:literal, $table:ident, [$($list:ident),*], $convert:expr) => {
        impl Kind for $kind {
            type Row = $row;
            const PATH: &'static str = $path;
            const WHAT: &'static str = $what;
            fn meta(&self) -> &Meta {
                &self.metadata
            }
            fn key(&self) -> String {
                let key: fn(&Meta) -> String = $key;
                key(&self.metadata)
            }
            fn row(&self) -> Option<$row> {
                let convert: fn(&$kind) -> Option<$row> = $convert;
                convert(self)
            }
            fn table(tables: &mut Tables) -> &mut Table<$row> {
                $(tables.told.$list = None;)*
                &mut tables.$table
            }
        }
    };
}

kind!(
    Node,
    NodeRow,
    Meta::bare,
    "/api/v1/nodes",
    "nodes",
    nodes,
    [nodes, pods],
    node::row
);
kind!(
    Lease,
    Timestamp,
    Meta::bare,
    "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases",
    "leases in kube-node-lease",
    leases,
    [nodes],
    |lease| lease.spec.renew_time
);
kind!(
    Pod,
    PodRow,
    Meta::path,
    "/api/v1/pods",
    "pods",
    pods,
    [pods],
    pod::row
);
kind!(
    Deployment,
    WorkloadFacts,
    Meta::path,
    "/apis/apps/v1/deployments",
    "deployments",
    deployments,
    [workloads, pods],
    workload::deployment
);
kind!(
    StatefulSet,
    WorkloadFacts,
    Meta::path,
    "/apis/apps/v1/statefulsets",
    "statefulsets",
    stateful_sets,
    [workloads],
    workload::stateful_set
);
kind!(
    DaemonSet,
    WorkloadFacts,
    Meta::path,
    "/apis/apps/v1/daemonsets",
    "daemonsets",
    daemon_sets,
    [workloads],
    workload::daemon_set
);
kind!(
    PersistentVolume,
    VolumeRow,
    Meta::bare,
    "/api/v1/persistentvolumes",
    "persistentvolumes",
    volumes,
    [pods],
    pin::volume
);
kind!(
    PersistentVolumeClaim,
    String,
    Meta::path,
    "/api/v1/persistentvolumeclaims",
    "persistentvolumeclaims",
    claims,
    [pods],
    pin::bound
);
kind!(
    CsiNode,
    Vec<String>,
    Meta::bare,
    "/apis/storage.k8s.io/v1/csinodes",
    "csinodes",
    csi,
    [csi],
    node::drivers
);
