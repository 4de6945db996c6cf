//! The record of what was asked of the world, from which tests judge.

use crate::clock::millis;
use jiff::Timestamp;
use serde_json::{Value, json};

/// Which of the world's faces was spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// The Kubernetes API.
    Kubernetes,
    /// Keystone and Nova.
    Cloud,
    /// Alarms sent and closed.
    Monitoring,
}

/// One call, before it is numbered.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Who was asked.
    pub face: Face,
    /// What was asked: `patch`, `create`, `os-start`, `fire`.
    pub verb: String,
    /// The path of the request.
    pub path: String,
    /// The node concerned, where one can be told.
    pub node: Option<String>,
    /// The HTTP status answered; 0 when the connection was cut instead.
    pub status: u16,
    /// Who asked.
    pub user: String,
    /// What was sent.
    pub body: Value,
}

/// All calls in the order in which the world took them.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: Vec<(Timestamp, Entry)>,
}

impl Ledger {
    /// Writes one call down.
    pub fn record(&mut self, now: Timestamp, entry: Entry) {
        self.entries.push((now, entry));
    }

    /// The calls the world accepted, or with `all` also those it refused.
    pub fn to_json(&self, all: bool) -> Value {
        let items: Vec<Value> = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, (_, entry))| all || entry.accepted())
            .map(|(index, (at, entry))| entry.to_json(index + 1, *at))
            .collect();
        json!({ "items": items })
    }
}

impl Entry {
    fn accepted(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn to_json(&self, n: usize, at: Timestamp) -> Value {
        json!({
            "n": n, "at": millis(at), "face": self.face.name(), "verb": self.verb, "path": self.path, "node": self.node,
            "status": self.status, "accepted": self.accepted(), "user": self.user, "body": self.body,
        })
    }
}

impl Face {
    /// The face's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Face::Kubernetes => "kubernetes",
            Face::Cloud => "cloud",
            Face::Monitoring => "monitoring",
        }
    }
}
