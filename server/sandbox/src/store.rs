//! Every Kubernetes object of the world, under one counter of versions, with the history watches resume from.

mod history;
mod index;
mod kind;

pub use history::{Change, Expired, Happened};
pub use index::controller;
pub use kind::{KINDS, Kind};

use crate::field::text;
use history::History;
use index::PodIndex;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

/// The name of an object within its kind; `namespace` is empty for cluster-wide kinds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The namespace, or the empty text.
    pub namespace: String,
    /// The name.
    pub name: String,
}

/// The objects, their history and the indexes the controllers need.
#[derive(Debug)]
pub struct Store {
    objects: BTreeMap<Kind, BTreeMap<Key, Arc<Value>>>,
    history: History,
    pods: PodIndex,
    version: u64,
    touched: Vec<(Kind, Arc<Value>)>,
}

impl Key {
    /// A key in a namespace.
    pub fn new(namespace: &str, name: &str) -> Key {
        Key {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        }
    }

    /// The key of a cluster-wide object.
    pub fn cluster(name: &str) -> Key {
        Key::new("", name)
    }

    /// The key an object carries in its metadata.
    pub fn of(object: &Value) -> Key {
        Key::new(
            text(object, "/metadata/namespace"),
            text(object, "/metadata/name"),
        )
    }
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

    /// Puts an object in place, stamped with a new version, and answers it as stored.
    pub fn put(&mut self, kind: Kind, mut object: Value) -> Arc<Value> {
        self.version += 1;
        object["metadata"]["resourceVersion"] = json!(self.version.to_string());
        let key = Key::of(&object);
        let object = Arc::new(object);
        let before = self
            .objects
            .entry(kind)
            .or_default()
            .insert(key.clone(), Arc::clone(&object));
        if kind == Kind::Pod {
            self.pods.replace(&key, before.as_deref(), Some(&object));
        }
        let happened = if before.is_some() {
            Happened::Modified
        } else {
            Happened::Added
        };
        self.history.push(Change {
            version: self.version,
            kind,
            happened,
            object: Arc::clone(&object),
            before,
        });
        self.touched.push((kind, Arc::clone(&object)));
        object
    }

    /// Changes an object in place; nothing is written when the change changes nothing.
    pub fn update(&mut self, kind: Kind, key: &Key, change: impl FnOnce(&mut Value)) {
        let Some(present) = self.get(kind, key) else {
            return;
        };
        let mut next = Value::clone(present);
        change(&mut next);
        if next != **present {
            self.put(kind, next);
        }
    }

    /// Takes an object away and answers it as it was, stamped with the version of its end.
    pub fn remove(&mut self, kind: Kind, key: &Key) -> Option<Arc<Value>> {
        let before = self.objects.get_mut(&kind)?.remove(key)?;
        self.version += 1;
        let mut last = Value::clone(&before);
        last["metadata"]["resourceVersion"] = json!(self.version.to_string());
        let object = Arc::new(last);
        if kind == Kind::Pod {
            self.pods.replace(key, Some(&before), None);
        }
        self.history.push(Change {
            version: self.version,
            kind,
            happened: Happened::Deleted,
            object: Arc::clone(&object),
            before: Some(before),
        });
        self.touched.push((kind, Arc::clone(&object)));
        Some(object)
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
