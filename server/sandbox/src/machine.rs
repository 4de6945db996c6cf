//! A virtual machine of the make-believe cloud: its power, and whether the kubelet on it speaks.

mod life;
mod power;

pub use power::{CloudAct, Fate, Kubelet, Power, Role, Scene};

use crate::field::{fresh_uuid, uuid};
use jiff::Timestamp;

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
    /// Whether the kubelet told that its node is closed to new pods.
    pub told_cordoned: bool,
    /// What happened since the present (or last) boot, oldest first.
    pub scenes: Vec<(Scene, Timestamp)>,
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
            told_cordoned: false,
            scenes: Vec::new(),
            acts: Vec::new(),
        }
    }

    /// Whether the kubelet is heard.
    pub fn speaks(&self) -> bool {
        self.power == Power::On && self.kubelet == Kubelet::Speaks
    }
}

#[cfg(test)]
mod tests;
