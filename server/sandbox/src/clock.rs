//! World time: the wall clock stretched by a factor around a fixed anchor.

use jiff::{SignedDuration, Timestamp};
use std::time::Duration;

/// Reads world time as `t0 + (wall - t0) * speed`.
#[derive(Debug, Clone, Copy)]
pub struct WorldClock {
    t0: Timestamp,
    speed: f64,
}

impl WorldClock {
    /// A clock anchored at `t0` (now when absent); a speed that makes no sense is taken as 1.
    pub fn new(t0: Option<Timestamp>, speed: f64) -> WorldClock {
        let speed = if speed.is_finite() && speed > 0.0 {
            speed
        } else {
            1.0
        };
        WorldClock {
            t0: t0.unwrap_or_else(Timestamp::now),
            speed,
        }
    }

    /// The present moment of the world.
    pub fn now(&self) -> Timestamp {
        self.at(Timestamp::now())
    }

    /// How long the ticking loop may rest: a tenth of a world second where the machine can follow.
    pub fn pause(&self) -> Duration {
        Duration::from_secs_f64((0.1 / self.speed).clamp(0.01, 0.1))
    }

    fn at(&self, wall: Timestamp) -> Timestamp {
        let gone = wall.duration_since(self.t0).as_secs_f64() * self.speed;
        self.t0 + SignedDuration::from_secs_f64(gone)
    }
}

/// `2026-01-01T00:00:00Z`, the precision of Kubernetes' `Time`.
pub fn seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// `2026-01-01T00:00:00.000Z`, the precision of Alertmanager and of our own API.
pub fn millis(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// `2026-01-01T00:00:00.000000Z`, the precision of Kubernetes' `MicroTime`.
pub fn micros(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// So many whole seconds as a duration.
pub const fn secs(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

#[cfg(test)]
mod tests;
