//! A plan: immutable ordered steps, made once from a trigger and the world.

use crate::baseline::NodeBaseline;
use crate::guard::{Guards, Scene, Switch, Warning, warnings};
use crate::id::RecoveryId;
use crate::recovery::State;
use crate::rule::Mode;
use crate::step::StepKind;
use crate::target::Target;
use crate::trigger::Trigger;
use crate::world::{Allocatable, MachineFacts, MachineState, NodeFacts, Reading, Ready};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Whether a person must say yes before power is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// The rule is armed, or a person asked.
    Given,
    /// A person is asked after the cordon.
    Needed,
}

/// A way a step may leave the plan's straight line; the plan names them, nothing else chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// The node is well: undo the cordon and end as `false_alarm`.
    FalseAlarm,
    /// The source says it is over before the start: skip to the checks and end as `self_healed`.
    SelfHealed,
    /// A person is needed.
    NeedsHuman,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// Which; action, check and undo follow from it (see [`StepKind`]).
    pub step: StepKind,
    /// Time limit in seconds from its start.
    pub limit_s: u32,
    /// The exits it may take.
    pub exits: Vec<Exit>,
}

/// The decision, stored as the first event of a recovery; after that nothing chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The one node.
    pub target: Target,
    /// Why.
    pub trigger: Trigger,
    /// Whether a person must say yes.
    pub consent: Consent,
    /// What that person must know.
    pub warnings: Vec<Warning>,
    /// In order.
    pub steps: Vec<PlannedStep>,
    /// The limits as they stood.
    pub guards: Guards,
    /// Boot ID when the plan was made.
    pub boot_id: String,
    /// Allocatable when the plan was made.
    pub allocatable: Allocatable,
    /// Physical host, for failures that machines share.
    pub host: Option<String>,
    /// What was well before; `None` when no summary is old enough.
    pub baseline: Option<NodeBaseline>,
}

impl Plan {
    /// The planned step of a kind.
    pub fn step(&self, kind: StepKind) -> Option<&PlannedStep> {
        self.steps.iter().find(|one| one.step == kind)
    }
}

/// Everything `make` looks at.
#[derive(Debug, Clone)]
pub struct World {
    /// The node and its identity.
    pub target: Target,
    /// The node, read fresh.
    pub node: Reading<NodeFacts>,
    /// Its machine; only a person's start needs it, a rule's plan reads it in `confirm_down`.
    pub machine: Reading<MachineFacts>,
    /// Limits and counts.
    pub scene: Scene,
    /// The node's part of the newest summary older than its Ready transition.
    pub baseline: Option<NodeBaseline>,
}

/// Why no plan is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Refusal {
    /// The alarm is older than the time to live.
    #[error("the alarm is {age_s} s old, older than the limit of {limit_s} s")]
    Expired {
        /// Seconds since its start.
        age_s: i64,
        /// The limit.
        limit_s: u32,
    },
    /// The switch holds it.
    #[error("the switch is on {}", .switch.word())]
    Switched {
        /// Its position.
        switch: Switch,
    },
    /// The node carries the exclusion label.
    #[error("the node carries the label uncordon.dev/exclude")]
    Excluded,
    /// A recovery already holds the node.
    #[error("recovery {recovery} is already at work on this node")]
    AlreadyRecovering {
        /// That recovery.
        recovery: RecoveryId,
        /// Its state.
        state: State,
    },
    /// Nothing is wrong.
    #[error("{text}; nothing started")]
    AlreadyHealthy {
        /// What was seen.
        text: String,
    },
    /// The machine runs but its node is not Ready: a start cannot help.
    #[error("{text}")]
    RunningNotReady {
        /// What was seen.
        text: String,
    },
    /// What must be known cannot be read.
    #[error("{text}")]
    Blind {
        /// What and why.
        text: String,
    },
    /// The node is gone or is another one now.
    #[error("{text}")]
    Gone {
        /// What was seen.
        text: String,
    },
    /// The machine is in a state that a start does not answer.
    #[error("{text}")]
    NotStartable {
        /// What was seen.
        text: String,
    },
    /// A person must type the node's name first.
    #[error("{} Type {node} to confirm.", .warnings.iter().map(Warning::text).collect::<Vec<_>>().join(" "))]
    ConfirmNeeded {
        /// What to type.
        node: String,
        /// Why.
        warnings: Vec<Warning>,
    },
}

/// Makes the plan for a trigger, or says why there is none.
pub fn make(trigger: &Trigger, world: &World, now: Timestamp) -> Result<Plan, Refusal> {
    if world.scene.switch == Switch::Freeze
        || (world.scene.switch == Switch::Pause && trigger.automatic())
    {
        return Err(Refusal::Switched {
            switch: world.scene.switch,
        });
    }
    if let Some((recovery, state)) = world.scene.active {
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
            starts_at, mode, ..
        } => for_alarm(*starts_at, *mode, node, &warnings, &world.scene, now)?,
        Trigger::Person { confirmed, .. } => {
            for_person(*confirmed, node, &world.machine, &warnings)?
        }
    };
    Ok(Plan {
        target: world.target.clone(),
        trigger: trigger.clone(),
        consent,
        warnings,
        steps: steps(&world.scene.guards, trigger.alarm().is_some()),
        guards: world.scene.guards.clone(),
        boot_id: node.boot_id.clone(),
        allocatable: node.allocatable,
        host: node.host.clone(),
        baseline: world.baseline.clone(),
    })
}

fn for_alarm(
    starts_at: Timestamp,
    mode: Mode,
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
    if node.excluded {
        return Err(Refusal::Excluded);
    }
    Ok(match mode {
        Mode::Auto if warnings.is_empty() => Consent::Given,
        Mode::Auto | Mode::Ask | Mode::Observe => Consent::Needed,
    })
}

fn for_person(
    confirmed: bool,
    node: &NodeFacts,
    machine: &Reading<MachineFacts>,
    warnings: &[Warning],
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

/// `09:12` UTC: what a sentence for people needs of a time.
pub fn clock(at: Timestamp) -> String {
    at.to_string().get(11..16).unwrap_or_default().to_owned()
}

/// The steps every plan shipped today consists of.
pub fn steps(guards: &Guards, alarm: bool) -> Vec<PlannedStep> {
    use StepKind::{
        CheckNode, CheckWorkload, CloseAlarm, ConfirmDown, Cordon, StartMachine, Uncordon,
        WaitReady,
    };
    let human = vec![Exit::NeedsHuman];
    let early = |more: &[Exit]| [more, &[Exit::SelfHealed, Exit::NeedsHuman]].concat();
    let mut list = vec![
        PlannedStep {
            step: Cordon,
            limit_s: guards.small_step_s,
            exits: early(&[]),
        },
        PlannedStep {
            step: ConfirmDown,
            limit_s: guards.confirm_s,
            exits: early(&[Exit::FalseAlarm]),
        },
        PlannedStep {
            step: StartMachine,
            limit_s: guards.start_s,
            exits: early(&[]),
        },
        PlannedStep {
            step: WaitReady,
            limit_s: guards.ready_s,
            exits: human.clone(),
        },
        PlannedStep {
            step: CheckNode,
            limit_s: guards.check_node_s,
            exits: human.clone(),
        },
        PlannedStep {
            step: Uncordon,
            limit_s: guards.small_step_s,
            exits: human.clone(),
        },
        PlannedStep {
            step: CheckWorkload,
            limit_s: guards.check_workload_s,
            exits: human.clone(),
        },
    ];
    if alarm {
        list.push(PlannedStep {
            step: CloseAlarm,
            limit_s: guards.check_workload_s,
            exits: human,
        });
    }
    list
}
