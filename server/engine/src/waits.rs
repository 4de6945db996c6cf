//! Says what a running step waits for and for how long; nothing is decided on it and nothing of it is stored.

use crate::Engine;
use crate::tell::Told;
use domain::id::RecoveryId;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

impl Engine {
    fn waits(&self) -> MutexGuard<'_, HashMap<RecoveryId, String>> {
        self.inner
            .waits
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// What the step under way waits for, as of its last look.
    pub fn waits_for(&self, id: RecoveryId) -> Option<String> {
        self.waits().get(&id).cloned()
    }

    pub(crate) fn set_wait(&self, id: RecoveryId, why: String) {
        let before = self.waits().insert(id, why.clone());
        if before != Some(why) {
            self.tell(Told::Waits(id));
        }
    }

    /// Whatever ends it is told by itself.
    pub(crate) fn end_wait(&self, id: RecoveryId) {
        self.waits().remove(&id);
    }

    /// How long on the wall clock until that moment of the product's clock.
    pub(crate) fn until(&self, at: Timestamp) -> Duration {
        let clock = &self.inner.clock;
        let seconds = at.duration_since(clock.now()).as_secs_f64().max(0.0) / clock.speed();
        Duration::from_secs_f64(seconds.clamp(0.001, 3600.0))
    }
}
