//! Whether a step may begin now.

use super::{Scene, Switch};
use crate::moment::clock;
use crate::step::StepKind;
use crate::trigger::Trigger;
use jiff::SignedDuration;
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
    /// Not while something else goes on that a person may overrule.
    Guarded(String),
    /// Not while the storm breaker is open: however long that takes, one person was asked once.
    Storm(String),
    /// Not by rule: a person looks at it now.
    Human(String),
}

/// What holds a blocked step, for the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldBy {
    /// The switch.
    #[default]
    Switch,
    /// A maintenance window, a blocking alarm or a taint.
    Guard,
    /// The storm breaker.
    Storm,
}

/// Whether `step` may begin now; asked again right before every step that changes something outside.
pub fn gate(step: StepKind, trigger: &Trigger, approved: bool, scene: &Scene) -> Gate {
    let automatic = trigger.automatic() && !approved;
    match (scene.switch, step) {
        (_, step) if !step.acts() => return Gate::Open,
        (Switch::Freeze, _) => {
            return Gate::Blocked("the switch is on freeze: reads only".to_owned());
        }
        (Switch::Pause, StepKind::Cordon | StepKind::StartMachine) if automatic => {
            return Gate::Blocked("the switch is on pause: nothing automatic begins".to_owned());
        }
        (Switch::Run | Switch::Pause, _) => {}
    }
    let begins = matches!(step, StepKind::Cordon | StepKind::StartMachine);
    if begins
        && (automatic || step == StepKind::StartMachine)
        && let Some(held) = healers(step, automatic, scene)
    {
        return held;
    }
    if !automatic || !begins {
        return Gate::Open;
    }
    let held = all(scene).or_else(|| match step {
        StepKind::Cordon => cordon(scene),
        _ => start(scene),
    });
    held.unwrap_or(Gate::Open)
}

/// Nobody's yes makes two healers of one machine a good idea: only its owner can give the node to Uncordon.
fn healers(step: StepKind, automatic: bool, scene: &Scene) -> Option<Gate> {
    if let Some(owned) = scene.healers.owned(&scene.cluster) {
        return Some(Gate::Guarded(format!("{} {}", owned.why, owned.way_out)));
    }
    // A cordon can be taken back: it does not wait until everything can be seen.
    if !automatic || step != StepKind::StartMachine {
        return None;
    }
    let hidden = scene.healers.hidden(&scene.cluster, false)?;
    Some(Gate::Guarded(format!(
        "{} A person may start it.",
        hidden.why
    )))
}

/// What holds back whatever is automatic.
fn all(scene: &Scene) -> Option<Gate> {
    if let Some(breaker) = &scene.breaker {
        return Some(Gate::Storm(breaker.words()));
    }
    if let Some(until) = scene.maintenance() {
        return Some(Gate::Guarded(format!(
            "a maintenance window is open until {}",
            clock(until)
        )));
    }
    if scene.excluded {
        return Some(Gate::Guarded(
            "the node carries the label uncordon.dev/exclude; a person may start it".to_owned(),
        ));
    }
    scene.blocking.as_ref().map(|alarm| {
        Gate::Guarded(format!(
            "a blocking alarm fires: {alarm}. Acknowledge it to go on."
        ))
    })
}

fn cordon(scene: &Scene) -> Option<Gate> {
    let guards = &scene.guards;
    if guards.flap_max > 0 && scene.recent >= guards.flap_max {
        return Some(Gate::Human(format!(
            "This node was recovered {} times within {} h. Look for the cause before it is started again.",
            scene.recent,
            guards.flap_window_s / 3600
        )));
    }
    if let Some(made) = scene.created_at {
        let grown = made + SignedDuration::from_secs(guards.new_node_s.into());
        if scene.now < grown {
            return Some(Gate::Queued(format!(
                "the node is new, it may still be joining until {}",
                clock(grown)
            )));
        }
    }
    let cap = guards.cordon_cap(scene.nodes);
    (scene.cordoned >= cap).then(|| {
        Gate::Queued(format!(
            "{} of {} nodes are cordoned by us, the limit is {cap}",
            scene.cordoned, scene.nodes
        ))
    })
}

fn start(scene: &Scene) -> Option<Gate> {
    let guards = &scene.guards;
    if let Some(taint) = &scene.shutdown {
        return Some(Gate::Guarded(format!(
            "the taint {taint} says it was stopped on purpose; a person may start it"
        )));
    }
    if let Some(why) = &scene.host_down {
        return Some(Gate::Guarded(why.clone()));
    }
    if let Some(purpose) = &scene.purpose {
        return Some(Gate::Guarded(format!(
            "{purpose}: that counts as stopped on purpose; a person may start it"
        )));
    }
    let under_way = |now: u32, most: u32, of: &str| {
        (now >= most).then(|| {
            Gate::Queued(format!(
                "{now} of {most} starts at a time{of} are under way"
            ))
        })
    };
    let zone = scene
        .zone
        .as_ref()
        .map(|zone| format!(" in zone {zone}"))
        .unwrap_or_default();
    let in_hour = |now: u32, most: u32, of: &str| {
        (most > 0 && now >= most)
            .then(|| Gate::Queued(format!("{now} of {most} starts an hour {of} are used up")))
    };
    under_way(
        scene.acting_cluster,
        guards.acting_per_cluster,
        " in this cluster",
    )
    .or_else(|| under_way(scene.acting_zone, guards.acting_per_zone, &zone))
    .or_else(|| under_way(scene.acting_total, guards.acting_total, ""))
    .or_else(|| {
        in_hour(
            scene.starts_cluster,
            guards.starts_per_hour,
            "in this cluster",
        )
    })
    .or_else(|| {
        in_hour(
            scene.starts_account,
            guards.starts_per_hour_account,
            "of this cloud account",
        )
    })
}
