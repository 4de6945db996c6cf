//! Posts notices to the receiver until it takes them, as Alertmanager does.

use super::{Status, fingerprint};
use crate::config::HookTarget;
use crate::ledger::{Entry, Face};
use crate::realm::{Shared, lock};
use jiff::Timestamp;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const TIME_LIMIT: Duration = Duration::from_secs(10);
const REFUSED_PAUSE: Duration = Duration::from_secs(10);
const PAUSES: [u64; 6] = [500, 800, 600, 1500, 3600, 5000];

/// A notice on its way.
struct Parcel {
    identity: (String, Timestamp),
    status: Status,
    body: Value,
    text: String,
    node: Option<String>,
}

/// Sends every notice that is due; answers come in later.
pub fn dispatch(shared: &Arc<Shared>, tasks: &mut JoinSet<()>) {
    let Some(hook) = lock(&shared.hook).clone() else {
        return;
    };
    for parcel in due(shared, &hook) {
        let shared = Arc::clone(shared);
        let hook = hook.clone();
        tasks.spawn(async move {
            let answer = post(&shared, &hook, &parcel).await;
            settle(&shared, &hook, &parcel, answer);
        });
    }
}

fn due(shared: &Shared, hook: &HookTarget) -> Vec<Parcel> {
    let source = shared.addresses.alertmanager();
    shared.with(|realm, _| {
        let moment = Instant::now();
        let mut parcels = Vec::new();
        for alert in &mut realm.monitor.alerts {
            let (Some(status), Some(at)) = (alert.outbox.front().copied(), alert.next_try) else {
                continue;
            };
            if at <= moment {
                alert.next_try = None;
                parcels.push(Parcel {
                    identity: (fingerprint(&alert.labels), alert.starts_at),
                    status,
                    body: alert.notice(status, hook.format, &source),
                    text: alert.text.clone(),
                    node: alert.node.clone(),
                });
            }
        }
        parcels
    })
}

async fn post(shared: &Shared, hook: &HookTarget, parcel: &Parcel) -> Option<u16> {
    let request = shared
        .client
        .post(&hook.url)
        .bearer_auth(&hook.token)
        .json(&parcel.body)
        .timeout(TIME_LIMIT);
    match request.send().await {
        Ok(answer) => Some(answer.status().as_u16()),
        Err(error) => {
            tracing::debug!(%error, "Alarm not delivered");
            None
        }
    }
}

fn settle(shared: &Shared, hook: &HookTarget, parcel: &Parcel, answer: Option<u16>) {
    shared.with(|realm, now| {
        let found = realm
            .monitor
            .alerts
            .iter_mut()
            .find(|alert| (fingerprint(&alert.labels), alert.starts_at) == parcel.identity);
        let Some(alert) = found else { return };
        let taken = answer.is_some_and(|status| (200..300).contains(&status));
        let pause = match answer {
            _ if taken => Duration::ZERO,
            Some(status) if status < 500 => REFUSED_PAUSE,
            Some(_) | None => {
                Duration::from_millis(PAUSES[(alert.failures as usize).min(PAUSES.len() - 1)])
            }
        };
        alert.next_try = Some(Instant::now() + pause);
        alert.failures = if taken { 0 } else { alert.failures + 1 };
        if taken {
            alert.outbox.pop_front();
        }
        let verb = match parcel.status {
            Status::Firing => "fire",
            Status::Resolved => "resolve",
        };
        let entry = Entry {
            face: Face::Monitoring,
            verb: verb.to_owned(),
            path: path_of(&hook.url),
            node: parcel.node.clone(),
            status: answer.unwrap_or(0),
            user: "monitoring".to_owned(),
            body: parcel.text.clone().into(),
        };
        realm.ledger.record(now, entry);
    });
}

fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/')
        .map_or("/", |start| &rest[start..])
        .to_owned()
}
