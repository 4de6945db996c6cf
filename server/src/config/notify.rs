//! `[notify]`: how phones and the second channel are told.

use super::secret;
use cloud::secret::SecretSource;
use domain::id::{ClusterName, PersonName};
use domain::message::{Channel, Stage, Wants};
use notify::heartbeat::Kind;
use notify::mail::{Tls, address};
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
    /// How loud; by default what needs a person, and everything for a pager.
    channels: Option<Vec<Channel>>,
    /// Which clusters; empty: all.
    #[serde(default)]
    pub clusters: Vec<ClusterName>,
    /// Which states; empty: all.
    #[serde(default)]
    pub stages: Vec<Stage>,
}

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
        }
    }
}

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
        let usual = match self.shape {
            Shape::Plain => important(),
            Shape::PagerDuty | Shape::GoAlert => Channel::ALL.to_vec(),
        };
        Wants {
            channels: self.channels.clone().unwrap_or(usual),
            clusters: self.clusters.clone(),
            stages: self.stages.clone(),
        }
    }
}

/// What does not fit: a text to find in the file, the key, what was expected.
type Fault<'a> = (&'a str, &'static str, String);

fn fault<'a>(near: &'a str, key: &'static str, expected: String) -> Option<Fault<'a>> {
    Some((near, key, expected))
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

    /// What does not fit, as (text to find in the file, key, what was expected).
    pub fn fault(&self) -> Option<Fault<'_>> {
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
            // Good news is told as default and info.
            let deaf = hook.channels.as_ref().is_some_and(|some| some.len() < 3);
            if hook.shape != Shape::Plain && deaf {
                return wrong(
                    "notify.webhook.channels",
                    format!(
                        "expected all three or no such key for {}: a pager that hears important alone opens and never resolves",
                        hook.name
                    ),
                );
            }
        }
        self.mail_fault().or_else(|| self.beat_fault())
    }

    fn mail_fault(&self) -> Option<Fault<'_>> {
        let wrong = fault;
        if let Some(smtp) = &self.smtp {
            if let Err(why) = address(&smtp.from) {
                return wrong(
                    &smtp.from,
                    "notify.smtp.from",
                    format!("expected a mail address: {why}"),
                );
            }
            if smtp.user.is_some() != smtp.password().is_some() {
                let expected =
                    "expected a user and one of password_file and password_env, or neither";
                return wrong(&smtp.host, "notify.smtp.user", expected.to_owned());
            }
        }
        for (index, one) in self.mailboxes.iter().enumerate() {
            if self.smtp.is_none() {
                let expected = "expected a [notify.smtp] with the server that takes its mail";
                return wrong(&one.name, "notify.mailbox", expected.to_owned());
            }
            if self.mailboxes[..index]
                .iter()
                .any(|other| other.name == one.name)
            {
                let expected = format!("{} is given twice; expected a name of its own", one.name);
                return wrong(&one.name, "notify.mailbox.name", expected);
            }
            let bad = one.to.iter().find_map(|to| address(to).err());
            if one.to.is_empty() || bad.is_some() {
                let why = bad.unwrap_or_else(|| "there is none".to_owned());
                let expected = format!("expected mail addresses for {}: {why}", one.name);
                return wrong(&one.name, "notify.mailbox.to", expected);
            }
        }
        None
    }

    fn beat_fault(&self) -> Option<Fault<'_>> {
        let beat = self.heartbeat.as_ref()?;
        if beat.url.is_some() == beat.url_file.is_some() {
            let expected = "expected exactly one of url and url_file";
            return Some((
                "notify.heartbeat",
                "notify.heartbeat.url",
                expected.to_owned(),
            ));
        }
        (!(10..=60).contains(&beat.every_s)).then(|| {
            let expected = "expected 10 to 60: a longer silence is noticed too late";
            ("every_s", "notify.heartbeat.every_s", expected.to_owned())
        })
    }
}
