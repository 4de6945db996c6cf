//! What holds an act back, and the numbers it is held back by.

mod gate;
mod limits;
pub mod storm;
mod switch;
mod window;

pub use gate::{Gate, HeldBy, gate};
pub use limits::{Closes, Guards};
pub use storm::Breaker;
pub use switch::Switch;
pub use window::Window;

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
    /// Now, on the product's clock.
    pub now: Timestamp,
    /// The node's zone.
    pub zone: Option<String>,
    /// Other recoveries of the node's zone between start and check; 0 where there are no zones.
    pub acting_zone: u32,
    /// The open storm breaker of the cluster.
    pub breaker: Option<Breaker>,
    /// Starts of the cluster within the last hour.
    pub starts_cluster: u32,
    /// Starts of the cluster's cloud account within the last hour.
    pub starts_account: u32,
    /// Recoveries of this node within the flap window, this one not counted.
    pub recent: u32,
    /// Text of an alarm that fires and blocks.
    pub blocking: Option<String>,
    /// When the Node object was made, if it is known.
    pub created_at: Option<Timestamp>,
    /// The taint that says the machine was stopped on purpose.
    pub shutdown: Option<String>,
}

impl Scene {
    /// The end of the maintenance window that is open now.
    pub fn maintenance(&self) -> Option<Timestamp> {
        let windows = self.guards.maintenance.iter();
        windows.filter_map(|one| one.holds_until(self.now)).max()
    }

    /// What the node itself adds.
    #[must_use]
    pub fn of_node(mut self, node: &NodeFacts) -> Self {
        self.zone.clone_from(&node.zone);
        self.created_at = Some(node.created_at);
        self.shutdown = node
            .taints
            .iter()
            .find(|taint| {
                let key = taint.split(':').next().unwrap_or_default();
                let key = key.split('=').next().unwrap_or_default();
                self.guards.shutdown_taints.iter().any(|one| one == key)
            })
            .cloned();
        self
    }
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
    /// The storm breaker is open.
    Storm {
        /// Why, in words.
        why: String,
    },
}

impl Warning {
    /// One sentence for people.
    pub fn text(&self) -> String {
        match self {
            Self::ControlPlane => "This node carries the control plane.".to_owned(),
            Self::OwnNode => "Uncordon itself runs on this node.".to_owned(),
            Self::CoolDown { until } => format!(
                "This node was recovered a short time ago; by rule it is left alone until {}.",
                crate::moment::clock(*until)
            ),
            Self::Paused => "The switch is on pause.".to_owned(),
            Self::Excluded => "This node carries the label uncordon.dev/exclude.".to_owned(),
            Self::Storm { why } => format!(
                "The storm breaker is open: {why}. Many nodes at once have one cause; starting them may not help."
            ),
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
    if let Some(breaker) = &scene.breaker {
        found.push(Warning::Storm {
            why: breaker.why.clone(),
        });
    }
    if scene.switch == Switch::Pause {
        found.push(Warning::Paused);
    }
    found
}
