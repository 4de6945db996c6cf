//! The inward half of monitoring: the part of Alertmanager's API v2 with which alarms are listed and closed.

use crate::ledger::{Entry, Face};
use crate::monitor::{Alert, Labels};
use crate::realm::{Realm, Shared};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use bytes::Bytes;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// The routes of this face.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/api/v2/alerts", get(list_alerts).post(post_alerts))
        .route("/api/v2/status", get(status))
        .route("/-/ready", get(async || "OK"))
        .route("/-/healthy", get(async || "OK"))
        .with_state(Arc::clone(&shared))
        .merge(super::shop::router(shared))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostedAlert {
    labels: Labels,
    #[serde(default)]
    annotations: Labels,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
}

async fn list_alerts(
    State(shared): State<Arc<Shared>>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let filters: Vec<&str> = query
        .iter()
        .filter(|(key, _)| key == "filter")
        .map(|(_, value)| value.as_str())
        .collect();
    let alerts: Vec<Value> = shared.with(|realm, now| {
        let firing = realm
            .monitor
            .alerts
            .iter()
            .filter(|alert| alert.ends_at.is_none());
        firing
            .filter(|alert| filters.iter().all(|filter| fits(filter, &alert.labels)))
            .map(|alert| alert.gettable(now))
            .collect()
    });
    Json(alerts).into_response()
}

async fn post_alerts(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    let posted: Vec<PostedAlert> = match serde_json::from_slice(&body) {
        Ok(posted) => posted,
        Err(error) => {
            return refuse(
                json!({"code": 400, "message": format!("parsing alerts body failed: {error}")}),
            );
        }
    };
    if posted.iter().any(|alert| alert.labels.is_empty()) {
        return refuse(json!("at least one label pair required"));
    }
    shared.with(|realm, now| {
        for alert in posted {
            take(realm, alert, now);
        }
    });
    StatusCode::OK.into_response()
}

async fn status(State(shared): State<Arc<Shared>>) -> Response {
    let body = json!({
        "cluster": {"status": "disabled", "peers": []}, "config": {"original": "route: {receiver: uncordon}\n"},
        "uptime": crate::clock::millis(shared.clock.now()), "versionInfo": {"version": "0.27.0", "branch": "sandbox"},
    });
    Json(body).into_response()
}

/// An alert whose end has come is closed; any other one fires from now on.
fn take(realm: &mut Realm, posted: PostedAlert, now: Timestamp) {
    let over = posted.ends_at.is_some_and(|end| end <= now);
    let node = posted.labels.get("node").cloned();
    let body =
        json!({"labels": posted.labels, "startsAt": posted.starts_at.map(crate::clock::millis)});
    let present = realm.monitor.firing(&posted.labels);
    match (present, over) {
        (Some(alert), true) => alert.end(now),
        (Some(alert), false) => alert.updated_at = now,
        (None, true) => {}
        (None, false) => {
            let said = posted
                .annotations
                .get("text")
                .or_else(|| posted.annotations.get("summary"));
            let text = said
                .or_else(|| posted.labels.get("alertname"))
                .cloned()
                .unwrap_or_default();
            let mut alert = Alert::new(posted.labels, text, None, now);
            alert.annotations = posted.annotations;
            alert.starts_at = posted.starts_at.unwrap_or(now);
            realm.monitor.alerts.push(alert);
        }
    }
    let verb = if over { "close" } else { "raise" };
    let entry = Entry {
        face: Face::Monitoring,
        verb: verb.to_owned(),
        path: "/api/v2/alerts".to_owned(),
        node,
        status: 200,
        user: "api".to_owned(),
        body,
    };
    realm.ledger.record(now, entry);
}

fn fits(filter: &str, labels: &Labels) -> bool {
    let (key, value, equal) = match (filter.split_once("!="), filter.split_once('=')) {
        (Some((key, value)), _) => (key, value, false),
        (None, Some((key, value))) => (key, value, true),
        (None, None) => return false,
    };
    let present = labels.get(key.trim()).map_or("", String::as_str);
    (present == value.trim().trim_matches('"')) == equal
}

fn refuse(body: Value) -> Response {
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}
