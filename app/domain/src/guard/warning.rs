//! What a person must know, and confirm, before an act goes on.

use super::{Scene, Switch};
use crate::moment::clock;
use crate::world::NodeFacts;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

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
    /// A missing right hides whether somebody else heals the node.
    HealerUnseen {
        /// What cannot be seen and why, and what its owner can do.
        text: String,
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
                clock(*until)
            ),
            Self::Paused => "The switch is on pause.".to_owned(),
            Self::Excluded => "This node carries the label uncordon.dev/exclude.".to_owned(),
            Self::HealerUnseen { text } => text.clone(),
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
    if let Some(hidden) = scene.healers.hidden(&scene.cluster, true) {
        found.push(Warning::HealerUnseen {
            text: format!("{} {}", hidden.why, hidden.way_out),
        });
    }
    if scene.switch == Switch::Pause {
        found.push(Warning::Paused);
    }
    found
}
