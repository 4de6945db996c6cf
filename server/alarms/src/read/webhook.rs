//! The webhooks of Alertmanager (version 4) and of Grafana (version 1): every alert counts for itself, whatever its group says.

use super::{Object, Parsed, ReadError, at_most, clean, malformed, shown};
use domain::alarm::{NewAlarm, Status, fingerprint, fitted};
use domain::id::SourceName;
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Whose webhook it is: the same shape, another version.
#[derive(Debug, Clone, Copy)]
pub enum Sender {
    /// Prometheus' Alertmanager.
    Alertmanager,
    /// Grafana's own alerting.
    Grafana,
}

impl Sender {
    const fn name(self) -> &'static str {
        match self {
            Self::Alertmanager => "Alertmanager",
            Self::Grafana => "Grafana",
        }
    }

    const fn version(self) -> &'static str {
        match self {
            Self::Alertmanager => "4",
            Self::Grafana => "1",
        }
    }
}

/// The envelope; what else is in it, such as the group's status, is not needed.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Webhook {
    version: String,
    alerts: Vec<Object<Alert>>,
    #[serde(default)]
    truncated_alerts: u32,
    #[serde(default, rename = "externalURL")]
    external_url: Option<String>,
}

/// One alert.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Alert {
    status: String,
    labels: BTreeMap<String, String>,
    #[serde(default)]
    annotations: BTreeMap<String, String>,
    starts_at: String,
    #[serde(default)]
    fingerprint: String,
}

/// Reads the alerts of one webhook.
pub fn read(sender: Sender, source: &SourceName, text: &str) -> Result<Parsed, ReadError> {
    let Object(hook): Object<Webhook> =
        serde_json::from_str(text).map_err(|error| malformed(&error))?;
    if hook.version != sender.version() {
        let why = format!(
            "version {} of {}'s webhook is not known: expected {:?}",
            shown(&hook.version),
            sender.name(),
            sender.version()
        );
        return Err(ReadError::Malformed(why));
    }
    at_most(hook.alerts.len())?;
    if hook.alerts.is_empty() {
        return Err(ReadError::Malformed("alerts is empty".into()));
    }
    let close_with = hook.external_url.filter(|url| !url.is_empty());
    let alarms = hook
        .alerts
        .into_iter()
        .enumerate()
        .map(|(n, Object(alert))| alarm(source, alert, close_with.clone(), n))
        .collect::<Result<_, _>>()?;
    Ok(Parsed {
        alarms,
        truncated: hook.truncated_alerts,
    })
}

fn alarm(
    source: &SourceName,
    alert: Alert,
    close_with: Option<String>,
    n: usize,
) -> Result<NewAlarm, ReadError> {
    let wrong = |why: String| ReadError::Malformed(format!("alerts[{n}].{why}"));
    let status = match alert.status.as_str() {
        "firing" => Status::Firing,
        "resolved" => Status::Resolved,
        other => {
            return Err(wrong(format!(
                "status {} is neither firing nor resolved",
                shown(other)
            )));
        }
    };
    let starts_at: Timestamp = alert.starts_at.parse().map_err(|_| {
        wrong(format!(
            "startsAt {} is not an RFC 3339 time",
            shown(&alert.starts_at)
        ))
    })?;
    if alert.labels.is_empty() {
        return Err(wrong("labels is empty".into()));
    }
    let own = alert.fingerprint.trim();
    // Alertmanager before 0.19 sends none: there the label set is the identity.
    let fingerprint = if own.is_empty() {
        fingerprint(source, &by_labels(&alert.labels))
    } else {
        own.to_owned()
    };
    let (text, truncated) = fitted(&words(&alert));
    Ok(NewAlarm {
        source: source.clone(),
        fingerprint,
        text,
        truncated,
        labels: alert.labels,
        starts_at: Some(starts_at),
        status,
        close_with,
    })
}

/// The sentence people wrote comes first, as a rule sees it; an alert without one is told by its labels.
fn words(alert: &Alert) -> String {
    let mut lines: Vec<String> = Vec::new();
    for name in ["summary", "description", "message"] {
        let line = alert
            .annotations
            .get(name)
            .map(|text| clean(text))
            .unwrap_or_default();
        if !line.is_empty() && !lines.contains(&line) {
            lines.push(line);
        }
    }
    if lines.is_empty() {
        clean(&by_labels(&alert.labels))
    } else {
        lines.join("\n")
    }
}

/// `KubeNodeNotReady cluster=prod node=node-12`.
fn by_labels(labels: &BTreeMap<String, String>) -> String {
    let name = labels.get("alertname").cloned();
    let rest = labels
        .iter()
        .filter(|(key, _)| *key != "alertname")
        .map(|(key, value)| format!("{key}={value}"));
    name.into_iter().chain(rest).collect::<Vec<_>>().join(" ")
}
