//! The kinds of objects the world knows, and how each is called on the wire.

use super::Custom;

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `v1` Node.
    Node,
    /// `v1` Namespace.
    Namespace,
    /// `v1` Pod.
    Pod,
    /// `v1` Event.
    Event,
    /// `v1` PersistentVolume.
    PersistentVolume,
    /// `v1` PersistentVolumeClaim.
    PersistentVolumeClaim,
    /// `v1` ConfigMap.
    ConfigMap,
    /// `apps/v1` Deployment.
    Deployment,
    /// `apps/v1` StatefulSet.
    StatefulSet,
    /// `apps/v1` DaemonSet.
    DaemonSet,
    /// `apps/v1` ReplicaSet.
    ReplicaSet,
    /// `batch/v1` Job.
    Job,
    /// `policy/v1` PodDisruptionBudget.
    PodDisruptionBudget,
    /// `storage.k8s.io/v1` CSINode.
    CsiNode,
    /// `storage.k8s.io/v1` VolumeAttachment.
    VolumeAttachment,
    /// `coordination.k8s.io/v1` Lease.
    Lease,
    /// `apiextensions.k8s.io/v1` CustomResourceDefinition.
    Definition,
    /// What a definition adds.
    Custom(Custom),
}

/// Every kind.
pub const KINDS: [Kind; 26] = [
    Kind::Node,
    Kind::Namespace,
    Kind::Pod,
    Kind::Event,
    Kind::PersistentVolume,
    Kind::PersistentVolumeClaim,
    Kind::ConfigMap,
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::ReplicaSet,
    Kind::Job,
    Kind::PodDisruptionBudget,
    Kind::CsiNode,
    Kind::VolumeAttachment,
    Kind::Lease,
    Kind::Definition,
    Kind::Custom(Custom::Machine),
    Kind::Custom(Custom::MachineHealthCheck),
    Kind::Custom(Custom::OpenShiftMachine),
    Kind::Custom(Custom::OpenShiftMachineHealthCheck),
    Kind::Custom(Custom::NodeHealthCheck),
    Kind::Custom(Custom::SelfNodeRemediation),
    Kind::Custom(Custom::FenceAgentsRemediation),
    Kind::Custom(Custom::MachineDeletionRemediation),
    Kind::Custom(Custom::NodeClaim),
];

impl Kind {
    /// The kind behind a group and a plural, as they stand in a path.
    pub fn find(group: &str, plural: &str) -> Option<Kind> {
        KINDS
            .into_iter()
            .find(|kind| kind.group() == group && kind.plural() == plural)
    }

    /// The API group; empty for the core group. Every group is served in one version.
    pub fn group(self) -> &'static str {
        self.names().0
    }

    /// The version in which its group is served.
    pub fn version(self) -> &'static str {
        if let Kind::Custom(custom) = self {
            custom.version()
        } else {
            "v1"
        }
    }

    /// The plural of the path.
    pub fn plural(self) -> &'static str {
        self.names().1
    }

    /// The `kind` of the object.
    pub fn name(self) -> &'static str {
        self.names().2
    }

    /// `v1` or `group/v1`.
    pub fn api_version(self) -> String {
        match self.group() {
            "" => "v1".to_owned(),
            group => format!("{group}/{}", self.version()),
        }
    }

    /// `plural.group`, the way error messages name a kind.
    pub fn resource(self) -> String {
        match self.group() {
            "" => self.plural().to_owned(),
            group => format!("{}.{group}", self.plural()),
        }
    }

    /// Whether its objects live in namespaces.
    pub fn namespaced(self) -> bool {
        match self {
            Kind::Node
            | Kind::Namespace
            | Kind::PersistentVolume
            | Kind::CsiNode
            | Kind::Definition
            | Kind::VolumeAttachment => false,
            Kind::Custom(custom) => custom.namespaced(),
            Kind::Pod
            | Kind::Event
            | Kind::PersistentVolumeClaim
            | Kind::ConfigMap
            | Kind::Deployment
            | Kind::StatefulSet
            | Kind::DaemonSet
            | Kind::ReplicaSet
            | Kind::Job
            | Kind::PodDisruptionBudget
            | Kind::Lease => true,
        }
    }

    /// Whether `status` is written through its own subresource only.
    pub fn has_status(self) -> bool {
        match self {
            Kind::Event | Kind::ConfigMap | Kind::CsiNode | Kind::Lease => false,
            Kind::Node
            | Kind::Namespace
            | Kind::Pod
            | Kind::PersistentVolume
            | Kind::PersistentVolumeClaim
            | Kind::Deployment
            | Kind::StatefulSet
            | Kind::DaemonSet
            | Kind::ReplicaSet
            | Kind::Job
            | Kind::PodDisruptionBudget
            | Kind::Definition
            | Kind::Custom(_)
            | Kind::VolumeAttachment => true,
        }
    }

    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Kind::Node => ("", "nodes", "Node"),
            Kind::Namespace => ("", "namespaces", "Namespace"),
            Kind::Pod => ("", "pods", "Pod"),
            Kind::Event => ("", "events", "Event"),
            Kind::PersistentVolume => ("", "persistentvolumes", "PersistentVolume"),
            Kind::PersistentVolumeClaim => ("", "persistentvolumeclaims", "PersistentVolumeClaim"),
            Kind::ConfigMap => ("", "configmaps", "ConfigMap"),
            Kind::Deployment => ("apps", "deployments", "Deployment"),
            Kind::StatefulSet => ("apps", "statefulsets", "StatefulSet"),
            Kind::DaemonSet => ("apps", "daemonsets", "DaemonSet"),
            Kind::ReplicaSet => ("apps", "replicasets", "ReplicaSet"),
            Kind::Job => ("batch", "jobs", "Job"),
            Kind::PodDisruptionBudget => ("policy", "poddisruptionbudgets", "PodDisruptionBudget"),
            Kind::CsiNode => ("storage.k8s.io", "csinodes", "CSINode"),
            Kind::VolumeAttachment => ("storage.k8s.io", "volumeattachments", "VolumeAttachment"),
            Kind::Definition => (
                "apiextensions.k8s.io",
                "customresourcedefinitions",
                "CustomResourceDefinition",
            ),
            Kind::Custom(custom) => custom.names(),
            Kind::Lease => ("coordination.k8s.io", "leases", "Lease"),
        }
    }
}
