//! Makes a plan from a trigger and the world, once.

use super::{Consent, Exit, Plan, PlannedStep, Refusal, World};
use crate::check::{TeamCheck, When};
use crate::guard::{Guards, Scene, Switch, Warning, warnings};
use crate::id::RecoveryId;
use crate::moment::clock;
use crate::rule::Mode;
use crate::step::StepKind;
use crate::trigger::Trigger;
use crate::world::{Cordon, MachineFacts, MachineState, NodeFacts, Reading, Ready};
use jiff::{SignedDuration, Timestamp};

/// Makes the plan for a trigger, or says why there is none.
pub fn make(trigger: &Trigger, world: &World, now: Timestamp) -> Result<Plan, Refusal> {
    if world.scene.switch == Switch::Freeze
        || (world.scene.switch == Switch::Pause && trigger.automatic())
    {
        return Err(Refusal::Switched {
            switch: world.scene.switch,
        });
    }
    // The one it repeats makes room once nothing else refuses the new one.
    if let Some((recovery, state)) = world.scene.active
        && trigger.retry_of() != Some(recovery)
    {
        return Err(Refusal::AlreadyRecovering { recovery, state });
    }
    let node = match &world.node {
        Reading::Seen(node) if node.uid == world.target.uid => node,
        Reading::Seen(_) => {
            return Err(Refusal::Gone {
                text: format!("{} was re-created under the same name", world.target.node),
            });
        }
        Reading::Absent => {
            return Err(Refusal::Gone {
                text: format!("{} is no longer in the cluster", world.target.node),
            });
        }
        Reading::Unreadable(why) => {
            return Err(Refusal::Blind {
                text: format!("the cluster cannot be read: {why}"),
            });
        }
    };
    let warnings = warnings(node, &world.scene, now);
    let consent = match trigger {
        Trigger::Alarm {
            starts_at,
            mode,
            veto_s,
            silence,
            ..
        } => {
            let armed = match *veto_s {
                0 => Consent::Given,
                seconds => Consent::Veto {
                    seconds,
                    silence: *silence,
                },
            };
            for_alarm(
                *starts_at,
                (*mode, armed),
                node,
                &warnings,
                &world.scene,
                now,
            )?
        }
        Trigger::Person {
            confirmed,
            retry_of,
            ..
        } => for_person(
            *confirmed,
            *retry_of,
            node,
            &world.machine,
            &warnings,
            &world.scene,
        )?,
    };
    Ok(Plan {
        target: world.target.clone(),
        trigger: trigger.clone(),
        consent,
        warnings,
        steps: steps(
            &world.scene.guards,
            &world.checks,
            trigger.alarm().is_some(),
        ),
        guards: world.scene.guards.clone(),
        boot_id: node.boot_id.clone(),
        allocatable: node.allocatable,
        host: node.host.clone(),
        baseline: world.baseline.clone(),
        down_since: (node.ready != Ready::True).then_some(node.ready_since),
    })
}

fn for_alarm(
    starts_at: Timestamp,
    (mode, armed): (Mode, Consent),
    node: &NodeFacts,
    warnings: &[Warning],
    scene: &Scene,
    now: Timestamp,
) -> Result<Consent, Refusal> {
    let age = now.duration_since(starts_at);
    if age > SignedDuration::from_secs(scene.guards.alarm_ttl_s.into()) {
        return Err(Refusal::Expired {
            age_s: age.as_secs(),
            limit_s: scene.guards.alarm_ttl_s,
        });
    }
    if node.created_at > starts_at {
        return Err(Refusal::Gone {
            text: format!(
                "{} was made anew at {}, after the alarm began: it told of another machine",
                node.name,
                clock(node.created_at)
            ),
        });
    }
    if node.excluded {
        return Err(Refusal::Excluded);
    }
    left_alone(scene)?;
    if let Some(until) = scene.maintenance() {
        return Err(Refusal::Maintenance { until });
    }
    if let Some(text) = &scene.blocking {
        return Err(Refusal::BlockedByAlarm { text: text.clone() });
    }
    if let Some(taint) = &scene.shutdown {
        return Err(Refusal::StoppedOnPurpose {
            node: node.name.clone(),
            taint: taint.clone(),
        });
    }
    // The breaker holds the recovery anyway; once it has closed the rule is as armed as before.
    let quiet = |one: &Warning| matches!(one, Warning::Storm { .. });
    Ok(match mode {
        Mode::Auto if warnings.iter().all(quiet) => armed,
        Mode::Auto | Mode::Ask | Mode::Observe => Consent::Needed,
    })
}

/// What somebody else heals is not ours to recover, whoever asks, until its owner says so.
fn left_alone(scene: &Scene) -> Result<(), Refusal> {
    match scene.healers.owned(&scene.cluster) {
        Some(owned) => Err(Refusal::OtherHealer {
            why: owned.why,
            way_out: owned.way_out,
        }),
        None => Ok(()),
    }
}

/// Whether the recovery that is repeated still holds this node.
fn left_cordoned(retry_of: Option<RecoveryId>, node: &NodeFacts) -> bool {
    matches!(&node.cordon, Cordon::Ours(mark) if Some(mark.recovery) == retry_of)
}

fn for_person(
    confirmed: bool,
    retry_of: Option<RecoveryId>,
    node: &NodeFacts,
    machine: &Reading<MachineFacts>,
    warnings: &[Warning],
    scene: &Scene,
) -> Result<Consent, Refusal> {
    let name = &node.name;
    let machine = match machine {
        Reading::Seen(machine) => machine,
        Reading::Absent => {
            return Err(Refusal::Gone {
                text: format!("the cloud has no machine for {name}"),
            });
        }
        Reading::Unreadable(why) => {
            return Err(Refusal::Blind {
                text: format!("the cloud cannot be read: {why}"),
            });
        }
    };
    match machine.state {
        // It came back while somebody had it: what is left to do is to check it and to take our cordon off.
        MachineState::On if node.ready == Ready::True && left_cordoned(retry_of, node) => {
            left_alone(scene)?;
            Ok(Consent::Given)
        }
        MachineState::On if node.ready == Ready::True => {
            let since = machine
                .since
                .map(|at| format!(" since {}", clock(at)))
                .unwrap_or_default();
            Err(Refusal::AlreadyHealthy {
                text: format!("{name} is Ready, machine running{since}"),
            })
        }
        MachineState::On => Err(Refusal::RunningNotReady {
            text: format!(
                "the machine of {name} is running but the node is not Ready since {}: a start cannot help",
                clock(node.ready_since)
            ),
        }),
        MachineState::Error | MachineState::Other => Err(Refusal::NotStartable {
            text: format!(
                "the machine of {name} is {}: a start cannot help",
                machine.detail
            ),
        }),
        MachineState::Off | MachineState::Starting | MachineState::Stopping => {
            left_alone(scene)?;
            if warnings.is_empty() || confirmed {
                Ok(Consent::Given)
            } else {
                Err(Refusal::ConfirmNeeded {
                    node: name.to_string(),
                    warnings: warnings.to_vec(),
                })
            }
        }
    }
}

/// The steps of a plan: the built-in ones, with the checks of the team after the built-in check of each half.
pub fn steps(guards: &Guards, checks: &[TeamCheck], alarm: bool) -> Vec<PlannedStep> {
    use StepKind::{
        CheckNode, CheckWorkload, CloseAlarm, ConfirmDown, Cordon, StartMachine, Uncordon,
        WaitReady,
    };
    let one = |step, limit_s, more: &[Exit]| PlannedStep {
        step,
        limit_s,
        every_s: None,
        exits: [more, &[Exit::NeedsHuman]].concat(),
    };
    let team = |when| {
        checks
            .iter()
            .filter(move |check| check.when == when)
            .map(|check| PlannedStep {
                step: StepKind::Check(check.kind, check.name),
                limit_s: check.limit_s,
                every_s: Some(check.every_s),
                exits: vec![Exit::NeedsHuman],
            })
    };
    let early = [Exit::SelfHealed];
    let mut list = vec![
        one(Cordon, guards.small_step_s, &early),
        one(
            ConfirmDown,
            guards.confirm_s,
            &[Exit::FalseAlarm, Exit::SelfHealed],
        ),
        one(StartMachine, guards.start_s, &early),
        one(WaitReady, guards.ready_s, &[]),
        one(CheckNode, guards.check_node_s, &[]),
    ];
    list.extend(team(When::Node));
    list.push(one(Uncordon, guards.small_step_s, &[]));
    list.push(one(CheckWorkload, guards.check_workload_s, &[]));
    list.extend(team(When::Workload));
    if alarm {
        list.push(one(CloseAlarm, guards.check_workload_s, &[]));
    }
    list
}
