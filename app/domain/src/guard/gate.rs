//! Whether a step may begin now.

use super::{Scene, Switch};
use crate::step::StepKind;
use crate::trigger::Trigger;
use serde::{Deserialize, Serialize};

/// Whether a step may begin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Yes.
    Open,
    /// Not yet: a limit is reached; the words say which and how close it is.
    Queued(String),
    /// Not while the switch stands as it does.
    Blocked(String),
}

/// Whether `step` may begin now; asked again right before every step that changes something outside.
pub fn gate(step: StepKind, trigger: &Trigger, approved: bool, scene: &Scene) -> Gate {
    let automatic = trigger.automatic() && !approved;
    match (scene.switch, step) {
        (
            _,
            StepKind::ConfirmDown
            | StepKind::WaitReady
            | StepKind::CheckNode
            | StepKind::CheckWorkload,
        ) => return Gate::Open,
        (Switch::Freeze, _) => {
            return Gate::Blocked("the switch is on freeze: reads only".to_owned());
        }
        (Switch::Pause, StepKind::Cordon | StepKind::StartMachine) if automatic => {
            return Gate::Blocked("the switch is on pause: nothing automatic begins".to_owned());
        }
        (Switch::Run | Switch::Pause, _) => {}
    }
    if step == StepKind::Cordon {
        let cap = scene.guards.cordon_cap(scene.nodes);
        if automatic && scene.cordoned >= cap {
            return Gate::Queued(format!(
                "{} of {} nodes are cordoned by us, the limit is {cap}",
                scene.cordoned, scene.nodes
            ));
        }
    }
    if step == StepKind::StartMachine && automatic {
        if scene.acting_cluster >= scene.guards.acting_per_cluster {
            return Gate::Queued(format!(
                "{} of {} starts at a time in this cluster are under way",
                scene.acting_cluster, scene.guards.acting_per_cluster
            ));
        }
        if scene.acting_total >= scene.guards.acting_total {
            return Gate::Queued(format!(
                "{} of {} starts at a time are under way",
                scene.acting_total, scene.guards.acting_total
            ));
        }
    }
    Gate::Open
}
