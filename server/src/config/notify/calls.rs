//! `[notify.escalation]` and `[notify.heartbeat]`: who is called when nobody answers, here or from outside.

use domain::id::PersonName;
use notify::heartbeat::Kind;
use serde::Deserialize;
use std::path::PathBuf;

/// `[notify.escalation]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// Seconds until the first person, and from each to the next.
    #[serde(default = "five_minutes")]
    pub after_s: u32,
    /// Who, in this order.
    pub people: Vec<PersonName>,
}

const fn five_minutes() -> u32 {
    300
}

/// `[notify.heartbeat]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeartbeatOut {
    /// Who listens there.
    #[serde(default)]
    pub kind: Kind,
    /// Where.
    pub url: Option<String>,
    /// File with that address: it may be a secret by itself.
    pub url_file: Option<PathBuf>,
    /// File with the bearer token it is sent.
    pub token_file: Option<PathBuf>,
    /// Which installation this is.
    #[serde(default = "uncordon")]
    pub name: String,
    /// Seconds from beat to beat.
    #[serde(default = "half_a_minute")]
    pub every_s: u32,
}

fn uncordon() -> String {
    "uncordon".to_owned()
}

const fn half_a_minute() -> u32 {
    30
}
