//! `[notify]`: how phones and the second channel are told.

use super::secret;
use cloud::secret::SecretSource;
use domain::message::Channel;
use serde::Deserialize;
use std::path::PathBuf;

/// `[notify]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notify {
    /// Whom a push service may write to: `mailto:` or `https:`.
    pub subject: Option<String>,
    /// Push services that may be called.
    #[serde(default = "known")]
    pub push_hosts: Vec<String>,
    /// Second channels.
    #[serde(default, rename = "webhook")]
    pub webhooks: Vec<Webhook>,
}

impl Default for Notify {
    fn default() -> Self {
        Self {
            subject: None,
            push_hosts: known(),
            webhooks: Vec::new(),
        }
    }
}

fn known() -> Vec<String> {
    notify::hosts::KNOWN.map(str::to_owned).to_vec()
}

/// `[[notify.webhook]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// What people call it.
    pub name: String,
    /// Where it listens.
    pub url: String,
    /// File with the bearer token it is sent.
    pub token_file: Option<PathBuf>,
    /// Environment variable with that token.
    pub token_env: Option<String>,
    /// What it hears.
    #[serde(default = "important")]
    pub channels: Vec<Channel>,
}

fn important() -> Vec<Channel> {
    vec![Channel::Important]
}

impl Webhook {
    /// Where its token is kept, if it has one.
    pub fn token(&self) -> Option<SecretSource> {
        secret(self.token_file.as_ref(), self.token_env.as_ref())
    }
}

impl Notify {
    /// What does not fit, as (text to find in the file, key, what was expected).
    pub fn fault(&self) -> Option<(&str, &'static str, String)> {
        if let Some(subject) = &self.subject
            && !subject.starts_with("https://")
            && !subject.starts_with("mailto:")
        {
            return Some((
                subject,
                "notify.subject",
                "expected an address that begins with mailto: or https://".to_owned(),
            ));
        }
        for (index, hook) in self.webhooks.iter().enumerate() {
            let wrong = |key, message| Some((hook.name.as_str(), key, message));
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
            if hook.name.is_empty() || hook.name.len() > 63 || !hook.name.chars().all(plain) {
                return wrong(
                    "notify.webhook.name",
                    "expected 1 to 63 letters, digits, '-', '_' or '.'".to_owned(),
                );
            }
            if self.webhooks[..index]
                .iter()
                .any(|other| other.name == hook.name)
            {
                return wrong(
                    "notify.webhook.name",
                    format!("{} is given twice; expected a name of its own", hook.name),
                );
            }
            if notify::webhook::address(&hook.url).is_none() {
                return wrong(
                    "notify.webhook.url",
                    format!("expected http(s)://host/.. for {}", hook.name),
                );
            }
            if hook.token_file.is_some() && hook.token_env.is_some() {
                return wrong(
                    "notify.webhook.token_file",
                    format!(
                        "expected at most one of token_file and token_env for {}",
                        hook.name
                    ),
                );
            }
        }
        None
    }
}
