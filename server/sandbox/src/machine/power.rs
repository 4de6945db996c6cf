//! The states a machine, its kubelet and its start can be in.

use jiff::Timestamp;

/// Whether a node carries the control plane or the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Runs the control plane.
    ControlPlane,
    /// Runs workloads.
    Worker,
}

/// What comes of an accepted start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The machine boots.
    Boots,
    /// The cloud gives up with this message.
    Fails(String),
}

/// The power of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Power {
    /// Running, kubelet started.
    On,
    /// Shut off.
    Off,
    /// A start was accepted and has not taken effect.
    PoweringOn {
        /// When it takes effect.
        until: Timestamp,
        /// What comes of it.
        fate: Fate,
    },
    /// Running, the kubelet not yet started.
    Booting {
        /// When the kubelet starts.
        until: Timestamp,
    },
    /// A stop was accepted and has not taken effect.
    PoweringOff {
        /// When it takes effect.
        until: Timestamp,
    },
    /// A restart was accepted and has not taken effect.
    Rebooting {
        /// When the machine begins to boot.
        until: Timestamp,
    },
    /// The cloud gave up on it.
    Failed {
        /// The cloud's reason.
        message: String,
        /// When it gave up.
        at: Timestamp,
    },
}

/// What a machine's console remembers of the present boot besides the boot itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// The plug was pulled.
    PowerLost,
    /// The physical host went away below it.
    HostLost,
    /// The kernel locked up.
    Hung,
    /// It runs again as if nothing had been.
    Woke,
    /// It was shut down in order.
    ShutDown,
}

/// Whether a running machine's kubelet speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kubelet {
    /// It renews its lease.
    Speaks,
    /// The machine runs, the kubelet does not.
    Hangs,
}

/// One entry of the cloud's own audit trail.
#[derive(Debug, Clone)]
pub struct CloudAct {
    /// `start`, `stop`, `reboot`.
    pub action: &'static str,
    /// When.
    pub at: Timestamp,
    /// `req-..` of the call.
    pub request: String,
    /// The user's id.
    pub user: String,
}
