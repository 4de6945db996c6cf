//! What a caller may choose about the make-believe world before it starts.

use std::path::PathBuf;

/// The cluster's name if nobody gives it another.
pub const PROD: &str = "prod";

/// How the world is to be: its pace, its size and where its monitoring sends alarms.
#[derive(Debug, Clone)]
pub struct WorldConfig {
    /// World seconds per wall second; 1 is real time, anything below or equal to 0 is taken as 1.
    pub speed: f64,
    /// The anchor of world time: `world = t0 + (wall - t0) * speed`. Kept by the caller; `None` is now.
    pub t0: Option<jiff::Timestamp>,
    /// A folder the world may use; this world keeps nothing in it.
    pub state: Option<PathBuf>,
    /// Where monitoring posts alarms; may also be given later by [`crate::World::set_hook`].
    pub hook: Option<HookTarget>,
    /// Which cluster is made.
    pub size: WorldSize,
    /// What its cluster is called.
    pub name: String,
}

/// The receiver of the world's alarms.
#[derive(Debug, Clone)]
pub struct HookTarget {
    /// The full address alarms are posted to.
    pub url: String,
    /// Sent as `Authorization: Bearer`.
    pub token: String,
    /// The shape of the body.
    pub format: HookFormat,
}

/// The shapes in which monitoring can write an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookFormat {
    /// JSON `{text, labels, starts_at, status, fingerprint}`; `text` is the one-line alarm.
    Text,
    /// Alertmanager's webhook, version 4.
    Alertmanager,
}

/// Which cluster is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorldSize {
    /// The twelve nodes of contract part 9.
    Prod,
    /// The twelve nodes, and on top of them so many workers and pods.
    Generated {
        /// Additional worker nodes.
        nodes: u32,
        /// Additional pods, in Deployments of ten.
        pods: u32,
    },
}

impl Default for WorldConfig {
    fn default() -> WorldConfig {
        WorldConfig {
            speed: 1.0,
            t0: None,
            state: None,
            hook: None,
            size: WorldSize::Prod,
            name: PROD.to_owned(),
        }
    }
}
