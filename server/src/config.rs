//! The one TOML file: every key once, no inline secrets, errors that name line, key and what was expected.

mod chat;
mod check;
mod cloud;
mod cluster;
mod limits;
mod notify;
mod place;
pub mod shown;
mod source;
mod team;

pub use self::chat::{ChatKeys, ChatKind, RoomKeys};
pub use self::cluster::Cluster;
pub use self::notify::{Escalation, HeartbeatOut, Mailbox, Notify, Smtp, Webhook};
pub use source::{HeartbeatKeys, Source, SourceKind};
pub use team::{CheckKeys, ImpactKeys, prometheus};

pub use self::cloud::{
    Allow, Cloud, Credentials, Ec2, Http, Kind, Named, OpenStack, Redfish, SignIn, Stop,
};

use ::cloud::secret::SecretSource;
use domain::guard::Guards;
use jiff::Timestamp;
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Why a config is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("config {} cannot be read: {source}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Not TOML, an unknown key or a value of the wrong kind.
    #[error("config {}: {message}", .path.display())]
    Toml {
        /// Which.
        path: PathBuf,
        /// Line, key and what was expected.
        message: String,
    },
    /// A value that does not fit the others.
    #[error("config {}, line {line}: {key}: {message}", .path.display())]
    Value {
        /// Which.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Key.
        key: String,
        /// What was expected.
        message: String,
    },
}

/// The whole file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// How we are reached and where we remember.
    pub server: Server,
    /// Clusters.
    #[serde(default, rename = "cluster")]
    pub clusters: Vec<Cluster>,
    /// Clouds.
    #[serde(default, rename = "cloud")]
    pub clouds: Vec<Cloud>,
    /// Alarm sources.
    #[serde(default, rename = "alarm_source")]
    pub sources: Vec<Source>,
    /// Limits.
    #[serde(default)]
    pub guards: Guards,
    /// Phones and the second channel.
    #[serde(default)]
    pub notify: Notify,
    /// Chats.
    #[serde(default, rename = "chat")]
    pub chats: Vec<ChatKeys>,
    /// Only in the make-believe world.
    pub sandbox: Option<Sandbox>,
    /// The file.
    #[serde(skip)]
    pub path: PathBuf,
    /// The same as it was written.
    #[serde(skip)]
    pub table: toml::Table,
}

/// `[server]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address to listen on.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// How browsers reach us; `https` makes cookies Secure.
    #[serde(default = "default_url")]
    pub public_url: String,
    /// Folder of the database.
    pub data: PathBuf,
    /// Programs that checks of kind `command` may run, by absolute path.
    #[serde(default)]
    pub check_commands: Vec<PathBuf>,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 3000))
}

fn default_url() -> String {
    "http://127.0.0.1:3000".to_owned()
}

/// `[sandbox]`: written by `uncordon sandbox`, never by hand.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sandbox {
    /// How much faster than the wall the clock runs.
    pub speed: f64,
    /// Anchor of that clock.
    pub t0: Timestamp,
    /// Where nodes are broken on purpose.
    pub control: String,
}

impl Config {
    /// Reads and checks a file; relative paths in it are relative to it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::File {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, path)
    }

    /// Checks a text as if it stood in the file `path`.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let wrong = |error: toml::de::Error| ConfigError::Toml {
            path: path.to_owned(),
            message: said(&error, text),
        };
        let mut config: Self = toml::from_str(text).map_err(wrong)?;
        config.table = toml::from_str(text).map_err(wrong)?;
        config.path = path.to_owned();
        config.limit(text, path)?;
        config.check(text, path)?;
        config.anchor(path.parent().unwrap_or(Path::new(".")));
        Ok(config)
    }

    fn anchor(&mut self, base: &Path) {
        let fix = |path: &mut PathBuf| {
            if path.is_relative() {
                *path = base.join(&*path);
            }
        };
        fix(&mut self.server.data);
        self.clusters
            .iter_mut()
            .flat_map(Cluster::paths)
            .for_each(fix);
        self.clouds.iter_mut().flat_map(Cloud::paths).for_each(fix);
        self.notify.files().for_each(fix);
        self.chats
            .iter_mut()
            .flat_map(ChatKeys::files)
            .for_each(fix);
        for cluster in &mut self.clusters {
            cluster
                .checks
                .iter_mut()
                .flat_map(CheckKeys::files)
                .for_each(fix);
            cluster
                .impact
                .iter_mut()
                .flat_map(ImpactKeys::files)
                .for_each(fix);
        }
        for source in &mut self.sources {
            source.files().for_each(fix);
        }
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.server.data.join("uncordon.db")
    }

    /// Every file with a secret in it.
    pub fn secret_files(&self) -> Vec<PathBuf> {
        let clusters = self.clusters.iter();
        let mut files: Vec<PathBuf> = clusters
            .flat_map(|one| one.kubeconfig.iter().chain(&one.token_file))
            .cloned()
            .collect();
        files.extend(self.clouds.iter().flat_map(Cloud::secret_files));
        for mut source in self.sources.clone() {
            files.extend(source.files().map(|path| path.clone()));
        }
        files.extend(self.notify.clone().files().map(|path| path.clone()));
        for mut chat in self.chats.clone() {
            files.extend(chat.files().map(|path| path.clone()));
        }
        files
    }

    /// Whether browsers reach us over TLS.
    pub fn secure(&self) -> bool {
        self.server.public_url.starts_with("https://")
    }
}

/// Line, key and what was expected; never the line itself: there are people who write a password where it is not expected.
fn said(error: &toml::de::Error, text: &str) -> String {
    let message = without_value(error.message());
    let Some(span) = error.span() else {
        return message;
    };
    let before = text.get(..span.start).unwrap_or_default();
    let number = before.matches('\n').count() + 1;
    let line = text.lines().nth(number - 1).unwrap_or_default();
    match line.split_once('=') {
        Some((key, _)) if !message.contains(key.trim()) => {
            format!("line {number}: {}: {message}", key.trim())
        }
        _ => format!("line {number}: {message}"),
    }
}

/// `invalid type: string "..", expected ..` without the string.
fn without_value(message: &str) -> String {
    match (
        message.split_once(": string \""),
        message.rfind("\", expected "),
    ) {
        (Some((begin, _)), Some(end)) => format!("{begin}: a text{}", &message[end + 1..]),
        _ => message.trim_end().to_owned(),
    }
}

fn secret(file: Option<&PathBuf>, env: Option<&String>) -> Option<SecretSource> {
    file.cloned()
        .map(SecretSource::File)
        .or_else(|| env.cloned().map(SecretSource::Env))
}
