//! Alarm sources of a config: what each must show, what it sends, and where its alarms are closed.

use crate::config::{Config, Source, SourceKind};
use crate::web::hooks::{HookSettings, Shown};
use alarms::Format;
use alarms::alertmanager::{self, Alertmanager};
use alarms::auth::Expected;
use alarms::signature::Signature;
use anyhow::Context;
use cloud::secret::{SecretError, SecretSource};
use domain::id::SourceName;
use domain::rule::pattern::Pattern;
use domain::watch::{self, HEARTBEAT, NODE_WATCH};
use engine::Heartbeat;
use engine::ports::AlarmSource;
use jiff::SignedDuration;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Where the alarms of each source are closed; our own sources have nobody to tell.
pub(super) fn closers(
    config: &Config,
) -> anyhow::Result<BTreeMap<SourceName, Arc<dyn AlarmSource>>> {
    let silent = || Arc::new(alarms::silent::Silent) as Arc<dyn AlarmSource>;
    let mut found: BTreeMap<SourceName, Arc<dyn AlarmSource>> = [NODE_WATCH, HEARTBEAT]
        .into_iter()
        .map(|name| (watch::source(name), silent()))
        .collect();
    for one in &config.sources {
        let mut places = places(one).with_context(|| format!("alarm source {}", one.name))?;
        let port = match places.len() {
            0 => silent(),
            1 => places.remove(0),
            _ => Arc::new(alarms::every::Every(places)),
        };
        found.insert(one.name.clone(), port);
    }
    Ok(found)
}

fn places(one: &Source) -> anyhow::Result<Vec<Arc<dyn AlarmSource>>> {
    let mut places: Vec<Arc<dyn AlarmSource>> = Vec::new();
    let token = one.api_token_file.as_deref().map(ask);
    if one.kind == SourceKind::Alertmanager {
        places.push(Arc::new(alertmanager(one)?));
    }
    if let Some(url) = &one.callback_url {
        let callback = alarms::callback::Callback::new(url, token).map_err(anyhow::Error::msg)?;
        places.push(Arc::new(callback));
    }
    if let Some(file) = &one.pagerduty_key_file {
        let label = one.pagerduty_dedup_label.clone();
        let place = alarms::pagerduty::PagerDuty::new(&one.pagerduty_url, ask(file), label)
            .map_err(anyhow::Error::msg)?;
        places.push(Arc::new(place));
    }
    Ok(places)
}

/// Where an Alertmanager is told.
pub fn alertmanager(one: &Source) -> anyhow::Result<Alertmanager> {
    let token = one.api_token_file.as_deref().map(ask);
    Ok(Alertmanager::new(alertmanager::Settings {
        url: one.api_url.clone(),
        login: token.map_or(alertmanager::Login::Open, alertmanager::Login::Bearer),
    })?)
}

fn ask(path: &Path) -> alarms::Ask {
    let source = SecretSource::File(path.to_owned());
    Arc::new(move || {
        source
            .read()
            .map(|secret| secret.reveal().to_owned())
            .map_err(|error| error.to_string())
    })
}

/// Heartbeats that must not stay away.
pub(super) fn heartbeats(config: &Config) -> anyhow::Result<Vec<Heartbeat>> {
    let mut found = Vec::new();
    for source in &config.sources {
        if let Some(beat) = &source.heartbeat {
            found.push(Heartbeat {
                source: source.name.clone(),
                pattern: Pattern::plain(beat.pattern.get_ref())
                    .with_context(|| format!("heartbeat of alarm source {}", source.name))?,
                silent: SignedDuration::from_secs((*beat.silent_s.get_ref()).into()),
            });
        }
    }
    Ok(found)
}

/// What each alarm source must show to be heard, and what it sends.
pub fn doors(config: &Config) -> anyhow::Result<BTreeMap<SourceName, HookSettings>> {
    config
        .sources
        .iter()
        .map(|one| {
            let door = door(one).with_context(|| format!("alarm source {}", one.name))?;
            Ok((one.name.clone(), door))
        })
        .collect()
}

/// Its secrets are read whenever somebody shows one, so that they can be exchanged without a restart; once now, to say
/// early what cannot be read.
pub fn door(one: &Source) -> anyhow::Result<HookSettings> {
    let format = match (one.kind, &one.fields) {
        (SourceKind::Grafana, _) => Format::Grafana,
        (SourceKind::Json, Some(fields)) => Format::Mapped(Arc::new(fields.clone())),
        (SourceKind::Json, None) | (SourceKind::Alertmanager | SourceKind::Text, _) => Format::Any,
    };
    shown(one)?;
    let one = one.clone();
    Ok(HookSettings {
        shows: Arc::new(move || shown(&one).map_err(|error| error.to_string())),
        format,
    })
}

fn shown(one: &Source) -> Result<Shown, SecretError> {
    let mut auth = Expected::new();
    if let Some(token) = one.token() {
        // Two lines are two tokens: both are good while the senders change over.
        for line in token.read()?.reveal().lines() {
            auth = auth.bearer(line);
        }
    }
    if let (Some(user), Some(file)) = (&one.basic_user, &one.basic_password_file) {
        let password = SecretSource::File(file.clone()).read()?;
        auth = auth.basic(user, password.reveal());
    }
    let signature = match &one.signature_file {
        None => None,
        Some(file) => {
            let secret = SecretSource::File(file.clone()).read()?;
            let time = one.signature_timestamp_header.as_deref();
            Some(Signature::new(secret.reveal(), &one.signature_header, time))
        }
    };
    Ok(Shown { auth, signature })
}
