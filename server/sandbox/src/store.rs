//! Every Kubernetes object of the world, under one counter of versions, with the history watches resume from.

mod custom;
mod history;
mod index;
mod key;
mod kind;
mod write;

pub use custom::Custom;
pub use history::{Change, Expired, Happened};
pub use index::controller;
pub use key::Key;
pub use kind::{KINDS, Kind};

use history::History;
use index::PodIndex;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

/// The objects, their history and the indexes the controllers need.
#[derive(Debug)]
pub struct Store {
    objects: BTreeMap<Kind, BTreeMap<Key, Arc<Value>>>,
    history: History,
    pods: PodIndex,
    version: u64,
    touched: Vec<(Kind, Arc<Value>)>,
}

impl Store {
    /// An empty store that counts from `first`: a later world begins behind every version of an earlier one.
    pub fn new(first: u64) -> Store {
        Store {
            objects: BTreeMap::new(),
            history: History::default(),
            pods: PodIndex::default(),
            version: first,
            touched: Vec::new(),
        }
    }

    /// The version of the latest change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// One object.
    pub fn get(&self, kind: Kind, key: &Key) -> Option<&Arc<Value>> {
        self.objects.get(&kind)?.get(key)
    }

    /// All objects of a kind behind `after`, in one namespace or (empty) in all, by name.
    pub fn iter<'a>(
        &'a self,
        kind: Kind,
        namespace: &'a str,
        after: Option<&Key>,
    ) -> impl Iterator<Item = (&'a Key, &'a Arc<Value>)> {
        let first = Key::new(namespace, "");
        let from = match after {
            Some(key) => Bound::Excluded(key.clone()),
            None => Bound::Included(first),
        };
        self.objects
            .get(&kind)
            .into_iter()
            .flat_map(move |all| all.range((from.clone(), Bound::Unbounded)))
            .take_while(move |(key, _)| namespace.is_empty() || key.namespace == namespace)
    }

    /// The pods bound to a node.
    pub fn pods_on(&self, node: &str) -> Vec<Key> {
        self.pods.on(node)
    }

    /// How many pods are bound to a node.
    pub fn pod_count(&self, node: &str) -> usize {
        self.pods.count(node)
    }

    /// The pods whose controller has this UID.
    pub fn pods_of(&self, owner: &str) -> Vec<Key> {
        self.pods.of(owner)
    }

    /// The changes of a kind behind a version, oldest first.
    pub fn changes_after(&self, kind: Kind, version: u64) -> Result<Vec<Change>, Expired> {
        self.history.after(kind, version)
    }

    /// Whether a watch may still resume from this version.
    pub fn remembers(&self, version: u64) -> bool {
        self.history.remembers(version)
    }

    /// Forgets the history, as etcd's compaction does.
    pub fn compact(&mut self) {
        self.history.forget(self.version);
    }

    /// What was written since this was last asked; the controllers' inbox.
    pub fn take_touched(&mut self) -> Vec<(Kind, Arc<Value>)> {
        std::mem::take(&mut self.touched)
    }
}

#[cfg(test)]
mod tests;
