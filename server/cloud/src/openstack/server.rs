//! A machine as Nova writes it.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Answer about one machine.
#[derive(Deserialize)]
pub struct Single {
    /// The machine.
    pub server: Server,
}

/// Answer about several.
#[derive(Deserialize)]
pub struct Page {
    /// The machines.
    pub servers: Vec<Server>,
    /// A `next` link when there are more.
    #[serde(default)]
    pub servers_links: Vec<Link>,
}

impl Page {
    /// Whether another page follows.
    pub fn more(&self) -> bool {
        self.servers_links.iter().any(|link| link.rel == "next")
    }
}

/// A link of a page.
#[derive(Deserialize)]
pub struct Link {
    /// What it is to the page.
    pub rel: String,
}

/// One machine; only the id and the status are always there.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Server {
    /// UUID.
    pub id: String,
    /// Such as `ACTIVE`; `UNKNOWN` when its cell is down.
    pub status: String,
    /// Addresses by network.
    #[serde(default)]
    pub addresses: BTreeMap<String, Vec<Address>>,
    /// What Nova is doing with it.
    #[serde(default, rename = "OS-EXT-STS:task_state")]
    pub task: Option<String>,
    /// What the hypervisor last said: 1 runs, 3 paused, 4 shut down, 6 crashed, 7 suspended.
    #[serde(default, rename = "OS-EXT-STS:power_state")]
    pub power: Option<i64>,
    /// Host, shown to administrators only.
    #[serde(default, rename = "OS-EXT-SRV-ATTR:host")]
    pub host: Option<String>,
    /// A hash of host and project, shown to everybody.
    #[serde(default, rename = "hostId")]
    pub host_id: Option<String>,
    /// Availability zone.
    #[serde(default, rename = "OS-EXT-AZ:availability_zone")]
    pub zone: Option<String>,
    /// Last launch, without a zone.
    #[serde(default, rename = "OS-SRV-USG:launched_at")]
    pub launched_at: Option<String>,
    /// Last change of the record.
    #[serde(default)]
    pub updated: Option<String>,
    /// Whether an owner or administrator locked it.
    #[serde(default)]
    pub locked: bool,
    /// Why.
    #[serde(default)]
    pub locked_reason: Option<String>,
    /// The last fault, while the status is ERROR.
    #[serde(default)]
    pub fault: Option<FaultNote>,
}

/// One address.
#[derive(Debug, Clone, Deserialize)]
pub struct Address {
    /// The address itself.
    pub addr: String,
}

/// What went wrong.
#[derive(Debug, Clone, Deserialize)]
pub struct FaultNote {
    /// In words.
    #[serde(default)]
    pub message: String,
}

impl Server {
    /// Whether exactly this address is one of its own.
    pub fn has(&self, address: IpAddr) -> bool {
        self.addresses
            .values()
            .flatten()
            .any(|one| one.addr.parse() == Ok(address))
    }
}
