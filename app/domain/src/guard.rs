//! What holds an act back, and the numbers it is held back by.

use crate::id::{NodeName, RecoveryId};
use crate::recovery::State;
use crate::step::StepKind;
use crate::trigger::Trigger;
use crate::world::NodeFacts;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The kill switch (contract part 6); of two the stricter wins.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// Everything works.
    #[default]
    Run,
    /// Nothing automatic begins and no automatic power is used.
    Pause,
    /// Reads only, and undo by hand.
    Freeze,
}

impl Switch {
    /// All positions, mildest first.
    pub const ALL: [Self; 3] = [Self::Run, Self::Pause, Self::Freeze];

    /// The word used in REST and on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Pause => "pause",
            Self::Freeze => "freeze",
        }
    }

    /// The position of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// `[guards]`: all limits, in seconds where a time is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guards {
    /// Automatic starts at the same time, per cluster.
    pub acting_per_cluster: u32,
    /// Automatic starts at the same time, over all clusters.
    pub acting_total: u32,
    /// Nodes we may keep cordoned, in percent of a cluster; rounds down, at least 1.
    pub cordon_percent: u32,
    /// Nodes we may keep cordoned, absolute; the stricter wins.
    pub cordon_max: u32,
    /// No second automatic recovery of a node within this time after one ended.
    pub cool_down_s: u32,
    /// Alarms older than this start nothing.
    pub alarm_ttl_s: u32,
    /// A Ready node must stay Ready this long without a break.
    pub soak_s: u32,
    /// Breaks of Ready allowed during the soak.
    pub soak_flaps: u32,
    /// How long to wait for two signals that agree.
    pub confirm_s: u32,
    /// Start accepted until the machine runs.
    pub start_s: u32,
    /// How long a cloud without capacity is asked again.
    pub capacity_s: u32,
    /// Machine runs until the node is Ready.
    pub ready_s: u32,
    /// Time limit of `check_node`.
    pub check_node_s: u32,
    /// Time limit of `check_workload`.
    pub check_workload_s: u32,
    /// Time limit of cordon, uncordon and `close_alarm` each.
    pub small_step_s: u32,
    /// A question to a person, a queue and a block each end after this time, and a person is asked.
    pub approval_s: u32,
    /// The same alarm within this time after our close goes to a person.
    pub refire_s: u32,
}

impl Default for Guards {
    fn default() -> Self {
        Self {
            acting_per_cluster: 1,
            acting_total: 3,
            cordon_percent: 20,
            cordon_max: 10,
            cool_down_s: 3600,
            alarm_ttl_s: 900,
            soak_s: 120,
            soak_flaps: 2,
            confirm_s: 300,
            start_s: 300,
            capacity_s: 1800,
            ready_s: 600,
            check_node_s: 300,
            check_workload_s: 900,
            small_step_s: 300,
            approval_s: 3600,
            refire_s: 300,
        }
    }
}

impl Guards {
    /// Most nodes of a cluster of `nodes` that we may keep cordoned.
    pub fn cordon_cap(&self, nodes: u32) -> u32 {
        (nodes.saturating_mul(self.cordon_percent) / 100)
            .min(self.cordon_max)
            .max(1)
    }
}

/// What the guards look at: the state of everything but the node's machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// The stricter of the global and the cluster's switch.
    pub switch: Switch,
    /// The limits.
    pub guards: Guards,
    /// The node this process runs on, if it runs in the cluster.
    pub own_node: Option<NodeName>,
    /// The recovery that already holds this node.
    pub active: Option<(RecoveryId, State)>,
    /// Nodes of the cluster.
    pub nodes: u32,
    /// Nodes of the cluster cordoned by us, this one not counted.
    pub cordoned: u32,
    /// Other recoveries of the cluster between start and check.
    pub acting_cluster: u32,
    /// Other recoveries of all clusters between start and check.
    pub acting_total: u32,
    /// When the node's last recovery ended.
    pub last_ended: Option<Timestamp>,
}

/// Something a person must know, and confirm by typing the node's name, before an act goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Warning {
    /// The node carries the control plane.
    ControlPlane,
    /// Uncordon itself runs on the node.
    OwnNode,
    /// The node was recovered a short time ago.
    CoolDown {
        /// Until when the guard holds.
        until: Timestamp,
    },
    /// The switch is on pause.
    Paused,
    /// The node carries the exclusion label.
    Excluded,
}

impl Warning {
    /// One sentence for people.
    pub fn text(&self) -> String {
        match self {
            Self::ControlPlane => "This node carries the control plane.".to_owned(),
            Self::OwnNode => "Uncordon itself runs on this node.".to_owned(),
            Self::CoolDown { until } => format!(
                "This node was recovered a short time ago; by rule it is left alone until {}.",
                until.to_string().get(11..16).unwrap_or_default()
            ),
            Self::Paused => "The switch is on pause.".to_owned(),
            Self::Excluded => "This node carries the label uncordon.dev/exclude.".to_owned(),
        }
    }
}

/// The warnings that hold for an act on this node now.
pub fn warnings(node: &NodeFacts, scene: &Scene, now: Timestamp) -> Vec<Warning> {
    let mut found = Vec::new();
    if node.control_plane() {
        found.push(Warning::ControlPlane);
    }
    if scene.own_node.as_ref() == Some(&node.name) {
        found.push(Warning::OwnNode);
    }
    if node.excluded {
        found.push(Warning::Excluded);
    }
    if let Some(ended) = scene.last_ended {
        let until = ended + SignedDuration::from_secs(scene.guards.cool_down_s.into());
        if now < until {
            found.push(Warning::CoolDown { until });
        }
    }
    if scene.switch == Switch::Pause {
        found.push(Warning::Paused);
    }
    found
}

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
        if trigger.automatic() && scene.cordoned >= cap {
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
