//! What happened just now, for open pages and programs: a number for each change, and the last thousand kept.

mod stream;

use crate::web::routes::Doors;
use domain::id::{AlarmId, ClusterName, RecoveryId};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{broadcast, watch};

/// How many changes are kept for readers that were away.
pub const KEPT: usize = 1_000;

/// What changed; its object is read when it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A recovery has a new event.
    Recovery(RecoveryId),
    /// A cluster's health is another.
    Health(ClusterName),
    /// An alarm came or got its word.
    Alarm(AlarmId),
    /// A switch was thrown or lifted.
    Switch,
    /// A storm breaker tripped, calmed down or closed.
    Storm,
    /// An incident opened, has other members, or is over.
    Incident,
    /// A person did something with a cordon.
    Cordon,
}

impl Change {
    /// Name of the event.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Recovery(_) => "recovery",
            Self::Health(_) => "health",
            Self::Alarm(_) => "alarm",
            Self::Switch => "switch",
            Self::Storm => "storm",
            Self::Incident => "incident",
            Self::Cordon => "cordon",
        }
    }
}

/// A change with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveEvent {
    /// Grows by one with each change.
    pub seq: u64,
    /// What.
    pub change: Change,
}

/// Where a reader begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// With these, then with what comes.
    From(Vec<LiveEvent>),
    /// What it missed is not known any more: it must read everything anew.
    Reset,
}

/// The changes; clones share them.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    sender: broadcast::Sender<LiveEvent>,
    kept: Mutex<Kept>,
    closed: watch::Sender<bool>,
}

struct Kept {
    next: u64,
    ring: VecDeque<LiveEvent>,
}

impl Live {
    /// Begins at `first`: take the milliseconds of the wall clock, so that numbers grow over restarts too.
    #[must_use]
    pub fn new(first: u64) -> Self {
        let kept = Mutex::new(Kept {
            next: first.max(1),
            ring: VecDeque::new(),
        });
        Self(Arc::new(Inner {
            sender: broadcast::channel(KEPT).0,
            kept,
            closed: watch::channel(false).0,
        }))
    }

    /// Tells all readers of a change.
    pub fn publish(&self, change: Change) {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let event = LiveEvent {
            seq: kept.next,
            change,
        };
        kept.next += 1;
        if kept.ring.len() == KEPT {
            kept.ring.pop_front();
        }
        kept.ring.push_back(event.clone());
        // Sent under the lock, so that nobody who begins now misses it or sees it twice. No reader is no error.
        let _ = self.0.sender.send(event);
    }

    /// Begins to read, after the change `last` if it is given.
    #[must_use]
    pub fn read(&self, last: Option<u64>) -> (Start, broadcast::Receiver<LiveEvent>) {
        let kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let receiver = self.0.sender.subscribe();
        let Some(last) = last else {
            return (Start::From(Vec::new()), receiver);
        };
        let oldest = kept.ring.front().map_or(kept.next, |event| event.seq);
        if last + 1 < oldest || last >= kept.next {
            return (Start::Reset, receiver);
        }
        let missed = kept
            .ring
            .iter()
            .filter(|event| event.seq > last)
            .cloned()
            .collect();
        (Start::From(missed), receiver)
    }

    /// Number of open streams.
    #[must_use]
    pub fn listeners(&self) -> usize {
        self.0.sender.receiver_count()
    }

    /// Ends all streams, so that the server can stop.
    pub fn close(&self) {
        self.0.closed.send_replace(true);
    }

    fn closed(&self) -> watch::Receiver<bool> {
        self.0.closed.subscribe()
    }
}

/// Opens the streams.
pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/live", stream::page)
        .get("/api/v1/events", stream::api)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(start: Start) -> Option<Vec<u64>> {
        match start {
            Start::From(events) => Some(events.iter().map(|event| event.seq).collect()),
            Start::Reset => None,
        }
    }

    #[test]
    fn a_reader_that_was_away_gets_what_it_missed() {
        let live = Live::new(10);
        assert_eq!(numbers(live.read(Some(9)).0), Some(vec![]));
        live.publish(Change::Switch);
        live.publish(Change::Recovery(RecoveryId(1)));
        assert_eq!(numbers(live.read(Some(9)).0), Some(vec![10, 11]));
        assert_eq!(numbers(live.read(Some(10)).0), Some(vec![11]));
        assert_eq!(numbers(live.read(Some(11)).0), Some(vec![]));
        assert_eq!(numbers(live.read(None).0), Some(vec![]));
    }

    #[test]
    fn a_reader_from_another_life_or_from_too_long_ago_must_begin_anew() {
        let live = Live::new(10);
        assert_eq!(numbers(live.read(Some(12)).0), None);
        assert_eq!(numbers(live.read(Some(3)).0), None);
        for _ in 0..=KEPT {
            live.publish(Change::Switch);
        }
        assert_eq!(numbers(live.read(Some(9)).0), None);
        assert_eq!(
            numbers(live.read(Some(10)).0).map(|all| all.len()),
            Some(KEPT)
        );
    }
}
