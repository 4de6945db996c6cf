//! Whom a call for help that nobody acknowledges is carried to, one person after the other.

use super::{Message, Stage};
use crate::event::{Event, What};
use crate::id::PersonName;
use crate::recovery::IllegalEvent;
use jiff::Timestamp;

/// The order of people, and how long each has before the next one is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    /// Seconds until the first, and from each to the next.
    pub after_s: u32,
    /// Who, in this order.
    pub people: Vec<PersonName>,
}

impl Ladder {
    /// What is due by now of a recovery's call for help: everybody up to the one whose turn it is. Nothing once somebody
    /// has acknowledged it, or once it is over.
    pub fn due(
        &self,
        events: &[Event],
        now: Timestamp,
    ) -> Result<Vec<(PersonName, Message)>, IllegalEvent> {
        let Some(help) = super::of_recovery(events, now)? else {
            return Ok(Vec::new());
        };
        let asked = events
            .iter()
            .find(|event| matches!(event.what, What::NeedsHuman { .. }));
        Ok(asked.map_or_else(Vec::new, |event| self.called(&help, event.at, now)))
    }

    /// The same of any call for help that stands since `asked`.
    pub fn called(
        &self,
        help: &Message,
        asked: Timestamp,
        now: Timestamp,
    ) -> Vec<(PersonName, Message)> {
        if help.stage != Stage::NeedsHuman {
            return Vec::new();
        }
        let step = i64::from(self.after_s.max(1));
        let turns = now.duration_since(asked).as_secs().max(0) / step;
        let turns = usize::try_from(turns).unwrap_or(usize::MAX);
        // Another call about the same thing begins with the first person again.
        let first = asked.as_second().unsigned_abs() * 1000;
        let called = self.people.iter().take(turns).zip(first..);
        called
            .map(|(person, round)| {
                let message = Message {
                    stage: Stage::Escalated,
                    round,
                    title: format!("{person}: {}", help.title),
                    body: format!("Nobody has acknowledged it. {}", help.body),
                    ..help.clone()
                };
                (person.clone(), message)
            })
            .collect()
    }
}
