//! What the controllers have in hand between two steps.

use crate::store::{Key, Kind};
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What the controllers have in hand between two steps.
#[derive(Debug, Default)]
pub struct Work {
    /// Pods whose containers start, and when they are up.
    pub starting: BTreeMap<Key, Timestamp>,
    /// Pods that were asked to leave, and when they are gone.
    pub leaving: BTreeMap<Key, Timestamp>,
    /// Pods of Jobs at work, and when they are done.
    pub ending: BTreeMap<Key, Timestamp>,
    /// Jobs at work, and when their time is over.
    pub deadlines: BTreeMap<Key, Timestamp>,
    /// Pods without a node.
    pub waiting: BTreeSet<Key>,
    /// Controllers to look at.
    pub owners: BTreeSet<(Kind, Key)>,
    /// Nodes that were just written.
    pub nodes: BTreeSet<String>,
    /// The scheduler.
    pub schedule: Due,
    /// The disruption budgets.
    pub budgets: Due,
}

/// Whether a controller has something new to look at.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// It has not.
    #[default]
    Idle,
    /// It has.
    Wanted,
}

impl Due {
    /// Whether there was something; there is not any more.
    pub fn take(&mut self) -> bool {
        std::mem::take(self) == Due::Wanted
    }
}
