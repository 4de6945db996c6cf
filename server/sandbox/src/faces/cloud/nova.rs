//! Nova's reading half: servers by address or id, and what was done to them.

use super::filter::Filter;
use super::server::{act, brief, detail};
use super::{CloudError, caller};
use crate::machine::Machine;
use crate::realm::Shared;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;

/// How much of a server is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    Brief,
    Detail,
}

/// `GET /v2.1`.
pub async fn version(State(shared): State<Arc<Shared>>) -> Response {
    let link = format!("{}/v2.1/", shared.addresses.cloud());
    let body = json!({"version": {
        "id": "v2.1", "status": "CURRENT", "version": "2.96", "min_version": "2.1", "links": [{"rel": "self", "href": link}],
    }});
    Json(body).into_response()
}

/// `GET /v2.1/servers`.
pub async fn list_servers(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, CloudError> {
    list(&shared, &headers, &query, Depth::Brief)
}

/// `GET /v2.1/servers/detail`.
pub async fn list_servers_in_detail(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, CloudError> {
    list(&shared, &headers, &query, Depth::Detail)
}

/// `GET /v2.1/servers/{id}`.
pub async fn show_server(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, CloudError> {
    caller(&shared, &headers)?;
    let base = shared.addresses.cloud();
    let server = shared.with(|realm, _| realm.server(&id).map(|machine| detail(machine, &base)));
    let server = server.ok_or_else(|| CloudError::no_server(&id))?;
    Ok(Json(json!({ "server": server })).into_response())
}

/// `GET /v2.1/servers/{id}/os-instance-actions`, newest first.
pub async fn list_acts(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, CloudError> {
    caller(&shared, &headers)?;
    let acts = shared.with(|realm, _| {
        let machine = realm.server(&id)?;
        Some(
            machine
                .acts
                .iter()
                .rev()
                .map(|one| act(machine, one))
                .collect::<Vec<Value>>(),
        )
    });
    let acts = acts.ok_or_else(|| CloudError::no_server(&id))?;
    Ok(Json(json!({ "instanceActions": acts })).into_response())
}

fn list(
    shared: &Shared,
    headers: &HeaderMap,
    query: &[(String, String)],
    depth: Depth,
) -> Result<Response, CloudError> {
    caller(shared, headers)?;
    let filter = Filter::read(query)?;
    let base = shared.addresses.cloud();
    let body = shared.with(|realm, _| {
        let behind = |machine: &&Machine| {
            filter
                .marker
                .as_deref()
                .is_none_or(|marker| *machine.id > *marker)
        };
        let mut fitting: Vec<&Machine> = realm
            .machines
            .values()
            .filter(|machine| filter.fits(machine))
            .filter(behind)
            .collect();
        fitting.sort_by(|one, other| one.id.cmp(&other.id));
        let more = fitting.len() > filter.limit;
        fitting.truncate(filter.limit);
        let show = |machine: &&Machine| match depth {
            Depth::Brief => brief(machine, &base),
            Depth::Detail => detail(machine, &base),
        };
        let mut body = json!({"servers": fitting.iter().map(show).collect::<Vec<Value>>()});
        if let (true, Some(last)) = (more, fitting.last()) {
            let path = if depth == Depth::Detail {
                "/detail"
            } else {
                ""
            };
            let href = format!(
                "{base}/v2.1/servers{path}?limit={}&marker={}",
                filter.limit, last.id
            );
            body["servers_links"] = json!([{"rel": "next", "href": href}]);
        }
        body
    });
    Ok(Json(body).into_response())
}
