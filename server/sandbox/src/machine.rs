//! A virtual machine of the make-believe cloud: its power, and whether the kubelet on it speaks.

mod power;

pub use power::{Fate, Kubelet, Power, Role};

use crate::clock::secs;
use crate::field::{fresh_uuid, uuid};
use jiff::{SignedDuration, Timestamp};

const POWERING: SignedDuration = secs(1);
const BOOT: SignedDuration = secs(19);

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

/// A machine and the node on it.
#[derive(Debug, Clone)]
pub struct Machine {
    /// Node and server name.
    pub name: String,
    /// The internal address.
    pub ip: String,
    /// The server's UUID.
    pub id: String,
    /// The physical host that carries it.
    pub host: String,
    /// The zone of that host.
    pub zone: String,
    /// What it is for.
    pub role: Role,
    /// Its power.
    pub power: Power,
    /// Its kubelet.
    pub kubelet: Kubelet,
    /// The kernel's boot id; new with every boot.
    pub boot_id: String,
    /// Start of the present (or last) boot.
    pub launched_at: Timestamp,
    /// The boot id the kubelet last reported.
    pub reported_boot: String,
    /// The last renewal of the node's lease.
    pub renewed_at: Option<Timestamp>,
    /// The last posting of the node's status.
    pub posted_at: Option<Timestamp>,
    /// Since when the kubelet is silent.
    pub silent_since: Option<Timestamp>,
    /// Since when the node controller calls the node not ready.
    pub not_ready_since: Option<Timestamp>,
    /// Since when the node controller calls it ready again.
    pub ready_since: Timestamp,
    /// Whether its pods were already asked to leave.
    pub evicted: bool,
    /// What the cloud was asked to do with it.
    pub acts: Vec<CloudAct>,
}

impl Machine {
    /// A machine that has been running since `launched_at`.
    pub fn new(
        name: &str,
        ip: &str,
        (host, zone): (&str, &str),
        role: Role,
        launched_at: Timestamp,
    ) -> Machine {
        let boot_id = fresh_uuid();
        Machine {
            name: name.to_owned(),
            ip: ip.to_owned(),
            id: uuid(&format!("server/{name}")),
            host: host.to_owned(),
            zone: zone.to_owned(),
            role,
            power: Power::On,
            kubelet: Kubelet::Speaks,
            reported_boot: boot_id.clone(),
            boot_id,
            launched_at,
            renewed_at: None,
            posted_at: None,
            silent_since: None,
            not_ready_since: None,
            ready_since: launched_at,
            evicted: false,
            acts: Vec::new(),
        }
    }

    /// Whether the kubelet is heard.
    pub fn speaks(&self) -> bool {
        self.power == Power::On && self.kubelet == Kubelet::Speaks
    }

    /// The plug is pulled.
    pub fn power_off(&mut self, now: Timestamp) {
        self.fall_silent(now);
        self.power = Power::Off;
        self.kubelet = Kubelet::Speaks;
    }

    /// The machine stays on and its kubelet stops speaking.
    pub fn hang(&mut self, now: Timestamp) {
        self.fall_silent(now);
        self.kubelet = Kubelet::Hangs;
    }

    /// Whatever is wrong is right again at once.
    pub fn heal(&mut self, now: Timestamp) {
        if self.power != Power::On {
            self.begin_boot(now);
            self.power = Power::On;
        }
        self.kubelet = Kubelet::Speaks;
    }

    /// The cloud accepted a start.
    pub fn start(&mut self, now: Timestamp, fate: Fate) {
        self.power = Power::PoweringOn {
            until: now + POWERING,
            fate,
        };
    }

    /// The cloud accepted a stop.
    pub fn stop(&mut self, now: Timestamp) {
        self.fall_silent(now);
        self.power = Power::PoweringOff {
            until: now + POWERING,
        };
    }

    /// The cloud accepted a restart.
    pub fn reboot(&mut self, now: Timestamp) {
        self.fall_silent(now);
        self.power = Power::Rebooting {
            until: now + POWERING,
        };
    }

    /// Lets time pass: starts, stops and boots that are due take effect.
    pub fn advance(&mut self, now: Timestamp) {
        match self.power.clone() {
            Power::PoweringOn { until, fate } if until <= now => match fate {
                Fate::Boots => self.begin_boot(until),
                Fate::Fails(message) => self.power = Power::Failed { message, at: until },
            },
            Power::Rebooting { until } if until <= now => self.begin_boot(until),
            Power::PoweringOff { until } if until <= now => self.power = Power::Off,
            Power::Booting { until } if until <= now => self.power = Power::On,
            Power::On
            | Power::Off
            | Power::Failed { .. }
            | Power::PoweringOn { .. }
            | Power::Rebooting { .. }
            | Power::PoweringOff { .. }
            | Power::Booting { .. } => {}
        }
    }

    fn begin_boot(&mut self, at: Timestamp) {
        self.boot_id = fresh_uuid();
        self.launched_at = at;
        self.kubelet = Kubelet::Speaks;
        self.power = Power::Booting { until: at + BOOT };
    }

    fn fall_silent(&mut self, now: Timestamp) {
        self.silent_since.get_or_insert(now);
    }
}

#[cfg(test)]
mod tests;
