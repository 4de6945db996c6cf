//! How each chat is doing, for the settings: whether we listen, what was heard last, what went wrong.

use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How one chat is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    /// Since when its connection stands; `None` while it does not.
    pub since: Option<Timestamp>,
    /// When somebody was last heard there.
    pub heard: Option<Timestamp>,
    /// When an answer was last said there.
    pub answered: Option<Timestamp>,
    /// The last thing that went wrong, and when.
    pub trouble: Option<(Timestamp, String)>,
}

/// How all of them are doing; clones share it.
#[derive(Debug, Clone, Default)]
pub struct States(Arc<Mutex<BTreeMap<String, State>>>);

impl States {
    /// How this one is doing.
    pub fn of(&self, chat: &str) -> State {
        self.all().get(chat).cloned().unwrap_or_default()
    }

    /// Changes what is known of one.
    pub fn note(&self, chat: &str, change: impl FnOnce(&mut State)) {
        change(self.all().entry(chat.to_owned()).or_default());
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
