//! Tells listeners what changed: behind the recovery, never in its way.

mod fate;
mod teller;

pub use fate::{TRIES_MAX, fate};
pub use teller::{Standing, Teller};

use crate::Engine;
use domain::id::{AlarmId, RecoveryId};
use tokio::sync::broadcast;

/// Something that was just stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Events were appended to a recovery.
    Recovery(RecoveryId),
    /// A step of a recovery waits for something else than before.
    Waits(RecoveryId),
    /// Something was said of a recovery in a chat.
    Words(RecoveryId),
    /// An alarm came in or has its final word.
    Alarm(AlarmId),
    /// A switch was thrown or lifted.
    Switch,
    /// A storm breaker tripped, calmed down or closed.
    Breaker,
    /// An incident opened, has other members, or is over.
    Incident,
    /// A person did something with a cordon.
    Cordon,
}

impl Engine {
    /// A new listener; one that falls behind misses the oldest and must read the store.
    pub fn listen(&self) -> broadcast::Receiver<Told> {
        self.inner.told.subscribe()
    }

    /// What was said of a recovery in a chat is kept.
    pub fn words_kept(&self, id: RecoveryId) {
        self.tell(Told::Words(id));
    }

    pub(crate) fn tell(&self, told: Told) {
        // Nobody listening is fine.
        let _ = self.inner.told.send(told);
    }
}
