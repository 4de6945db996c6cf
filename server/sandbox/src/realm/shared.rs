//! The lock around the world, and what its faces share besides.

use super::Realm;
use crate::callers::Callers;
use crate::clock::WorldClock;
use crate::config::HookTarget;
use crate::faces::Addresses;
use crate::faults::Faults;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

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
    /// Who else may call the Kubernetes API, and what was done there.
    pub callers: Mutex<Callers>,
    /// Where alarms go.
    pub hook: Mutex<Option<HookTarget>>,
    /// Sends alarms.
    pub client: reqwest::Client,
    /// Worlds whose machines are broken and mended from here too.
    pub beside: Mutex<Vec<Arc<Shared>>>,
    latest: watch::Sender<u64>,
    realm: Mutex<Realm>,
}

impl Shared {
    /// Puts a lock around a world.
    pub fn new(
        clock: WorldClock,
        secrets: Secrets,
        addresses: Addresses,
        hook: Option<HookTarget>,
        client: reqwest::Client,
        realm: Realm,
    ) -> Shared {
        Shared {
            clock,
            secrets,
            addresses,
            faults: Mutex::new(Faults::default()),
            callers: Mutex::default(),
            hook: Mutex::new(hook),
            client,
            beside: Mutex::default(),
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
