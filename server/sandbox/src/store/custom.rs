//! Kinds that others bring along, each served only while its CustomResourceDefinition is there.

/// A kind that a CustomResourceDefinition may add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Custom {
    /// Cluster API's Machine.
    Machine,
    /// Cluster API's MachineHealthCheck.
    MachineHealthCheck,
    /// OpenShift's Machine.
    OpenShiftMachine,
    /// OpenShift's MachineHealthCheck.
    OpenShiftMachineHealthCheck,
    /// medik8s' NodeHealthCheck.
    NodeHealthCheck,
    /// medik8s' SelfNodeRemediation.
    SelfNodeRemediation,
    /// medik8s' FenceAgentsRemediation.
    FenceAgentsRemediation,
    /// medik8s' MachineDeletionRemediation.
    MachineDeletionRemediation,
    /// Karpenter's NodeClaim.
    NodeClaim,
}

impl Custom {
    /// Group, plural and kind.
    pub fn names(self) -> (&'static str, &'static str, &'static str) {
        const HEALTH: (&str, &str) = ("machinehealthchecks", "MachineHealthCheck");
        match self {
            Self::Machine => ("cluster.x-k8s.io", "machines", "Machine"),
            Self::MachineHealthCheck => ("cluster.x-k8s.io", HEALTH.0, HEALTH.1),
            Self::OpenShiftMachine => ("machine.openshift.io", "machines", "Machine"),
            Self::OpenShiftMachineHealthCheck => ("machine.openshift.io", HEALTH.0, HEALTH.1),
            Self::NodeHealthCheck => (
                "remediation.medik8s.io",
                "nodehealthchecks",
                "NodeHealthCheck",
            ),
            Self::SelfNodeRemediation => (
                "self-node-remediation.medik8s.io",
                "selfnoderemediations",
                "SelfNodeRemediation",
            ),
            Self::FenceAgentsRemediation => (
                "fence-agents-remediation.medik8s.io",
                "fenceagentsremediations",
                "FenceAgentsRemediation",
            ),
            Self::MachineDeletionRemediation => (
                "machine-deletion-remediation.medik8s.io",
                "machinedeletionremediations",
                "MachineDeletionRemediation",
            ),
            Self::NodeClaim => ("karpenter.sh", "nodeclaims", "NodeClaim"),
        }
    }

    /// The version in which it is served.
    pub fn version(self) -> &'static str {
        match self {
            Self::Machine | Self::MachineHealthCheck => "v1beta2",
            Self::OpenShiftMachine | Self::OpenShiftMachineHealthCheck => "v1beta1",
            Self::NodeHealthCheck
            | Self::SelfNodeRemediation
            | Self::FenceAgentsRemediation
            | Self::MachineDeletionRemediation => "v1alpha1",
            Self::NodeClaim => "v1",
        }
    }

    /// Whether its objects live in namespaces.
    pub fn namespaced(self) -> bool {
        !matches!(self, Self::NodeHealthCheck | Self::NodeClaim)
    }
}
