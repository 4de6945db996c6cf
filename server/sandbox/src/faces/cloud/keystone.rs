//! Keystone: a password for a token, with the catalog.

mod token;

use super::{CloudError, PROJECT, READER, USER};
use crate::clock::secs;
use crate::field::{fresh_uuid, text, uuid};
use crate::realm::{CloudToken, Shared};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};
use std::sync::Arc;
use token::describe;

/// How long a token is valid, in world seconds.
const TOKEN_LIFE: i64 = 12 * 3600;

/// `GET /identity/v3`.
pub async fn version(State(shared): State<Arc<Shared>>) -> Response {
    let link = format!("{}/identity/v3/", shared.addresses.cloud());
    let body = json!({"version": {"id": "v3.14", "status": "stable", "links": [{"rel": "self", "href": link}]}});
    Json(body).into_response()
}

/// `POST /identity/v3/auth/tokens`.
pub async fn create_token(
    State(shared): State<Arc<Shared>>,
    body: Bytes,
) -> Result<Response, CloudError> {
    let asked: Value = serde_json::from_slice(&body).map_err(|error| {
        CloudError::new(400, "error", format!("the body is not valid JSON: {error}"))
    })?;
    let user = text(&asked, "/auth/identity/password/user/name").to_owned();
    if !asked["auth"]["identity"]["methods"].is_array() {
        return Err(CloudError::new(
            400,
            "error",
            "'identity' is a required property",
        ));
    }
    let known = [USER, READER].contains(&user.as_str())
        && text(&asked, "/auth/identity/password/user/password") == shared.secrets.password
        && is_default(&asked["auth"]["identity"]["password"]["user"]["domain"]);
    let scope = &asked["auth"]["scope"]["project"];
    let scoped = scope.is_object();
    let at_home = !scoped
        || scope["id"] == project_id()
        || (scope["name"] == PROJECT && is_default(&scope["domain"]));
    if !known || !at_home {
        return Err(CloudError::unauthorized());
    }
    let secret = format!("gAAAA{}{}", fresh_uuid(), fresh_uuid());
    let (token, now) = shared.with(|realm, now| {
        let token = CloudToken {
            user,
            expires_at: now + secs(TOKEN_LIFE),
        };
        realm.cloud_tokens.retain(|_, known| now < known.expires_at);
        realm.cloud_tokens.insert(secret.clone(), token.clone());
        (token, now)
    });
    Ok(describe(
        &shared,
        StatusCode::CREATED,
        &secret,
        &token,
        now,
        scoped,
    ))
}

/// `GET /identity/v3/auth/tokens`: the token named in `X-Subject-Token`.
pub async fn show_token(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Result<Response, CloudError> {
    super::caller(&shared, &headers)?;
    let secret = headers
        .get("x-subject-token")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("")
        .to_owned();
    let found = shared.with(|realm, now| {
        realm
            .cloud_tokens
            .get(&secret)
            .filter(|token| now < token.expires_at)
            .map(|token| (token.clone(), now))
    });
    let (token, now) =
        found.ok_or_else(|| CloudError::new(404, "error", "Failed to validate token"))?;
    Ok(describe(
        &shared,
        StatusCode::OK,
        &secret,
        &token,
        now,
        true,
    ))
}

/// The id of a user.
pub fn user_id(name: &str) -> String {
    uuid(&format!("user/{name}")).replace('-', "")
}

/// The id of the project.
pub fn project_id() -> String {
    uuid("project/prod").replace('-', "")
}

fn is_default(domain: &Value) -> bool {
    domain["name"] == "Default" || domain["id"] == "default"
}
