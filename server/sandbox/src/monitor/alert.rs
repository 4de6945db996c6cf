//! One alert: its labels, its life, and what is still to be said about it.

use crate::clock::millis;
use crate::config::HookFormat;
use crate::field::hash;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::time::Instant;

/// The labels that identify an alert.
pub type Labels = BTreeMap<String, String>;

/// Whether an alert fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It fires.
    Firing,
    /// It is over.
    Resolved,
}

/// An alert and its undelivered notices.
#[derive(Debug, Clone)]
pub struct Alert {
    /// What identifies it.
    pub labels: Labels,
    /// Notes for people.
    pub annotations: Labels,
    /// The one-line alarm.
    pub text: String,
    /// The node it is about, when this monitoring raised it.
    pub node: Option<String>,
    /// Start of the episode.
    pub starts_at: Timestamp,
    /// End of the episode.
    pub ends_at: Option<Timestamp>,
    /// The last change.
    pub updated_at: Timestamp,
    /// What is still to be delivered, oldest first.
    pub outbox: VecDeque<Status>,
    /// Whether a delivery is under way, and when the next may begin.
    pub next_try: Option<Instant>,
    /// Deliveries that failed in a row.
    pub failures: u32,
}

impl Alert {
    /// An alert that fires from now on.
    pub fn new(labels: Labels, text: String, node: Option<String>, now: Timestamp) -> Alert {
        Alert {
            annotations: BTreeMap::from([("summary".to_owned(), text.clone())]),
            labels,
            text,
            node,
            starts_at: now,
            ends_at: None,
            updated_at: now,
            outbox: VecDeque::from([Status::Firing]),
            next_try: Some(Instant::now()),
            failures: 0,
        }
    }

    /// The alert is over.
    pub fn end(&mut self, now: Timestamp) {
        self.ends_at = Some(now);
        self.updated_at = now;
        self.outbox.push_back(Status::Resolved);
    }

    /// The body of a notice in the receiver's format.
    pub fn notice(&self, status: Status, format: HookFormat, source: &str) -> Value {
        match format {
            HookFormat::Text => json!({
                "text": self.text, "labels": self.labels, "starts_at": millis(self.starts_at),
                "status": status.name(), "fingerprint": fingerprint(&self.labels),
            }),
            HookFormat::Alertmanager => self.webhook(status, source),
        }
    }

    /// The alert as Alertmanager's API v2 shows it.
    pub fn gettable(&self, now: Timestamp) -> Value {
        let ends = self.ends_at.unwrap_or(now + crate::clock::secs(300));
        json!({
            "annotations": self.annotations, "labels": self.labels, "fingerprint": fingerprint(&self.labels),
            "startsAt": millis(self.starts_at), "endsAt": millis(ends), "updatedAt": millis(self.updated_at),
            "receivers": [{"name": "uncordon"}], "generatorURL": "",
            "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
        })
    }

    fn webhook(&self, status: Status, source: &str) -> Value {
        let ends = match status {
            Status::Firing => "0001-01-01T00:00:00Z".to_owned(),
            Status::Resolved => millis(self.ends_at.unwrap_or(self.updated_at)),
        };
        let group: BTreeMap<&str, &str> = self
            .labels
            .iter()
            .filter(|(key, _)| *key == "alertname")
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        let name = self.labels.get("alertname").map_or("", String::as_str);
        json!({
            "receiver": "uncordon", "status": status.name(), "version": "4", "externalURL": source, "truncatedAlerts": 0,
            "groupKey": format!("{{}}:{{alertname={name:?}}}"), "groupLabels": group,
            "commonLabels": self.labels, "commonAnnotations": self.annotations,
            "alerts": [{
                "status": status.name(), "labels": self.labels, "annotations": self.annotations,
                "startsAt": millis(self.starts_at), "endsAt": ends, "generatorURL": "", "fingerprint": fingerprint(&self.labels),
            }],
        })
    }
}

impl Status {
    /// The word on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Status::Firing => "firing",
            Status::Resolved => "resolved",
        }
    }
}

/// The stable identity of a set of labels.
pub fn fingerprint(labels: &Labels) -> String {
    let joined: Vec<String> = labels
        .iter()
        .map(|(key, value)| format!("{key}\u{1}{value}"))
        .collect();
    format!("{:016x}", hash(&joined.join("\u{2}")))
}
