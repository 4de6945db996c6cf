//! `[notify]`: how phones and the second channel are told.

mod calls;
mod mail;

pub use calls::{Escalation, HeartbeatOut};
pub use mail::{Mailbox, Smtp};

use super::secret;
use cloud::secret::SecretSource;
use domain::id::ClusterName;
use domain::message::{Channel, Stage, Wants};
use notify::mail::address;
use notify::webhook::Shape;
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
    /// The server that takes mail.
    pub smtp: Option<Smtp>,
    /// Who gets mail.
    #[serde(default, rename = "mailbox")]
    pub mailboxes: Vec<Mailbox>,
    /// Who is called when nobody acknowledges.
    pub escalation: Option<Escalation>,
    /// Who is told that we live.
    pub heartbeat: Option<HeartbeatOut>,
}

impl Default for Notify {
    fn default() -> Self {
        Self {
            subject: None,
            push_hosts: known(),
            webhooks: Vec::new(),
            smtp: None,
            mailboxes: Vec::new(),
            escalation: None,
            heartbeat: None,
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
    /// How it wants to be told.
    #[serde(default)]
    pub shape: Shape,
    /// How loud; by default what needs a person. Ends come to a pager in any case.
    channels: Option<Vec<Channel>>,
    /// Which clusters; empty: all.
    #[serde(default)]
    pub clusters: Vec<ClusterName>,
    /// Which states; empty: all.
    #[serde(default)]
    pub stages: Vec<Stage>,
}

fn important() -> Vec<Channel> {
    vec![Channel::Important]
}

impl Webhook {
    /// Where its token is kept, if it has one.
    pub fn token(&self) -> Option<SecretSource> {
        secret(self.token_file.as_ref(), self.token_env.as_ref())
    }

    /// What it hears.
    pub fn wants(&self) -> Wants {
        Wants {
            channels: self.channels.clone().unwrap_or_else(important),
            clusters: self.clusters.clone(),
            stages: self.stages.clone(),
            ends: self.shape != Shape::Plain,
        }
    }
}

/// What does not fit: the number of its block from 0, the key, what was expected.
type Fault = (usize, &'static str, String);

fn fault(index: usize, key: &'static str, expected: impl Into<String>) -> Option<Fault> {
    Some((index, key, expected.into()))
}

impl Notify {
    /// All files it names.
    pub(super) fn files(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let hooks = self.webhooks.iter_mut();
        let smtp = self
            .smtp
            .as_mut()
            .and_then(|one| one.password_file.as_mut());
        let beat = self.heartbeat.as_mut().map(|one| {
            [one.url_file.as_mut(), one.token_file.as_mut()]
                .into_iter()
                .flatten()
        });
        hooks
            .filter_map(|one| one.token_file.as_mut())
            .chain(smtp)
            .chain(beat.into_iter().flatten())
    }

    /// What does not fit, as (the number of its block, key, what was expected).
    pub fn fault(&self) -> Option<Fault> {
        if let Some(subject) = &self.subject
            && !subject.starts_with("https://")
            && !subject.starts_with("mailto:")
        {
            let expected = "expected an address that begins with mailto: or https://";
            return fault(0, "notify.subject", expected);
        }
        let mut hooks = self.webhooks.iter().enumerate();
        hooks
            .find_map(|(index, one)| self.hook_fault(index, one))
            .or_else(|| self.smtp_fault())
            .or_else(|| self.mailbox_fault())
            .or_else(|| self.beat_fault())
    }

    fn hook_fault(&self, index: usize, hook: &Webhook) -> Option<Fault> {
        let name = &hook.name;
        let before = self.webhooks[..index].iter().map(|one| &one.name);
        if let Some(expected) = misnamed(name, before) {
            return fault(index, "notify.webhook.name", expected);
        }
        if notify::webhook::address(&hook.url).is_none() {
            let expected = format!("expected http(s)://host/.. for {name}");
            return fault(index, "notify.webhook.url", expected);
        }
        if hook.token_file.is_some() && hook.token_env.is_some() {
            let expected = format!("expected at most one of token_file and token_env for {name}");
            return fault(index, "notify.webhook.token_file", expected);
        }
        None
    }

    fn smtp_fault(&self) -> Option<Fault> {
        let smtp = self.smtp.as_ref()?;
        if let Err(why) = address(&smtp.from) {
            return fault(
                0,
                "notify.smtp.from",
                format!("expected a mail address: {why}"),
            );
        }
        let both = smtp.password_file.is_some() && smtp.password_env.is_some();
        if both || smtp.user.is_some() != smtp.password().is_some() {
            let expected =
                "expected a user and exactly one of password_file and password_env, or neither";
            return fault(0, "notify.smtp.user", expected);
        }
        None
    }

    fn mailbox_fault(&self) -> Option<Fault> {
        self.mailboxes.iter().enumerate().find_map(|(index, one)| {
            if self.smtp.is_none() {
                let expected = "expected a [notify.smtp] with the server that takes its mail";
                return fault(index, "notify.mailbox", expected);
            }
            let before = self.mailboxes[..index].iter().map(|one| &one.name);
            if let Some(expected) = misnamed(&one.name, before) {
                return fault(index, "notify.mailbox.name", expected);
            }
            let bad = one.to.iter().find_map(|to| address(to).err());
            if one.to.is_empty() || bad.is_some() {
                let why = bad.unwrap_or_else(|| "there is none".to_owned());
                let expected = format!("expected mail addresses for {}: {why}", one.name);
                return fault(index, "notify.mailbox.to", expected);
            }
            None
        })
    }

    fn beat_fault(&self) -> Option<Fault> {
        let beat = self.heartbeat.as_ref()?;
        if beat.url.is_some() == beat.url_file.is_some() {
            let expected = "expected exactly one of url and url_file";
            return fault(0, "notify.heartbeat.url", expected);
        }
        let url = beat.url.as_ref();
        if url.is_some_and(|url| notify::webhook::address(url).is_none()) {
            return fault(0, "notify.heartbeat.url", "expected http(s)://host/..");
        }
        if !(10..=60).contains(&beat.every_s) {
            let expected = "expected 10 to 60: a longer silence is noticed too late";
            return fault(0, "notify.heartbeat.every_s", expected);
        }
        None
    }
}

/// What is wrong with the name of a webhook or a mailbox.
fn misnamed<'a>(name: &str, mut before: impl Iterator<Item = &'a String>) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || name.len() > 63 || !name.chars().all(plain) {
        return Some("expected 1 to 63 letters, digits, '-', '_' or '.'".to_owned());
    }
    before
        .any(|other| other == name)
        .then(|| format!("{name} is given twice; expected a name of its own"))
}
