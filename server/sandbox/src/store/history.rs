//! The latest changes, kept in a ring so that a watch can resume where it was cut.

use super::kind::Kind;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::Arc;

const KEPT: usize = 20_000;

/// What a change did to its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// It is new.
    Added,
    /// It was written over.
    Modified,
    /// It is gone.
    Deleted,
}

/// One change of one object.
#[derive(Debug, Clone)]
pub struct Change {
    /// The version it produced.
    pub version: u64,
    /// The kind of the object.
    pub kind: Kind,
    /// What happened.
    pub happened: Happened,
    /// The object afterwards; for a removal its last state.
    pub object: Arc<Value>,
    /// The object before.
    pub before: Option<Arc<Value>>,
}

/// The version asked for lies before what is remembered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expired;

/// The ring of changes.
#[derive(Debug, Default)]
pub struct History {
    changes: VecDeque<Change>,
    forgotten: u64,
}

impl History {
    /// Appends a change and lets go of the oldest when full.
    pub fn push(&mut self, change: Change) {
        if self.changes.len() == KEPT
            && let Some(oldest) = self.changes.pop_front()
        {
            self.forgotten = oldest.version;
        }
        self.changes.push_back(change);
    }

    /// Forgets everything up to and including `version`.
    pub fn forget(&mut self, version: u64) {
        self.changes.retain(|change| change.version > version);
        self.forgotten = self.forgotten.max(version);
    }

    /// Whether everything behind `version` is still here.
    pub fn remembers(&self, version: u64) -> bool {
        version >= self.forgotten
    }

    /// The changes of one kind behind `version`.
    pub fn after(&self, kind: Kind, version: u64) -> Result<Vec<Change>, Expired> {
        if !self.remembers(version) {
            return Err(Expired);
        }
        let first = self
            .changes
            .partition_point(|change| change.version <= version);
        Ok(self
            .changes
            .range(first..)
            .filter(|change| change.kind == kind)
            .cloned()
            .collect())
    }
}
