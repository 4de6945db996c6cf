//! Nodes for people: lists, one node read live, and what its power button offers.

use super::{TheDesk, errors, needs, show};
use app::desk::views::{NodeState, NodeView, Offer};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::guard::{Switch, Warning, warnings};
use domain::id::{ClusterName, NodeName};
use domain::target::Target;
use domain::world::{MachineFacts, MachineState, NodeFacts, Reading, Ready};
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
        let known = site
            .cluster
            .nodes()
            .into_iter()
            .find(|node| &node.name == name);
        let known = known.ok_or_else(|| AppError::NotFound {
            what: format!("node {name} in cluster {cluster}"),
        })?;
        let target = Target::of(cluster, &known);
        let engine = &self.house.engine;
        let (fresh, machine) =
            tokio::join!(engine.read_node(&target), engine.read_machine(&target));
        let node = match &fresh {
            Reading::Seen(node) => node.clone(),
            Reading::Absent | Reading::Unreadable(_) => known,
        };
        let offer = match &fresh {
            Reading::Unreadable(why) => Offer::Nothing {
                text: format!("The cluster cannot be read: {why}"),
            },
            Reading::Seen(_) | Reading::Absent => self.offer(site, &node, &machine).await?,
        };
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
            pods: pods(site, name),
            recoveries,
        })
    }

    async fn offer(
        &self,
        site: &Site,
        node: &NodeFacts,
        machine: &Reading<MachineFacts>,
    ) -> Result<Offer, AppError> {
        let running = self.house.engine.running();
        let mine = running.iter().find(|one| {
            one.plan.target.cluster == *site.cluster.name() && one.plan.target.node == node.name
        });
        if let Some(recovery) = mine {
            return Ok(if recovery.takes_yes() {
                let mut warnings = recovery.plan.warnings.clone();
                warnings.retain(|one| !matches!(one, Warning::Storm { .. }));
                Offer::Approve {
                    recovery: recovery.id,
                    warnings,
                }
            } else {
                Offer::Watch {
                    recovery: recovery.id,
                }
            });
        }
        let engine = &self.house.engine;
        let scene = engine
            .scene(site, &node.name, Some(node))
            .await
            .map_err(errors::store)?;
        if scene.switch == Switch::Freeze {
            return Ok(Offer::Nothing {
                text: "The switch is on freeze: reads only. Lift it in Settings.".to_owned(),
            });
        }
        Ok(match machine {
            Reading::Seen(machine) => match machine.state {
                MachineState::Off | MachineState::Stopping => {
                    let warnings = warnings(node, &scene, self.house.engine.now());
                    if warnings.is_empty() { Offer::Start } else { Offer::Confirm { warnings } }
                }
                MachineState::Starting => Offer::Start,
                MachineState::On if node.ready == Ready::True => Offer::Nothing { text: "Ready, and its machine runs. Nothing to start.".to_owned() },
                MachineState::On => Offer::Nothing { text: "The machine runs but the node is not Ready: a start cannot help. Look at the kubelet.".to_owned() },
                MachineState::Error | MachineState::Other => Offer::Nothing { text: format!("The machine is {}: a start cannot help.", machine.detail) },
            },
            Reading::Absent => Offer::Nothing { text: "The cloud has no machine for this node.".to_owned() },
            Reading::Unreadable(why) => Offer::Nothing { text: format!("The cloud cannot be read: {why}") },
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
