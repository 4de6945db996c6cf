//! `[[chat]]`: a chat that people speak in, and the rooms of it that are told.

use super::place::place;
use super::{Config, ConfigError, secret};
use cloud::secret::SecretSource;
use domain::id::ClusterName;
use domain::message::{Channel, Stage, Wants};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Kinds of chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChatKind {
    /// Slack: Socket Mode, or signed requests.
    Slack,
    /// Mattermost: slash commands and outgoing webhooks.
    Mattermost,
    /// Telegram: long polls, or a webhook.
    Telegram,
    /// Matrix: by our own account's sync.
    Matrix,
}

impl ChatKind {
    /// The word of the config.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Mattermost => "mattermost",
            Self::Telegram => "telegram",
            Self::Matrix => "matrix",
        }
    }
}

/// `[[chat]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChatKeys {
    /// What people call it, and the last part of its hook.
    pub name: String,
    /// Kind.
    pub kind: ChatKind,
    /// Where its API is.
    pub api_url: Option<String>,
    /// File with the token of our account there.
    pub token_file: Option<PathBuf>,
    /// Environment variable with that token.
    pub token_env: Option<String>,
    /// Slack: file with the signing secret of its requests.
    pub signing_file: Option<PathBuf>,
    /// Slack: file with the app token of Socket Mode.
    pub app_token_file: Option<PathBuf>,
    /// Mattermost: files with the tokens of its slash commands and outgoing webhooks.
    #[serde(default)]
    pub hook_token_files: Vec<PathBuf>,
    /// Telegram: file with the secret of its webhook.
    pub webhook_secret_file: Option<PathBuf>,
    /// Where the doctor says a test.
    pub test_room: Option<String>,
    /// The rooms that are told.
    #[serde(default, rename = "room")]
    pub rooms: Vec<RoomKeys>,
}

/// `[[chat.room]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoomKeys {
    /// The chat's own id of it.
    pub id: String,
    /// How loud.
    #[serde(default = "spoken")]
    pub channels: Vec<Channel>,
    /// Which clusters; empty: all.
    #[serde(default)]
    pub clusters: Vec<ClusterName>,
    /// Which states; empty: all.
    #[serde(default)]
    pub stages: Vec<Stage>,
}

fn spoken() -> Vec<Channel> {
    vec![Channel::Important, Channel::Default]
}

impl RoomKeys {
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

impl ChatKeys {
    /// Where the token of our account is kept.
    pub fn token(&self) -> Option<SecretSource> {
        secret(self.token_file.as_ref(), self.token_env.as_ref())
    }

    /// All files it names.
    pub(super) fn files(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        [
            self.token_file.as_mut(),
            self.signing_file.as_mut(),
            self.app_token_file.as_mut(),
            self.webhook_secret_file.as_mut(),
        ]
        .into_iter()
        .flatten()
        .chain(&mut self.hook_token_files)
    }

    /// What does not fit, as (key, what was expected).
    fn fault(&self) -> Option<(&'static str, String)> {
        let kind = self.kind;
        let of = |key: &'static str, owner: ChatKind, given: bool| {
            (given && kind != owner).then(|| {
                let expected = format!("expected only where kind = {:?}", owner.word());
                (key, expected)
            })
        };
        let foreign = [
            of("signing_file", ChatKind::Slack, self.signing_file.is_some()),
            of(
                "app_token_file",
                ChatKind::Slack,
                self.app_token_file.is_some(),
            ),
            of(
                "hook_token_files",
                ChatKind::Mattermost,
                !self.hook_token_files.is_empty(),
            ),
            of(
                "webhook_secret_file",
                ChatKind::Telegram,
                self.webhook_secret_file.is_some(),
            ),
        ];
        if let Some(fault) = foreign.into_iter().flatten().next() {
            return Some(fault);
        }
        if self.token_file.is_some() == self.token_env.is_some() {
            return Some((
                "token_file",
                "expected exactly one of token_file and token_env".to_owned(),
            ));
        }
        let needed = |key, text: &str| Some((key, text.to_owned()));
        match kind {
            ChatKind::Slack if self.signing_file.is_none() && self.app_token_file.is_none() => {
                needed(
                    "app_token_file",
                    "expected app_token_file (Socket Mode) or signing_file (requests to its hook)",
                )
            }
            ChatKind::Mattermost if self.hook_token_files.is_empty() => needed(
                "hook_token_files",
                "expected the token of at least one slash command or outgoing webhook",
            ),
            ChatKind::Mattermost | ChatKind::Matrix if self.api_url.is_none() => {
                needed("api_url", "expected the address of the server")
            }
            _ => match &self.api_url {
                Some(url) if notify::webhook::address(url).is_none() => {
                    needed("api_url", "expected http(s)://host/..")
                }
                _ => None,
            },
        }
    }
}

impl Config {
    pub(super) fn check_chats(
        &self,
        text: &str,
        wrong: &dyn Fn(usize, &str, String) -> ConfigError,
    ) -> Result<(), ConfigError> {
        let at = |index, key: &str, expected| Err(wrong(place(text, key, index), key, expected));
        for (index, chat) in self.chats.iter().enumerate() {
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            if chat.name.is_empty() || chat.name.len() > 63 || !chat.name.chars().all(plain) {
                let expected = "expected 1 to 63 letters, digits, '-' or '_'".to_owned();
                return at(index, "chat.name", expected);
            }
            if self.chats[..index].iter().any(|one| one.name == chat.name) {
                let expected = format!("{} is given twice; expected a name of its own", chat.name);
                return at(index, "chat.name", expected);
            }
            if let Some((key, expected)) = chat.fault() {
                let expected = format!("{expected}, for {}", chat.name);
                return at(index, &format!("chat.{key}"), expected);
            }
        }
        if let Some((index, expected)) = self.room_twice() {
            return at(index, "chat.room.id", expected);
        }
        let rooms = self.chats.iter().flat_map(|chat| &chat.rooms);
        let hooks = self.notify.webhooks.iter();
        let boxes = self.notify.mailboxes.iter();
        let strange = self
            .strange("chat.room.clusters", rooms.map(|one| &one.clusters))
            .or_else(|| self.strange("notify.webhook.clusters", hooks.map(|one| &one.clusters)))
            .or_else(|| self.strange("notify.mailbox.clusters", boxes.map(|one| &one.clusters)));
        strange.map_or(Ok(()), |(index, key, expected)| at(index, key, expected))
    }

    /// A room that is told twice, counted over all chats: it would hear what either wants, and which one is left to chance.
    fn room_twice(&self) -> Option<(usize, String)> {
        let rooms = self
            .chats
            .iter()
            .flat_map(|chat| chat.rooms.iter().map(|room| (&chat.name, &room.id)));
        let mut seen = BTreeSet::new();
        rooms.enumerate().find_map(|(index, (chat, id))| {
            let twice = !seen.insert((chat, id));
            twice.then(|| {
                let expected = format!("{id} is given twice for {chat}; expected each room once");
                (index, expected)
            })
        })
    }

    /// A cluster that is none: in which of these lists, and what was expected.
    fn strange<'a>(
        &self,
        key: &'static str,
        lists: impl Iterator<Item = &'a Vec<ClusterName>>,
    ) -> Option<(usize, &'static str, String)> {
        let known = |name: &ClusterName| self.clusters.iter().any(|one| one.name == *name);
        lists.enumerate().find_map(|(index, names)| {
            let name = names.iter().find(|name| !known(name))?;
            let all: Vec<&str> = self.clusters.iter().map(|one| one.name.as_str()).collect();
            let expected = format!(
                "no [[cluster]] is called {name}; expected one of: {}",
                all.join(", ")
            );
            Some((index, key, expected))
        })
    }
}
