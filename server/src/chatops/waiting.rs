//! Lines that wait for an answer: each person's own are answered one after the other, and nobody fills our memory by talking.

use engine::ports::Heard;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most lines of one person that wait.
const OF_ONE: usize = 20;
/// Most lines of all people that wait.
const OF_ALL: usize = 500;

/// A person: chat and user.
pub(super) type Key = (String, String);

/// What became of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Queued {
    /// Nobody answers this person at the moment: whoever added the line is to begin.
    Begin,
    /// It is answered after those before it.
    Behind,
    /// Too many wait already: it gets no answer.
    LeftOut,
}

/// The lines, by person; one that is answered right now is not among them, its person is.
#[derive(Default)]
pub(super) struct Waiting(Mutex<BTreeMap<Key, VecDeque<Heard>>>);

impl Waiting {
    pub(super) fn add(&self, key: &Key, heard: Heard) -> Queued {
        let mut all = self.all();
        // A person without a waiting line counts too: one of theirs is being answered.
        let waiting: usize = all.values().map(|lines| lines.len().max(1)).sum();
        match all.get_mut(key) {
            Some(own) if own.len() >= OF_ONE => Queued::LeftOut,
            _ if waiting >= OF_ALL => Queued::LeftOut,
            Some(own) => {
                own.push_back(heard);
                Queued::Behind
            }
            None => {
                all.insert(key.clone(), [heard].into());
                Queued::Begin
            }
        }
    }

    /// The next line of a person; after the last one somebody else has to begin.
    pub(super) fn next(&self, key: &Key) -> Option<Heard> {
        let mut all = self.all();
        let next = all.get_mut(key)?.pop_front();
        if next.is_none() {
            all.remove(key);
        }
        next
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<Key, VecDeque<Heard>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn line(n: usize) -> Heard {
        Heard {
            id: n.to_string(),
            user: "U1".to_owned(),
            room: "C1".to_owned(),
            thread: None,
            at: Timestamp::UNIX_EPOCH,
            text: "who".to_owned(),
            to_us: true,
        }
    }

    fn of(user: usize) -> Key {
        ("ops".to_owned(), format!("U{user}"))
    }

    #[test]
    fn one_who_floods_is_cut_and_the_others_are_heard_in_their_order() {
        let waiting = Waiting::default();
        assert_eq!(waiting.add(&of(1), line(0)), Queued::Begin);
        for n in 1..OF_ONE {
            assert_eq!(waiting.add(&of(1), line(n)), Queued::Behind);
        }
        assert_eq!(waiting.add(&of(1), line(99)), Queued::LeftOut);
        assert_eq!(waiting.add(&of(2), line(0)), Queued::Begin);
        let answered: Vec<_> = std::iter::from_fn(|| waiting.next(&of(1)))
            .map(|heard| heard.id)
            .collect();
        let expected: Vec<_> = (0..OF_ONE).map(|n| n.to_string()).collect();
        assert_eq!(answered, expected);
        assert_eq!(
            waiting.add(&of(1), line(0)),
            Queued::Begin,
            "they begin anew"
        );
    }

    #[test]
    fn a_crowd_of_strangers_is_cut_too() {
        let waiting = Waiting::default();
        for user in 0..OF_ALL {
            assert_eq!(waiting.add(&of(user), line(0)), Queued::Begin);
        }
        assert_eq!(waiting.add(&of(OF_ALL), line(0)), Queued::LeftOut);
        assert!(waiting.next(&of(0)).is_some());
        assert_eq!(
            waiting.add(&of(OF_ALL), line(0)),
            Queued::LeftOut,
            "it is still being answered"
        );
        assert!(waiting.next(&of(0)).is_none());
        assert_eq!(waiting.add(&of(OF_ALL), line(0)), Queued::Begin);
    }
}
