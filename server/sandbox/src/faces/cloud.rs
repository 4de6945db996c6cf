//! The cloud's face: Keystone and Nova on one port.

mod act;
mod console;
mod filter;
mod keystone;
mod nova;
mod order;
mod outcome;
mod server;

use crate::realm::{CloudToken, Shared};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;
use std::sync::Arc;

/// The user that may start machines.
pub const USER: &str = "uncordon";
/// The user that may only look.
pub const READER: &str = "uncordon-reader";
/// The project of all servers.
pub const PROJECT: &str = "prod";

/// The routes of this face.
pub fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/identity/v3", get(keystone::version))
        .route("/identity/v3/", get(keystone::version))
        .route(
            "/identity/v3/auth/tokens",
            post(keystone::create_token).get(keystone::show_token),
        )
        .route("/v2.1", get(nova::version))
        .route("/v2.1/", get(nova::version))
        .route("/v2.1/servers", get(nova::list_servers))
        .route("/v2.1/servers/detail", get(nova::list_servers_in_detail))
        .route("/v2.1/servers/{id}", get(nova::show_server))
        .route("/v2.1/servers/{id}/action", post(act::act))
        .route(
            "/v2.1/servers/{id}/os-instance-actions",
            get(nova::list_acts),
        )
        .fallback(async || CloudError::new(404, "itemNotFound", "The resource could not be found."))
        .with_state(shared)
}

/// An error in the shape of OpenStack: one key that names it, a code and a message.
#[derive(Debug)]
pub struct CloudError {
    code: u16,
    name: &'static str,
    message: String,
}

impl CloudError {
    /// An error.
    pub fn new(code: u16, name: &'static str, message: impl Into<String>) -> CloudError {
        CloudError {
            code,
            name,
            message: message.into(),
        }
    }

    /// No token, or one that is not valid.
    pub fn unauthorized() -> CloudError {
        CloudError::new(
            401,
            "error",
            "The request you have made requires authentication.",
        )
    }

    /// No such server.
    pub fn no_server(id: &str) -> CloudError {
        CloudError::new(
            404,
            "itemNotFound",
            format!("Instance {id} could not be found."),
        )
    }

    /// The HTTP status.
    pub fn code(&self) -> u16 {
        self.code
    }
}

impl IntoResponse for CloudError {
    fn into_response(self) -> Response {
        let mut body = json!({ self.name: {"code": self.code, "message": self.message} });
        if self.code == 401 {
            body["error"]["title"] = json!("Unauthorized");
        }
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(body)).into_response()
    }
}

/// Whose token a request carries.
fn caller(shared: &Shared, headers: &HeaderMap) -> Result<CloudToken, CloudError> {
    let token = headers
        .get("x-auth-token")
        .map(HeaderValue::to_str)
        .and_then(Result::ok)
        .ok_or_else(CloudError::unauthorized)?;
    shared.with(|realm, now| {
        let known = realm
            .cloud_tokens
            .get(token)
            .filter(|known| now < known.expires_at);
        known.cloned().ok_or_else(CloudError::unauthorized)
    })
}
