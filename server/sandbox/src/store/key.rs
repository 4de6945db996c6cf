//! The name under which an object is kept.

use crate::field::text;
use serde_json::Value;

/// The name of an object within its kind; `namespace` is empty for cluster-wide kinds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The namespace, or the empty text.
    pub namespace: String,
    /// The name.
    pub name: String,
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
