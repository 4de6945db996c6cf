//! MachineHealthChecks of Cluster API and of OpenShift: they select Machines, and a Machine says which node it is.

use super::Answer;
use super::objects::{Group, Groups, HealthCheck, Machine};
use crate::ask::Trouble;
use crate::wire::Meta;
use crate::wire::node::Node;
use kube::Client;

/// One family of Machines.
struct Family {
    group: &'static str,
    /// On the node: the name of its Machine, with the namespace before a slash or in `namespace`.
    machine: &'static str,
    namespace: &'static str,
    /// On a Machine or a check, whatever the value: leave it alone.
    skips: &'static [&'static str],
    /// An empty selector means nothing for Cluster API and everything for OpenShift.
    empty_fits: bool,
}

const FAMILIES: [Family; 2] = [
    Family {
        group: "cluster.x-k8s.io",
        machine: "cluster.x-k8s.io/machine",
        namespace: "cluster.x-k8s.io/cluster-namespace",
        skips: &[
            "cluster.x-k8s.io/skip-remediation",
            "cluster.x-k8s.io/paused",
        ],
        empty_fits: false,
    },
    Family {
        group: "machine.openshift.io",
        machine: "machine.openshift.io/machine",
        namespace: "",
        skips: &["cluster.x-k8s.io/paused"],
        empty_fits: true,
    },
];

/// The checks that have this node; without a node, whether checks and Machines can be read.
pub async fn claims(client: &Client, groups: &Groups, node: Option<&Node>) -> Vec<Answer> {
    let mut found = Vec::new();
    for family in &FAMILIES {
        let group = groups.find(family.group);
        found.push(match (group, node) {
            (Some(group), Some(node)) => family.of_node(client, group, node).await,
            (Some(group), None) => readable(client, group).await,
            // The annotation alone: Machines and their checks live in another cluster.
            (None, Some(node)) => Ok(family.elsewhere(node).into_iter().collect()),
            (None, None) => Ok(Vec::new()),
        });
    }
    found
}

async fn readable(client: &Client, group: &Group) -> Answer {
    let (machines, checks) = tokio::join!(
        group.list::<Machine>(client, "machines", None),
        group.list::<HealthCheck>(client, "machinehealthchecks", None)
    );
    machines?;
    checks?;
    Ok(Vec::new())
}

impl Family {
    async fn of_node(&self, client: &Client, group: &Group, node: &Node) -> Answer {
        let Some(machine) = self.machine(client, group, node).await? else {
            return Ok(self.elsewhere(node).into_iter().collect());
        };
        if self.skipped(&machine.metadata) {
            return Ok(Vec::new());
        }
        let place = Some(machine.metadata.namespace.as_str());
        let checks: Vec<HealthCheck> = group.list(client, "machinehealthchecks", place).await?;
        Ok(checks
            .iter()
            .filter(|one| !self.skipped(&one.metadata) && self.selects(one, &machine))
            .map(|one| {
                format!(
                    "the MachineHealthCheck {} selects its machine {}",
                    one.metadata.path(),
                    machine.metadata.path()
                )
            })
            .collect())
    }

    fn selects(&self, check: &HealthCheck, machine: &Machine) -> bool {
        let selector = &check.spec.selector;
        check.spec.cluster_name == machine.spec.cluster_name
            && (self.empty_fits || !selector.is_empty())
            && selector.fits(&machine.metadata.labels)
    }

    fn skipped(&self, meta: &Meta) -> bool {
        self.skips
            .iter()
            .any(|key| meta.annotations.contains_key(*key))
    }

    /// The Machine of a node: the one its annotation names, if that one knows of the node, else the one that names the node.
    async fn machine(
        &self,
        client: &Client,
        group: &Group,
        node: &Node,
    ) -> Result<Option<Machine>, (String, Trouble)> {
        if let Some((namespace, name)) = self.named(node) {
            let one: Option<Machine> = group.get(client, "machines", &namespace, &name).await?;
            return Ok(one);
        }
        let all: Vec<Machine> = group.list(client, "machines", None).await?;
        Ok(all
            .into_iter()
            .find(|one| one.status.node_ref.name == node.metadata.name))
    }

    /// Namespace and name of the Machine, as the node's annotations have them.
    fn named(&self, node: &Node) -> Option<(String, String)> {
        let notes = &node.metadata.annotations;
        let machine = notes.get(self.machine)?;
        match machine.split_once('/') {
            Some((namespace, name)) => Some((namespace.to_owned(), name.to_owned())),
            None => Some((notes.get(self.namespace)?.clone(), machine.clone())),
        }
    }

    fn elsewhere(&self, node: &Node) -> Option<String> {
        let machine = node.metadata.annotations.get(self.machine)?;
        Some(format!(
            "its annotation {} is {machine}, and whether a MachineHealthCheck selects that machine can be seen only in the cluster that manages this one",
            self.machine
        ))
    }
}
