//! A plan: immutable ordered steps, made once from a trigger and the world.

mod make;
mod refusal;

pub use make::{make, steps};
pub use refusal::Refusal;

use crate::baseline::NodeBaseline;
use crate::check::TeamCheck;
use crate::guard::{Guards, Scene, Warning};
use crate::rule::Silence;
use crate::step::StepKind;
use crate::target::Target;
use crate::trigger::Trigger;
use crate::world::{Allocatable, MachineFacts, NodeFacts, Reading};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Whether a person must say yes before power is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// The rule is armed, or a person asked.
    Given,
    /// A person is asked after the cordon.
    Needed,
    /// The rule is armed; a person may stop it for so many seconds after the cordon.
    Veto {
        /// How long.
        seconds: u32,
        /// What it means that nobody does.
        silence: Silence,
    },
}

/// A way a step may leave the plan's straight line; the plan names them, nothing else chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// The node is well: undo the cordon and end as `false_alarm`.
    FalseAlarm,
    /// The source says it is over before the start, or a retry finds the node up: skip to the checks and end as `self_healed`.
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
    /// Pause in seconds between two tries of a check of the team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_s: Option<u32>,
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
    /// The node's Ready transition when the plan was made, unless it was Ready: down time counts from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down_since: Option<Timestamp>,
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
    /// The checks of the team, in their order.
    pub checks: Vec<TeamCheck>,
    /// Limits and counts.
    pub scene: Scene,
    /// The node's part of the newest summary older than its Ready transition.
    pub baseline: Option<NodeBaseline>,
}
