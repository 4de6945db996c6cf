//! Who set `spec.unschedulable`, picked out of `metadata.managedFields` while it is parsed: the rest of it is never kept.

use crate::patch::FIELD_MANAGER;
use jiff::Timestamp;
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;
use std::fmt;

/// The field manager of a cordon that we did not place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cordoner {
    /// Its name; `None` when it gave none.
    pub manager: Option<String>,
    /// When it last wrote.
    pub at: Option<Timestamp>,
}

/// Reads the list; borrows, because every pod of a large cluster has one and none of them is a cordon.
pub fn cordoner<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Cordoner>, D::Error> {
    from.deserialize_any(Newest)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(borrow, default)]
    manager: Cow<'a, str>,
    #[serde(default)]
    time: Option<Timestamp>,
    #[serde(default)]
    fields_v1: Option<Fields>,
}

#[derive(Deserialize)]
struct Fields {
    #[serde(rename = "f:spec", default)]
    spec: Option<Spec>,
}

#[derive(Deserialize)]
struct Spec {
    #[serde(rename = "f:unschedulable", default)]
    unschedulable: Option<IgnoredAny>,
}

impl Entry<'_> {
    /// Ours does not count: it stays behind when our annotation was taken off, and names nobody.
    fn cordons(&self) -> bool {
        let spec = self.fields_v1.as_ref().and_then(|one| one.spec.as_ref());
        spec.is_some_and(|spec| spec.unschedulable.is_some()) && self.manager != FIELD_MANAGER
    }
}

struct Newest;

impl<'de> Visitor<'de> for Newest {
    type Value = Option<Cordoner>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of managed fields")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut newest: Option<Cordoner> = None;
        while let Some(entry) = entries.next_element::<Entry<'de>>()? {
            if entry.cordons() && newest.as_ref().is_none_or(|one| one.at <= entry.time) {
                newest = Some(Cordoner {
                    manager: Some(entry.manager.into_owned()).filter(|name| !name.is_empty()),
                    at: entry.time,
                });
            }
        }
        Ok(newest)
    }
}
