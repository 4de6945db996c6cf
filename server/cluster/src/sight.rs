//! Whether the watched view is current: every feed reads, and the API server was heard of lately.

use domain::world::Sight;
use engine::ports::Clock;
use jiff::Timestamp;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Longest silence of a view that counts as current, on the port's clock.
const SILENCE: Duration = Duration::from_secs(30);

/// What is known about the view itself.
pub struct Outlook {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    changes: watch::Sender<u64>,
}

struct State {
    /// Since when nobody has seen it, as long as this process has not.
    started: Timestamp,
    contact: Option<Moment>,
    feeds: Vec<Feed>,
    trouble: Option<String>,
}

/// One moment on both clocks: silence is measured on the wall clock, told on the port's.
#[derive(Clone, Copy)]
struct Moment {
    wall: Instant,
    told: Timestamp,
}

/// How one kind's feed is doing.
enum Feed {
    /// Not read once yet.
    Reading,
    /// Read, and its watch runs.
    Current,
    /// Its watch does not come up again.
    Failing(Moment, String),
}

impl Outlook {
    /// A view of so many feeds of which nothing is known yet but when an earlier process had it live, if one had.
    pub fn new(clock: Arc<dyn Clock>, feeds: usize, seen_before: Option<Timestamp>) -> Self {
        let now = clock.now();
        // A clock that was set back must not make us blind since the future.
        let started = seen_before.filter(|before| *before < now).unwrap_or(now);
        let feeds = (0..feeds).map(|_| Feed::Reading).collect();
        Self {
            clock,
            state: Mutex::new(State {
                started,
                contact: None,
                feeds,
                trouble: None,
            }),
            changes: watch::channel(0).0,
        }
    }

    /// Tells of every change of the view: an event, a contact, a trouble.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Pause between two probes, in wall time.
    pub fn probe_pause(&self) -> Duration {
        self.wall(SILENCE) / 3
    }

    /// A feed was read, or heard of.
    pub fn current(&self, feed: usize) {
        let now = self.moment();
        let mut state = self.state();
        state.contact = Some(now);
        state.feeds[feed] = Feed::Current;
        drop(state);
        self.changed();
    }

    /// A feed does not work at the moment.
    pub fn failing(&self, feed: usize, why: String) {
        let now = self.moment();
        let mut state = self.state();
        state.trouble = Some(why.clone());
        let next = match &state.feeds[feed] {
            Feed::Reading => Feed::Reading,
            Feed::Current => Feed::Failing(now, why),
            Feed::Failing(since, _) => Feed::Failing(*since, why),
        };
        state.feeds[feed] = next;
        drop(state);
        self.changed();
    }

    /// A probe was answered.
    pub fn contact(&self) {
        let now = self.moment();
        self.state().contact = Some(now);
        self.changed();
    }

    /// A probe was not answered.
    pub fn trouble(&self, why: String) {
        self.state().trouble = Some(why);
        self.changed();
    }

    /// When the view was last confirmed, and whether that counts as current.
    pub fn sight(&self) -> (Timestamp, Sight) {
        let state = self.state();
        let seen_at = state.contact.map_or(state.started, |contact| contact.told);
        (
            seen_at,
            state
                .blind(self.wall(SILENCE))
                .map_or(Sight::Live, |(since, why)| Sight::Blind { since, why }),
        )
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    fn moment(&self) -> Moment {
        Moment {
            wall: Instant::now(),
            told: self.clock.now(),
        }
    }

    /// A fast world is silent for a shorter time, but never so short that a busy machine counts as blind.
    fn wall(&self, on_clock: Duration) -> Duration {
        on_clock
            .div_f64(self.clock.speed().max(1.0))
            .max(Duration::from_secs(3))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn blind(&self, silence: Duration) -> Option<(Timestamp, String)> {
        let why = |fallback: &str| self.trouble.clone().unwrap_or_else(|| fallback.to_owned());
        let Some(contact) = self.contact else {
            return Some((self.started, why("the first read is under way")));
        };
        if contact.wall.elapsed() > silence {
            return Some((contact.told, why("the Kubernetes API is silent")));
        }
        if self.feeds.iter().any(|feed| matches!(feed, Feed::Reading)) {
            return Some((self.started, why("the first read is under way")));
        }
        self.feeds.iter().find_map(|feed| match feed {
            Feed::Failing(since, why) if since.wall.elapsed() > silence => {
                Some((since.told, why.clone()))
            }
            Feed::Failing(..) | Feed::Reading | Feed::Current => None,
        })
    }
}
