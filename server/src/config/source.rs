//! `[[alarm_source]]`, and the clusters that raise alarms themselves.

use super::{Config, ConfigError, secret};
use alarms::read::mapped::Mapping;
use cloud::secret::SecretSource;
use domain::id::SourceName;
use domain::rule::pattern::Pattern;
use domain::watch::{HEARTBEAT, NODE_WATCH};
use serde::Deserialize;
use std::path::PathBuf;
use toml::Spanned;

/// A watched node must be silent for at least so long: Kubernetes itself lags about so much.
const WATCH_MIN: u32 = 10;
/// A heartbeat may be expected every so many seconds at the most.
const SILENT_MIN: u32 = 10;

/// Kinds of alarm source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Alertmanager: webhook in, API v2 out.
    Alertmanager,
    /// Grafana's own alerting: webhook in.
    Grafana,
    /// JSON of any shape, read by `[alarm_source.fields]`.
    Json,
    /// Plain text or our own JSON in.
    Text,
}

/// `[[alarm_source]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Name: the last part of `/hooks/{name}`.
    pub name: SourceName,
    /// Kind.
    pub kind: SourceKind,
    /// File with the bearer token it must send.
    pub token_file: Option<PathBuf>,
    /// Environment variable with that token.
    pub token_env: Option<String>,
    /// User of basic authentication it may send instead.
    pub basic_user: Option<String>,
    /// File with that user's password.
    pub basic_password_file: Option<PathBuf>,
    /// File with the secret it signs its bodies with.
    pub signature_file: Option<PathBuf>,
    /// Header with the signature.
    #[serde(default = "default_header")]
    pub signature_header: String,
    /// Header with the time that is signed too.
    pub signature_timestamp_header: Option<String>,
    /// Base of Alertmanager's API, where alarms are closed.
    pub api_url: Option<String>,
    /// File with the bearer token for that API or for the callback.
    pub api_token_file: Option<PathBuf>,
    /// Address told when an alarm is closed.
    pub callback_url: Option<String>,
    /// File with the routing key of the PagerDuty integration that is told when an alarm is closed.
    pub pagerduty_key_file: Option<PathBuf>,
    /// Label with the key under which the incident was opened there.
    pub pagerduty_dedup_label: Option<String>,
    /// Where its events go.
    #[serde(default = "default_pagerduty")]
    pub pagerduty_url: String,
    /// Where in its JSON the fields of an alarm are.
    pub fields: Option<Mapping>,
    /// An alarm that must keep arriving.
    pub heartbeat: Option<HeartbeatKeys>,
}

/// `[alarm_source.heartbeat]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeartbeatKeys {
    /// What it looks like: a pattern on its text or its `alertname`.
    pub pattern: Spanned<String>,
    /// Absent for so many seconds it is an alarm by itself.
    pub silent_s: Spanned<u32>,
}

fn default_header() -> String {
    "X-Grafana-Alerting-Signature".to_owned()
}

fn default_pagerduty() -> String {
    alarms::pagerduty::DEFAULT_URL.to_owned()
}

impl Source {
    /// Where the token it must send is kept.
    pub fn token(&self) -> Option<SecretSource> {
        secret(self.token_file.as_ref(), self.token_env.as_ref())
    }

    /// Where everything is kept that a sender may show us.
    pub fn secrets(&self) -> Vec<SecretSource> {
        let files = [&self.basic_password_file, &self.signature_file];
        let files = files.into_iter().flatten().cloned().map(SecretSource::File);
        self.token().into_iter().chain(files).collect()
    }

    /// All files it names.
    pub(super) fn files(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        [
            self.token_file.as_mut(),
            self.basic_password_file.as_mut(),
            self.signature_file.as_mut(),
            self.api_token_file.as_mut(),
            self.pagerduty_key_file.as_mut(),
        ]
        .into_iter()
        .flatten()
    }

    fn shows_who_it_is(&self) -> bool {
        let basic = self.basic_user.is_some() && self.basic_password_file.is_some();
        self.token_file.is_some()
            || self.token_env.is_some()
            || basic
            || self.signature_file.is_some()
    }
}

impl Config {
    /// `wrong` makes a fault of a place, a key and a sentence; `at` finds the place of a text.
    pub(super) fn check_sources(
        &self,
        wrong: &impl Fn(usize, &str, String) -> ConfigError,
        at: &impl Fn(&str) -> usize,
    ) -> Result<(), ConfigError> {
        for (index, source) in self.sources.iter().enumerate() {
            let name = source.name.as_str();
            if [NODE_WATCH, HEARTBEAT].contains(&name) {
                let message =
                    format!("{name} is a source of Uncordon's own; expected another name");
                return Err(wrong(at(name), "alarm_source.name", message));
            }
            if self.sources[..index]
                .iter()
                .any(|other| other.name == source.name)
            {
                let message = format!("{name} is given twice; expected a name of its own");
                return Err(wrong(at(name), "alarm_source.name", message));
            }
            if !source.shows_who_it_is() {
                let message = format!(
                    "expected token_file, token_env, signature_file, or basic_user with basic_password_file for {name}"
                );
                return Err(wrong(at(name), "alarm_source.token_file", message));
            }
            if (source.kind == SourceKind::Json) != source.fields.is_some() {
                let message = format!(
                    "expected [alarm_source.fields] for {name} if its kind is \"json\", and only then"
                );
                return Err(wrong(at(name), "alarm_source.fields", message));
            }
            if let Some(beat) = &source.heartbeat {
                if let Err(error) = Pattern::plain(beat.pattern.get_ref()) {
                    let message = format!("is no pattern: {error}");
                    return Err(wrong(
                        beat.pattern.span().start,
                        "alarm_source.heartbeat.pattern",
                        message,
                    ));
                }
                if *beat.silent_s.get_ref() < SILENT_MIN {
                    let message = format!("expected at least {SILENT_MIN} seconds");
                    return Err(wrong(
                        beat.silent_s.span().start,
                        "alarm_source.heartbeat.silent_s",
                        message,
                    ));
                }
            }
        }
        Ok(())
    }

    pub(super) fn check_watches(
        &self,
        wrong: &impl Fn(usize, &str, String) -> ConfigError,
    ) -> Result<(), ConfigError> {
        for cluster in &self.clusters {
            let Some(silent) = &cluster.node_watch_s else {
                continue;
            };
            // An alarm counts from when the node fell silent: later than its time to live it would start nothing.
            let below = cluster.limits.alarm_ttl_s;
            if !(WATCH_MIN..below).contains(silent.get_ref()) {
                let message = format!(
                    "expected {WATCH_MIN} or more seconds, and less than alarm_ttl_s ({below})"
                );
                return Err(wrong(silent.span().start, "cluster.node_watch_s", message));
            }
        }
        Ok(())
    }
}
