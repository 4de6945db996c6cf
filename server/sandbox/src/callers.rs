//! Who may call the Kubernetes API, with which rights, and which of those were used.

mod rule;

pub use rule::{Attempt, Rule};

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A caller that a test lets in; the rules are those of a Role or ClusterRole, as they stand in a manifest.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guest {
    /// Its bearer token.
    pub token: String,
    /// Its name in messages and in the ledger.
    pub name: String,
    /// What it may do.
    pub rules: Vec<Rule>,
}

/// The guests, and what everybody did.
#[derive(Debug, Default)]
pub struct Callers {
    guests: Vec<Guest>,
    used: BTreeMap<String, BTreeSet<Attempt>>,
}

impl Callers {
    /// Lets these in and nobody who was let in before.
    pub fn replace(&mut self, guests: Vec<Guest>) {
        self.guests = guests;
    }

    /// The guest behind a token.
    pub fn find(&self, token: &str) -> Option<&Guest> {
        self.guests.iter().find(|one| one.token == token)
    }

    /// Writes down that a right was used.
    pub fn used(&mut self, name: &str, attempt: Attempt) {
        let nameless = Attempt {
            name: String::new(),
            ..attempt
        };
        self.used
            .entry(name.to_owned())
            .or_default()
            .insert(nameless);
    }

    /// Which rights each caller used so far.
    pub fn record(&self) -> &BTreeMap<String, BTreeSet<Attempt>> {
        &self.used
    }
}
