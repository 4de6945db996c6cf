//! `[notify.smtp]` and `[[notify.mailbox]]`: who takes our mail, and who gets it.

use super::important;
use crate::config::secret;
use cloud::secret::SecretSource;
use domain::id::ClusterName;
use domain::message::{Channel, Stage, Wants};
use notify::mail::Tls;
use serde::Deserialize;
use std::path::PathBuf;

/// `[notify.smtp]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Its host.
    pub host: String,
    /// Its port.
    #[serde(default = "submission")]
    pub port: u16,
    /// How the line is kept private.
    #[serde(default = "starttls")]
    pub tls: Tls,
    /// Who writes.
    pub from: String,
    /// As whom we sign in there.
    pub user: Option<String>,
    /// File with that user's password.
    pub password_file: Option<PathBuf>,
    /// Environment variable with it.
    pub password_env: Option<String>,
}

const fn submission() -> u16 {
    587
}

const fn starttls() -> Tls {
    Tls::Starttls
}

impl Smtp {
    /// Where the password is kept, if there is one.
    pub fn password(&self) -> Option<SecretSource> {
        secret(self.password_file.as_ref(), self.password_env.as_ref())
    }
}

/// `[[notify.mailbox]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mailbox {
    /// What people call it.
    pub name: String,
    /// Its addresses.
    pub to: Vec<String>,
    /// How loud.
    #[serde(default = "important")]
    pub channels: Vec<Channel>,
    /// Which clusters; empty: all.
    #[serde(default)]
    pub clusters: Vec<ClusterName>,
    /// Which states; empty: all.
    #[serde(default)]
    pub stages: Vec<Stage>,
}

impl Mailbox {
    /// What it hears.
    pub fn wants(&self) -> Wants {
        Wants {
            channels: self.channels.clone(),
            clusters: self.clusters.clone(),
            stages: self.stages.clone(),
            ends: false,
        }
    }
}
