//! Nodes for people: lists, one node read live, and what its power button offers.

use super::{TheDesk, errors, needs, show};
use app::desk::views::{NodeState, NodeView, Offer};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::facts::Facts;
use domain::id::{ClusterName, NodeName};
use domain::target::Target;
use domain::world::{MachineFacts, Reading};
use engine::Site;
use engine::ports::{Page, RecoveryFilter as Filter};
use std::time::Duration;

/// Time limit of a live read for a page.
const LIVE: Duration = Duration::from_secs(8);

impl TheDesk {
    pub(super) async fn read_nodes(
        &self,
        who: &Person,
        cluster: &ClusterName,
    ) -> Result<Vec<NodeView>, AppError> {
        needs(who, Role::Viewer)?;
        let site = self.site(cluster)?;
        let nodes = site.cluster.nodes();
        let site = &site;
        let reads = nodes.iter().map(|node| async move {
            let Some(cloud) = &site.cloud else {
                return None;
            };
            let target = Target::of(site.cluster.name(), node);
            match tokio::time::timeout(LIVE, cloud.machine(&target)).await {
                Ok(Reading::Seen(machine)) => Some(machine.state.word()),
                Ok(Reading::Absent | Reading::Unreadable(_)) | Err(_) => None,
            }
        });
        // A list of hundreds must not become hundreds of calls at once.
        let machines: Vec<Option<&str>> = if nodes.len() <= 50 {
            futures::future::join_all(reads).await
        } else {
            vec![None; nodes.len()]
        };
        Ok(nodes
            .iter()
            .zip(machines)
            .map(|(node, machine)| show::node(cluster, node, machine))
            .collect())
    }

    pub(super) async fn read_node(
        &self,
        who: &Person,
        cluster: &ClusterName,
        name: &NodeName,
    ) -> Result<NodeState, AppError> {
        needs(who, Role::Viewer)?;
        let site = self.site(cluster)?;
        let known = site.known(name).ok_or_else(|| AppError::NotFound {
            what: format!("node {name} in cluster {cluster}"),
        })?;
        let target = Target::of(cluster, &known);
        let engine = &self.house.engine;
        let engine::View {
            node: fresh,
            machine,
            healers,
        } = engine.view(&site, &target).await;
        let node = match &fresh {
            Reading::Seen(node) => node.clone(),
            Reading::Absent | Reading::Unreadable(_) => known,
        };
        let at_work = self.at_work(cluster, name);
        let offer = match &fresh {
            Reading::Unreadable(why) if at_work.is_none() => Offer::Check {
                text: format!("The cluster cannot be read: {}.", why.trim_end_matches('.')),
            },
            Reading::Unreadable(_) | Reading::Seen(_) | Reading::Absent => {
                self.offer(&site, &node, &machine, healers, at_work.as_ref())
                    .await?
            }
        };
        let facts = Facts::of_node(
            &node,
            &machine,
            offer.word(),
            offer.warnings(),
            at_work.as_ref(),
        );
        let filter = Filter {
            cluster: Some(cluster.clone()),
            node: Some(name.clone()),
            ..Filter::default()
        };
        let mut recoveries = Vec::new();
        for row in self
            .store()
            .recoveries(
                &filter,
                Page {
                    after: None,
                    limit: 5,
                },
            )
            .await
            .map_err(errors::store)?
        {
            recoveries.push(self.item(row).await?);
        }
        let word = match &machine {
            Reading::Seen(machine) => Some(machine.state.word()),
            Reading::Absent | Reading::Unreadable(_) => None,
        };
        Ok(NodeState {
            node: show::node(cluster, &node, word),
            machine_text: machine_text(&machine),
            checked_at: engine.now(),
            offer,
            facts: facts.to_string(),
            pods: pods(&site, name),
            recoveries,
        })
    }
}

fn machine_text(machine: &Reading<MachineFacts>) -> String {
    match machine {
        Reading::Seen(machine) => {
            let since = machine
                .since
                .map(|at| format!(" since {}", domain::moment::clock(at)))
                .unwrap_or_default();
            format!("{} ({}){since}", machine.state.word(), machine.detail)
        }
        Reading::Absent => "the cloud has no machine for this node".to_owned(),
        Reading::Unreadable(why) => format!("unknown: {why}"),
    }
}

fn pods(site: &Site, node: &NodeName) -> Vec<String> {
    let facts = site.cluster.facts();
    let here = facts.pods.iter().filter(|pod| {
        pod.node.as_ref() == Some(node) || pod.pinned.as_ref().is_some_and(|pin| &pin.node == node)
    });
    let (well, sick): (Vec<_>, Vec<_>) = here.partition(|pod| pod.ready);
    let mut lines: Vec<String> = sick
        .iter()
        .map(|pod| {
            let pin = pod
                .pinned
                .as_ref()
                .map(|pin| format!(", can run only here ({})", pin.why))
                .unwrap_or_default();
            format!(
                "{}: {}{pin}",
                pod.key(),
                pod.reason.as_deref().unwrap_or("not Ready")
            )
        })
        .collect();
    lines.push(format!("{} pods Ready", well.len()));
    lines
}
