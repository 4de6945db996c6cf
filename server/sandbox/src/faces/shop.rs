//! What people feel of the world: a shop that runs on its pods, and a make-believe Prometheus that measures it.

use crate::field::{condition, list, text};
use crate::machine::Machine;
use crate::realm::{Realm, Shared};
use crate::store::Kind;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// The routes; they share a port with monitoring.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/shop", get(shop))
        .route("/api/v1/query", get(query))
        .with_state(shared)
}

/// The state of the shop: pods of `web` that take requests, those of them that answer, and whether its database does.
struct Shop {
    endpoints: u32,
    answering: u32,
    database: bool,
}

impl Shop {
    fn look(realm: &Realm) -> Self {
        let mut shop = Self {
            endpoints: 0,
            answering: 0,
            database: false,
        };
        for (_, pod) in realm.store.iter(Kind::Pod, "default", None) {
            let app = text(pod, "/metadata/labels/app");
            let machine = realm.machines.get(text(pod, "/spec/nodeName"));
            let runs = machine.is_some_and(Machine::speaks)
                && list(pod, "/status/containerStatuses")
                    .iter()
                    .all(|one| one["state"]["running"].is_object());
            // Requests still go to a dead pod until the node controller has called it unready.
            let ready = condition(pod, "Ready") == "True";
            match app {
                "web" if ready => {
                    shop.endpoints += 1;
                    shop.answering += u32::from(runs);
                }
                "mysql" => shop.database |= ready && runs,
                _ => {}
            }
        }
        shop
    }

    /// The share of requests that succeed; every other one needs the database.
    fn success(&self) -> f64 {
        if self.endpoints == 0 {
            return 0.0;
        }
        let answered = f64::from(self.answering) / f64::from(self.endpoints);
        answered * if self.database { 1.0 } else { 0.5 }
    }
}

async fn shop(State(shared): State<Arc<Shared>>) -> Response {
    let shop = shared.with(|realm, _| Shop::look(realm));
    let well = shop.answering > 0 && shop.database;
    let status = if well {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let database = if shop.database { "answers" } else { "is down" };
    let text = format!(
        "shop {}: {} of {} web pods answer, the database {database}\n",
        if well { "ok" } else { "out of order" },
        shop.answering,
        shop.endpoints
    );
    (status, text).into_response()
}

#[derive(Debug, Deserialize)]
struct Asked {
    query: String,
}

/// Instant queries for bare names; what another Prometheus would compute is refused as bad data.
async fn query(State(shared): State<Arc<Shared>>, Query(asked): Query<Asked>) -> Response {
    let (shop, now) = shared.with(|realm, now| (Shop::look(realm), now));
    let name = asked.query.trim();
    let value = match name {
        "shop_success_ratio" => shop.success(),
        "shop_web_endpoints" => f64::from(shop.answering),
        "shop_database_up" => f64::from(u8::from(shop.database)),
        _ => {
            let error = "the make-believe Prometheus knows shop_success_ratio, shop_web_endpoints and shop_database_up, and no functions";
            let body = json!({"status": "error", "errorType": "bad_data", "error": error});
            return (StatusCode::BAD_REQUEST, Json(body)).into_response();
        }
    };
    let at = now.as_millisecond() as f64 / 1000.0;
    let one =
        json!({"metric": {"__name__": name, "job": "shop"}, "value": [at, value.to_string()]});
    let data = json!({"resultType": "vector", "result": [one]});
    Json(json!({"status": "success", "data": data})).into_response()
}
