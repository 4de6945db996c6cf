//! What holds an act back, and the numbers it is held back by.

mod gate;
mod limits;

pub use gate::{Gate, gate};
pub use limits::{Guards, Switch};

use crate::id::{NodeName, RecoveryId};
use crate::recovery::State;
use crate::world::NodeFacts;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

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
