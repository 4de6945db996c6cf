//! How often one account is called: a budget for all calls, and no call while the service asked to be left alone.

use engine::ports::Clock;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Longest wait for a turn; whoever would wait longer is sent away without a call.
const QUEUE: Duration = Duration::from_secs(4);
/// Longest time a service is left alone because it said so, in seconds.
const ALONE_MAX: u32 = 600;
/// Without a `Retry-After`: up to 2, 4, 8 .. seconds, at most this.
const BACK_OFF_MAX: u64 = 60;

/// How often an account may be called.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Calls a second in the long run.
    pub per_second: f64,
    /// Calls that may come at once.
    pub burst: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            per_second: 10.0,
            burst: 40,
        }
    }
}

/// What a call is for: a throttled start does not make us blind, nor the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Changes nothing.
    Read,
    /// Starts something.
    Act,
}

/// The turns of one account.
pub(crate) struct Pace {
    budget: Budget,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    tokens: f64,
    counted_at: Instant,
    read: Rest,
    act: Rest,
}

/// How one kind of call is held back.
#[derive(Default)]
struct Rest {
    until: Option<Instant>,
    /// Refusals for being too many, in a row.
    refused: u32,
}

impl State {
    fn rest(&mut self, kind: Kind) -> &mut Rest {
        match kind {
            Kind::Read => &mut self.read,
            Kind::Act => &mut self.act,
        }
    }
}

impl Pace {
    pub fn new(budget: Budget, clock: Arc<dyn Clock>) -> Self {
        let state = State {
            tokens: f64::from(budget.burst.max(1)),
            counted_at: Instant::now(),
            read: Rest::default(),
            act: Rest::default(),
        };
        Self {
            budget,
            clock,
            state: Mutex::new(state),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn; `Err` says how long, in seconds of the product's clock, none will come.
    pub async fn turn(&self, kind: Kind) -> Result<(), u32> {
        let wait = self.take(kind, Instant::now())?;
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    fn take(&self, kind: Kind, now: Instant) -> Result<Duration, u32> {
        let speed = self.clock.speed().max(1.0);
        let mut state = self.state();
        if let Some(until) = state.rest(kind).until.filter(|until| *until > now) {
            return Err(seconds((until - now).mul_f64(speed)));
        }
        let rate = (self.budget.per_second * speed).max(0.001);
        let gone = now.saturating_duration_since(state.counted_at);
        state.counted_at = now;
        let full = f64::from(self.budget.burst.max(1));
        state.tokens = (state.tokens + gone.as_secs_f64() * rate).min(full);
        let wait = ((1.0 - state.tokens) / rate).max(0.0);
        if wait > QUEUE.as_secs_f64() {
            return Err(seconds(Duration::from_secs_f64(wait * speed)));
        }
        state.tokens -= 1.0;
        Ok(Duration::from_secs_f64(wait))
    }

    /// The service says that there were too many calls.
    pub fn throttled(&self, kind: Kind, retry_after: Option<u32>) {
        let speed = self.clock.speed().max(1.0);
        let mut state = self.state();
        let rest = state.rest(kind);
        rest.refused = rest.refused.saturating_add(1);
        let alone = match retry_after {
            Some(said) => f64::from(said.min(ALONE_MAX)),
            None => share() * back_off(rest.refused),
        };
        rest.until = Some(Instant::now() + Duration::from_secs_f64(alone / speed));
    }

    /// The service took a call.
    pub fn taken(&self, kind: Kind) {
        self.state().rest(kind).refused = 0;
    }
}

/// The most seconds to wait after so many refusals.
fn back_off(refused: u32) -> f64 {
    let most = 2_u64.saturating_pow(refused.min(10)).min(BACK_OFF_MAX);
    f64::from(u32::try_from(most).unwrap_or(u32::MAX))
}

/// Somewhere between 0 and 1, so that those who were refused together do not come back together.
fn share() -> f64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let many = RandomState::new().hash_one(COUNT.fetch_add(1, Ordering::Relaxed));
    f64::from(u32::try_from(many >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}

/// Whole seconds, rounded up.
fn seconds(time: Duration) -> u32 {
    let whole = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    u32::try_from(whole).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
