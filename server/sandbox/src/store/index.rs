//! Which pods are on a node and which belong to a controller, without walking all of them.

use super::Key;
use crate::field::{list, text};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// Pods by node and by the UID of their controller.
#[derive(Debug, Default)]
pub struct PodIndex {
    by_node: HashMap<String, BTreeSet<Key>>,
    by_owner: HashMap<String, BTreeSet<Key>>,
}

impl PodIndex {
    /// Moves a pod from where it was to where it is now.
    pub fn replace(&mut self, key: &Key, before: Option<&Value>, after: Option<&Value>) {
        for (map, place) in [
            (&mut self.by_node, node as fn(&Value) -> &str),
            (&mut self.by_owner, controller),
        ] {
            let old = before.map_or("", place);
            let new = after.map_or("", place);
            if old == new {
                continue;
            }
            if let Some(keys) = map.get_mut(old) {
                keys.remove(key);
            }
            if !new.is_empty() {
                map.entry(new.to_owned()).or_default().insert(key.clone());
            }
        }
    }

    /// The pods bound to a node.
    pub fn on(&self, node: &str) -> Vec<Key> {
        self.by_node
            .get(node)
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }

    /// How many pods are bound to a node.
    pub fn count(&self, node: &str) -> usize {
        self.by_node.get(node).map_or(0, BTreeSet::len)
    }

    /// The pods of a controller.
    pub fn of(&self, owner: &str) -> Vec<Key> {
        self.by_owner
            .get(owner)
            .into_iter()
            .flatten()
            .cloned()
            .collect()
    }
}

fn node(pod: &Value) -> &str {
    text(pod, "/spec/nodeName")
}

/// The UID of the owner that controls an object.
pub fn controller(object: &Value) -> &str {
    list(object, "/metadata/ownerReferences")
        .iter()
        .find(|owner| owner["controller"] == true)
        .map_or("", |owner| text(owner, "/uid"))
}
