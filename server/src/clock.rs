//! The clock of the product: the wall's, or in the sandbox one that runs faster from an anchor on.

use engine::ports::Clock;
use jiff::{SignedDuration, Timestamp};

/// `t0 + (wall - t0) * speed`.
#[derive(Debug, Clone, Copy)]
pub struct ScaledClock {
    t0: Timestamp,
    speed: f64,
}

impl ScaledClock {
    /// The wall clock itself.
    pub const fn wall() -> Self {
        Self {
            t0: Timestamp::UNIX_EPOCH,
            speed: 1.0,
        }
    }

    /// A clock that runs `speed` times as fast since `t0`.
    pub const fn scaled(t0: Timestamp, speed: f64) -> Self {
        Self { t0, speed }
    }
}

impl Clock for ScaledClock {
    fn now(&self) -> Timestamp {
        let wall = Timestamp::now();
        if (self.speed - 1.0).abs() < f64::EPSILON {
            return wall;
        }
        let run = wall.duration_since(self.t0).as_secs_f64() * self.speed;
        SignedDuration::try_from_secs_f64(run).map_or(wall, |run| self.t0 + run)
    }

    fn speed(&self) -> f64 {
        self.speed
    }
}
