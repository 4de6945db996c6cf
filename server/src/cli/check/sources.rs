//! The doctor's look at where alarms come from and where people are told.

use super::answers;
use super::line::{Found, Line};
use crate::config::shown::place;
use crate::config::{Config, Source, SourceKind, Webhook};
use crate::{telling, wiring};
use futures::future::join_all;

/// A secret of fewer characters can be guessed.
const SECRET_MIN: usize = 20;

/// Their lines.
pub async fn lines(config: &Config) -> Vec<Line> {
    let mut lines = Vec::new();
    if config.sources.is_empty() {
        lines.push(Line::new("alarm sources", none(config)));
    }
    let sources = join_all(config.sources.iter().map(source)).await;
    lines.extend(sources.into_iter().flatten());
    lines.push(Line::new("notifications", notifications(config)));
    let hooks = config.notify.webhooks.iter();
    lines.extend(join_all(hooks.map(|hook| webhook(config, hook))).await);
    lines
}

fn none(config: &Config) -> Found {
    let watched = config
        .clusters
        .iter()
        .filter(|one| one.node_watch_s.is_some());
    match watched.count() {
        0 => Found::Failed(
            "none is set, so no alarm can come in; add an [[alarm_source]], or cluster.node_watch_s to let a cluster raise its own".to_owned(),
        ),
        count => Found::Well(format!("none is set; {count} clusters raise their own")),
    }
}

/// Whether it can be let in, and whether its alarms can be closed where they came from.
async fn source(one: &Source) -> Vec<Line> {
    let what = format!("alarm source {}", one.name);
    let line = |found| Line::new(what.clone(), found);
    let door = wiring::door(one);
    let mut lines = vec![line(match door {
        Ok(_) => Found::Well(format!("posts to /hooks/{}", one.name)),
        Err(error) => Found::Failed(format!(
            "{error:#}; without it nobody is let in: put a long random secret there (openssl rand -hex 32)"
        )),
    })];
    lines.extend(weak(one).map(line));
    if one.kind == SourceKind::Alertmanager && one.api_url.is_some() {
        let told = match wiring::alertmanager(one) {
            Ok(place) => place.check().await,
            Err(error) => Err(format!("{error:#}")),
        };
        lines.push(line(match told {
            Ok(text) => Found::Well(text),
            Err(why) => Found::Failed(format!("its alarms cannot be closed: {why} (api_url)")),
        }));
    }
    if let Some(url) = &one.callback_url {
        lines.push(line(told_at("callback_url", url).await));
    }
    if let Some(key) = &one.pagerduty_key_file {
        let readable = cloud::secret::SecretSource::File(key.clone()).read();
        lines.push(line(match readable {
            Ok(_) => told_at("pagerduty_url", &one.pagerduty_url).await,
            Err(error) => Found::Failed(format!(
                "{error}; put the integration's routing key into pagerduty_key_file"
            )),
        }));
    }
    lines
}

async fn told_at(key: &str, url: &str) -> Found {
    let place = place(url);
    match answers(url).await {
        Ok(_) => Found::Well(format!("{place} answers")),
        Err(why) => Found::Failed(format!(
            "its alarms cannot be closed at {place}: {why}; check {key} and that it runs"
        )),
    }
}

fn weak(one: &Source) -> Option<Found> {
    let short = one.secrets().into_iter().find(|source| {
        let known = source.read();
        known.is_ok_and(|secret| secret.reveal().chars().count() < SECRET_MIN)
    })?;
    Some(Found::Lacking(format!(
        "the secret in {short} has fewer than {SECRET_MIN} characters and can be guessed, and whoever has it may raise alarms; put a random one there (openssl rand -hex 32)"
    )))
}

/// Where phones and the second channel are told; nothing is sent.
fn notifications(config: &Config) -> Found {
    if config.notify.webhooks.is_empty() {
        return Found::Lacking(format!(
            "push services may write to {}; no [[notify.webhook]] is set, and a web app cannot break through Do Not Disturb",
            telling::subject(config)
        ));
    }
    Found::Well(format!(
        "push services may write to {}",
        telling::subject(config)
    ))
}

async fn webhook(config: &Config, hook: &Webhook) -> Line {
    let what = format!("webhook {}", hook.name);
    let token = hook.token().map(|source| source.read());
    if let Some(Err(error)) = token {
        let found =
            format!("{error}; put the token it is to be sent there, or leave token_file out");
        return Line::new(what, Found::Failed(found));
    }
    let found = match telling::webhook(config, hook) {
        Err(error) => Found::Failed(format!("{error:#}")),
        Ok(_) => match answers(&hook.url).await {
            Ok(_) => Found::Well(format!("{} answers; nothing was sent", place(&hook.url))),
            Err(why) => Found::Failed(format!(
                "{} cannot be reached: {why}; check notify.webhook.url and that it runs",
                place(&hook.url)
            )),
        },
    };
    Line::new(what, found)
}
