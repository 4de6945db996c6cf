//! All that changes in the world, and the lock around it.

use crate::clock::WorldClock;
use crate::config::HookTarget;
use crate::faces::Addresses;
use crate::faults::Faults;
use crate::ledger::Ledger;
use crate::machine::Machine;
use crate::monitor::Monitor;
use crate::objects::{About, event};
use crate::store::{Key, Kind, Store};
use crate::tick::Work;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

const EVENTS_KEPT: usize = 1000;

/// Everything that changes.
pub struct Realm {
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

/// What is secret and the same for the life of the world.
pub struct Secrets {
    /// Bearer token that may do everything.
    pub admin: String,
    /// Bearer token that may only get and list nodes.
    pub limited: String,
    /// Password of the cloud users.
    pub password: String,
}

/// The world as its faces share it.
pub struct Shared {
    /// World time.
    pub clock: WorldClock,
    /// Tokens and the password.
    pub secrets: Secrets,
    /// Where the faces listen.
    pub addresses: Addresses,
    /// Faults in force.
    pub faults: Mutex<Faults>,
    /// Where alarms go.
    pub hook: Mutex<Option<HookTarget>>,
    /// Sends alarms.
    pub client: reqwest::Client,
    latest: watch::Sender<u64>,
    realm: Mutex<Realm>,
}

impl Realm {
    /// A world without anything in it.
    pub fn new(now: Timestamp) -> Realm {
        Realm {
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

impl Shared {
    /// Puts a lock around a world.
    pub fn new(
        clock: WorldClock,
        secrets: Secrets,
        addresses: Addresses,
        hook: Option<HookTarget>,
        realm: Realm,
    ) -> Shared {
        Shared {
            clock,
            secrets,
            addresses,
            faults: Mutex::new(Faults::default()),
            hook: Mutex::new(hook),
            client: reqwest::Client::new(),
            latest: watch::Sender::new(realm.store.version()),
            realm: Mutex::new(realm),
        }
    }

    /// Looks at or changes the world; watches are woken when something was written.
    pub fn with<T>(&self, act: impl FnOnce(&mut Realm, Timestamp) -> T) -> T {
        let mut realm = lock(&self.realm);
        let answer = act(&mut realm, self.clock.now());
        let version = realm.store.version();
        drop(realm);
        self.latest
            .send_if_modified(|latest| std::mem::replace(latest, version.max(*latest)) < version);
        answer
    }

    /// Wakes all watches although nothing was written.
    pub fn wake(&self) {
        self.latest.send_modify(|_| {});
    }

    /// Follows the version of the latest change.
    pub fn follow(&self) -> watch::Receiver<u64> {
        self.latest.subscribe()
    }
}

/// Takes a lock; a panic elsewhere does not make the world unreadable.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
