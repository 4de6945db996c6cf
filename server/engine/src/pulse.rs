//! Whether a loop still turns: each turn leaves its moment, and whoever asks learns how long ago the last one was.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// The moment of the last turn, on the monotonic clock.
pub(crate) struct Pulse(Mutex<Instant>);

impl Pulse {
    /// As if it had turned just now.
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Instant::now()))
    }

    /// A turn is done.
    pub(crate) fn beat(&self) {
        *self.last() = Instant::now();
    }

    /// How long no turn was done.
    pub(crate) fn silent_for(&self) -> Duration {
        self.last().elapsed()
    }

    fn last(&self) -> MutexGuard<'_, Instant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
