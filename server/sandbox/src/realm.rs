//! All that changes in the world.

mod shared;

pub use shared::{Secrets, Shared, lock};

use crate::config::PROD;
use crate::ledger::Ledger;
use crate::machine::Machine;
use crate::monitor::Monitor;
use crate::objects::{About, event};
use crate::store::{Key, Kind, Store};
use crate::tick::Work;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

const EVENTS_KEPT: usize = 1000;

/// Everything that changes.
pub struct Realm {
    /// What people call the cluster.
    pub cluster: String,
    /// The Kubernetes objects.
    pub store: Store,
    /// The machines by node name.
    pub machines: BTreeMap<String, Machine>,
    /// Physical hosts that carry nothing until healed.
    pub hosts_down: BTreeSet<String>,
    /// What the controllers have in hand.
    pub work: Work,
    /// The alarms.
    pub monitor: Monitor,
    /// Who asked what.
    pub ledger: Ledger,
    /// Cloud tokens and whose they are.
    pub cloud_tokens: HashMap<String, CloudToken>,
    events: VecDeque<Key>,
    serial: u64,
}

/// A token Keystone handed out.
#[derive(Debug, Clone)]
pub struct CloudToken {
    /// The user's name.
    pub user: String,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Realm {
    /// A world without anything in it.
    pub fn new(now: Timestamp) -> Realm {
        Realm {
            cluster: PROD.to_owned(),
            store: Store::new(u64::try_from(now.as_millisecond()).unwrap_or(1000)),
            machines: BTreeMap::new(),
            hosts_down: BTreeSet::new(),
            work: Work::default(),
            monitor: Monitor::default(),
            ledger: Ledger::default(),
            cloud_tokens: HashMap::new(),
            events: VecDeque::new(),
            serial: 0,
        }
    }

    /// A number never handed out before.
    pub fn next_serial(&mut self) -> u64 {
        self.serial += 1;
        self.serial
    }

    /// Writes an event about an object, and lets go of the oldest one.
    pub fn tell(&mut self, kind: Kind, subject: &Value, about: &About<'_>, now: Timestamp) {
        let serial = self.next_serial();
        let stored = self
            .store
            .put(Kind::Event, event(kind, subject, about, serial, now));
        self.events.push_back(Key::of(&stored));
        if self.events.len() > EVENTS_KEPT
            && let Some(oldest) = self.events.pop_front()
        {
            self.store.remove(Kind::Event, &oldest);
        }
    }

    /// The machine with this server UUID.
    pub fn server(&mut self, id: &str) -> Option<&mut Machine> {
        self.machines.values_mut().find(|machine| machine.id == id)
    }
}
