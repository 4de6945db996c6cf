//! A clock on tokio's virtual time: sleeping is what moves it.

use crate::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Starts at a fixed moment and moves with tokio's clock.
#[derive(Debug, Clone, Copy)]
pub struct VirtualClock {
    began: Instant,
}

impl VirtualClock {
    /// A clock that begins now at its fixed moment.
    pub fn new() -> Self {
        Self {
            began: Instant::now(),
        }
    }
}

impl Default for VirtualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        let first = Timestamp::from_second(1_790_000_000).unwrap_or(Timestamp::UNIX_EPOCH);
        first + SignedDuration::try_from(self.began.elapsed()).unwrap_or(SignedDuration::ZERO)
    }
}
