//! What the power button of a node offers: start, wait, check, or no and why.

use super::{TheDesk, errors};
use app::desk::views::Offer;
use app::error::AppError;
use domain::guard::{Switch, Warning, warnings};
use domain::id::{ClusterName, NodeName};
use domain::recovery::Recovery;
use domain::world::{Healers, MachineFacts, MachineState, NodeFacts, Reading, Ready, Reserve};
use engine::Site;

impl TheDesk {
    /// The recovery that holds a node.
    pub(super) fn at_work(&self, cluster: &ClusterName, node: &NodeName) -> Option<Recovery> {
        self.house
            .engine
            .running()
            .into_iter()
            .find(|one| one.plan.target.cluster == *cluster && one.plan.target.node == *node)
    }

    pub(super) async fn offer(
        &self,
        site: &Site,
        node: &NodeFacts,
        machine: &Reading<MachineFacts>,
        healers: Healers,
        at_work: Option<&Recovery>,
    ) -> Result<Offer, AppError> {
        let engine = &self.house.engine;
        let switch = engine.switch(site.cluster.name());
        if let Some(recovery) = at_work {
            return Ok(if recovery.takes_yes() && switch != Switch::Freeze {
                let mut warnings = recovery.plan.warnings.clone();
                warnings.retain(|one| !matches!(one, Warning::Storm { .. }));
                if switch == Switch::Pause && !warnings.contains(&Warning::Paused) {
                    warnings.push(Warning::Paused);
                }
                Offer::Approve {
                    recovery: recovery.id,
                    warnings,
                }
            } else {
                Offer::Watch {
                    recovery: recovery.id,
                    text: self.asked_by(recovery.id).await?,
                }
            });
        }
        if switch == Switch::Freeze {
            return Ok(self.frozen(site).await);
        }
        let mut scene = engine
            .scene(site, &node.name, Some(node))
            .await
            .map_err(errors::store)?;
        scene.healers = healers;
        let found = warnings(node, &scene, engine.now());
        let owned = scene.healers.owned(&scene.cluster);
        Ok(by_machine(node, machine, owned, found))
    }

    /// Whoever threw the switch can best say when it may be lifted.
    async fn frozen(&self, site: &Site) -> Offer {
        let rows = self.store().switches().await.unwrap_or_default();
        let by = rows.into_iter().find(|row| {
            let here = row
                .cluster
                .as_ref()
                .is_none_or(|one| one == site.cluster.name());
            here && row.mode == Switch::Freeze
        });
        let text = by.map_or_else(
            || "The switch is on freeze: reads only.".to_owned(),
            |row| {
                let why = row.reason.map(|why| format!(": {why}")).unwrap_or_default();
                format!(
                    "The switch is on freeze: reads only. {} threw it{why}.",
                    row.set_by
                )
            },
        );
        Offer::Blocked {
            text,
            way_out: "Anybody with the role responder lifts it in Settings, with a reason."
                .to_owned(),
        }
    }
}

fn by_machine(
    node: &NodeFacts,
    machine: &Reading<MachineFacts>,
    owned: Option<Reserve>,
    warnings: Vec<Warning>,
) -> Offer {
    let blocked = |text: String, way_out: &str| Offer::Blocked {
        text,
        way_out: way_out.to_owned(),
    };
    let machine = match machine {
        Reading::Seen(machine) => machine,
        Reading::Absent => {
            return blocked(
                "The cloud has no machine for this node.".to_owned(),
                "Whoever runs the cloud account can say whether it was deleted; a start cannot bring it back.",
            );
        }
        Reading::Unreadable(why) => {
            return Offer::Check {
                text: format!("The cloud cannot be read: {}.", why.trim_end_matches('.')),
            };
        }
    };
    match (machine.state, owned) {
        (MachineState::Off | MachineState::Stopping | MachineState::Starting, Some(owned)) => {
            blocked(owned.why, &owned.way_out)
        }
        (MachineState::Off | MachineState::Stopping | MachineState::Starting, None)
            if !warnings.is_empty() =>
        {
            Offer::Confirm { warnings }
        }
        (MachineState::Off | MachineState::Stopping, None) => Offer::Start,
        (MachineState::Starting, None) => Offer::Wait,
        (MachineState::On, _) if node.ready == Ready::True => Offer::Nothing {
            text: "Ready, and its machine runs. Nothing to start.".to_owned(),
        },
        (MachineState::On, _) => blocked(
            "The machine runs but the node is not Ready: a start cannot help.".to_owned(),
            "Somebody with access to the machine looks at its kubelet and its network.",
        ),
        (MachineState::Error | MachineState::Other, _) => blocked(
            format!("The machine is {}: a start cannot help.", machine.detail),
            "Whoever runs the cloud account resets or unlocks it; then check the state again.",
        ),
    }
}
