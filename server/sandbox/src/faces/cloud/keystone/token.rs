//! A token as Keystone describes it, with the catalog.

use super::{project_id, user_id};
use crate::clock::micros;
use crate::faces::cloud::{PROJECT, READER};
use crate::field::fresh_uuid;
use crate::realm::{CloudToken, Shared};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

/// The answer that carries a token.
pub fn describe(
    shared: &Shared,
    status: StatusCode,
    secret: &str,
    token: &CloudToken,
    now: Timestamp,
    scoped: bool,
) -> Response {
    let domain = json!({"id": "default", "name": "Default"});
    let role = if token.user == READER {
        "reader"
    } else {
        "member"
    };
    let mut described = json!({
        "methods": ["password"], "audit_ids": [fresh_uuid()], "issued_at": micros(now), "expires_at": micros(token.expires_at),
        "user": {"id": user_id(&token.user), "name": token.user, "domain": domain, "password_expires_at": null},
    });
    if scoped {
        described["project"] = json!({"id": project_id(), "name": PROJECT, "domain": domain});
        described["is_domain"] = json!(false);
        described["roles"] = json!([{"id": user_id(role), "name": role}]);
        described["catalog"] = catalog(&shared.addresses.cloud());
    }
    (
        status,
        [("x-subject-token", secret)],
        Json(json!({ "token": described })),
    )
        .into_response()
}

fn catalog(base: &str) -> Value {
    let service = |kind: &str, name: &str, path: &str| {
        let endpoints: Vec<Value> = ["public", "internal", "admin"]
            .iter()
            .map(|interface| {
                json!({
                    "id": user_id(&format!("{kind}/{interface}")), "interface": interface, "region": "region-1", "region_id": "region-1",
                    "url": format!("{base}{path}"),
                })
            })
            .collect();
        json!({"id": user_id(kind), "type": kind, "name": name, "endpoints": endpoints})
    };
    json!([
        service("identity", "keystone", "/identity/v3/"),
        service("compute", "nova", "/v2.1")
    ])
}
