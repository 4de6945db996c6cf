//! What we may ask of a Kubernetes API: the one list that the manifest, the table in the README and the doctor are held to.

/// How much depends on a right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Without it nothing works.
    Must,
    /// Without it something is left out; what, in words.
    May(&'static str),
}

/// Verbs on one resource, and why we need them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Right {
    /// API group; the core group is empty.
    pub group: &'static str,
    /// Plural.
    pub resource: &'static str,
    /// The only namespace it is needed in; `None`: everywhere.
    pub namespace: Option<&'static str>,
    /// Verbs.
    pub verbs: &'static [&'static str],
    /// Why, for people.
    pub why: &'static str,
    /// Whether we can do without.
    pub need: Need,
}

/// List, then watch from there: how every kind of the view is read.
const FOLLOW: &[&str] = &["list", "watch"];

/// Everything we ever ask of an API server, beside its version and what we may do.
pub const RIGHTS: &[Right] = &[
    must(
        "",
        "nodes",
        &["get", "list", "watch", "patch"],
        "find the node of an alarm and decide on it; patch: cordon, uncordon and mark whose cordon it is",
    ),
    must(
        "",
        "pods",
        FOLLOW,
        "health, and what must run again after a recovery",
    ),
    must(
        "",
        "persistentvolumes",
        FOLLOW,
        "pods that can run only on one node",
    ),
    must(
        "",
        "persistentvolumeclaims",
        FOLLOW,
        "pods that can run only on one node",
    ),
    must(
        "apps",
        "deployments",
        FOLLOW,
        "how many pods there should be",
    ),
    must(
        "apps",
        "statefulsets",
        FOLLOW,
        "how many pods there should be",
    ),
    must(
        "apps",
        "daemonsets",
        FOLLOW,
        "what must run on the node before it is uncordoned",
    ),
    must(
        "storage.k8s.io",
        "csinodes",
        FOLLOW,
        "storage drivers that are back on the node",
    ),
    Right {
        group: "coordination.k8s.io",
        resource: "leases",
        namespace: Some("kube-node-lease"),
        verbs: &["get", "list", "watch"],
        why: "the kubelet's heartbeat: the second signal that a node is down or alive",
        need: Need::Must,
    },
    Right {
        group: "",
        resource: "events",
        namespace: Some("default"),
        verbs: &["list"],
        why: "what a node said before its machine was started, for the record",
        need: Need::May("records of a failed node have no events"),
    },
];

/// List them all, read one: how the objects of healers are read.
const LOOK: &[&str] = &["get", "list"];

/// Rights that are only needed where they are used: `rbac-optional.yaml`.
pub const OPTIONAL: &[Right] = &[
    healer("cluster.x-k8s.io", "machines"),
    healer("cluster.x-k8s.io", "machinehealthchecks"),
    healer("machine.openshift.io", "machines"),
    healer("machine.openshift.io", "machinehealthchecks"),
    healer("remediation.medik8s.io", "nodehealthchecks"),
    healer("self-node-remediation.medik8s.io", "selfnoderemediations"),
    healer(
        "fence-agents-remediation.medik8s.io",
        "fenceagentsremediations",
    ),
    healer(
        "machine-deletion-remediation.medik8s.io",
        "machinedeletionremediations",
    ),
    healer("karpenter.sh", "nodeclaims"),
    JOBS,
    Right {
        group: "",
        resource: "pods/log",
        namespace: Some("uncordon"),
        verbs: &["get"],
        why: "what the pod of a Job wrote",
        need: Need::May("a step says that the output of its Job cannot be read"),
    },
];

/// What a check of kind `job` cannot do without, in the namespace of its template, which need not be ours.
pub(crate) const JOBS: Right = Right {
    group: "batch",
    resource: "jobs",
    namespace: Some("uncordon"),
    verbs: &["get", "create"],
    why: "checks of kind `job`",
    need: Need::Must,
};

const fn healer(group: &'static str, resource: &'static str) -> Right {
    Right {
        group,
        resource,
        namespace: None,
        verbs: LOOK,
        why: "who else heals a node",
        need: Need::May("rules ask a person instead of starting"),
    }
}

const fn must(
    group: &'static str,
    resource: &'static str,
    verbs: &'static [&'static str],
    why: &'static str,
) -> Right {
    Right {
        group,
        resource,
        namespace: None,
        verbs,
        why,
        need: Need::Must,
    }
}

impl Right {
    /// `leases.coordination.k8s.io in kube-node-lease`.
    pub fn text(&self) -> String {
        let name = match self.group {
            "" => self.resource.to_owned(),
            group => format!("{}.{group}", self.resource),
        };
        match self.namespace {
            Some(namespace) => format!("{name} in {namespace}"),
            None => name,
        }
    }
}
