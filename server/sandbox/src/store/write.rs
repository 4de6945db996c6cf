//! Putting, changing and removing objects: one version each.

use super::{Change, Happened, Key, Kind, Store};
use serde_json::{Value, json};
use std::sync::Arc;

impl Store {
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
}
