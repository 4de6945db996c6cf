//! Breaking and mending a whole zone: a storm by one call.

use super::act::{Act, ActQuery, apply, names};
use super::problem;
use crate::realm::Shared;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use std::sync::Arc;

/// `POST /sandbox/zones/{zone}/{act}`: the same for every machine of a zone, control plane included.
pub async fn act(
    State(shared): State<Arc<Shared>>,
    Path((zone, act)): Path<(String, Act)>,
    Query(query): Query<ActQuery>,
) -> Response {
    let touched = shared.with(|realm, now| {
        let nodes = names(realm, |one| one.zone == zone);
        apply(realm, nodes, act, query.mode, now)
    });
    if touched.is_empty() {
        let detail = format!("there is no machine in zone {zone:?}");
        return problem(StatusCode::NOT_FOUND, &detail);
    }
    Json(json!({"zone": zone, "nodes": touched})).into_response()
}
