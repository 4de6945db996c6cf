//! Who is calling and what they may do.

use super::failure::Failure;
use super::{Call, path::Sub};
use crate::field::text;
use crate::realm::Secrets;
use crate::store::Kind;
use axum::Json;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Where callers ask what they may do.
pub const REVIEW_PATH: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/// A known caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// May do everything.
    Full,
    /// May get and list nodes.
    Limited,
}

impl Caller {
    /// The name in messages and in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Caller::Full => "uncordon",
            Caller::Limited => "limited",
        }
    }

    fn may(self, verb: &str, group: &str, plural: &str) -> bool {
        match self {
            Caller::Full => true,
            Caller::Limited => {
                ["get", "list"].contains(&verb) && group.is_empty() && plural == "nodes"
            }
        }
    }
}

/// The caller behind a bearer token.
pub fn identify(secrets: &Secrets, headers: &HeaderMap) -> Result<Caller, Failure> {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    match value.strip_prefix("Bearer ").map(str::trim) {
        Some(token) if token == secrets.admin => Ok(Caller::Full),
        Some(token) if token == secrets.limited => Ok(Caller::Limited),
        Some(_) | None => Err(Failure::unauthorized()),
    }
}

/// Refuses what the caller may not do.
pub fn authorize(call: &Call, method: &Method) -> Result<(), Failure> {
    let verb = verb_of(call, method);
    let kind = call.target.kind;
    let plural = match call.target.sub {
        Some(Sub::Status) => format!("{}/status", kind.plural()),
        Some(Sub::Log) => format!("{}/log", kind.plural()),
        Some(Sub::Eviction) => format!("{}/eviction", kind.plural()),
        None => kind.plural().to_owned(),
    };
    if call.caller.may(verb, kind.group(), &plural) {
        return Ok(());
    }
    let scope = match call.target.namespace.as_str() {
        "" => "at the cluster scope".to_owned(),
        namespace => format!("in the namespace \"{namespace}\""),
    };
    let name = call
        .target
        .name
        .as_ref()
        .map_or(String::new(), |name| format!(" \"{name}\""));
    let message = format!(
        "{}{name} is forbidden: User \"{}\" cannot {verb} resource \"{plural}\" in API group \"{}\" {scope}",
        kind.resource(),
        call.caller.name(),
        kind.group(),
    );
    let details = json!({"name": call.target.name, "group": kind.group(), "kind": kind.plural()});
    Err(Failure::new(403, "Forbidden", message).with_details(details))
}

/// Answers a `SelfSubjectAccessReview`.
pub fn review(caller: Caller, body: &[u8]) -> Result<Response, Failure> {
    let mut review: Value =
        serde_json::from_slice(body).map_err(|error| Failure::bad_request(error.to_string()))?;
    let asked = &review["spec"]["resourceAttributes"];
    let plural = match text(asked, "/subresource") {
        "" => text(asked, "/resource").to_owned(),
        sub => format!("{}/{sub}", text(asked, "/resource")),
    };
    let known = Kind::find(text(asked, "/group"), text(asked, "/resource")).is_some();
    let allowed = caller.may(text(asked, "/verb"), text(asked, "/group"), &plural);
    let reason = if known {
        ""
    } else {
        "the sandbox does not serve this resource"
    };
    review["kind"] = json!("SelfSubjectAccessReview");
    review["apiVersion"] = json!("authorization.k8s.io/v1");
    review["status"] = json!({"allowed": allowed, "reason": reason});
    Ok((StatusCode::CREATED, Json(review)).into_response())
}

fn verb_of(call: &Call, method: &Method) -> &'static str {
    match (method.as_str(), &call.target.name) {
        ("GET", None) if call.query.is_on("watch") => "watch",
        ("GET", None) => "list",
        ("GET", Some(_)) => "get",
        ("POST", _) => "create",
        ("PUT", _) => "update",
        ("PATCH", _) => "patch",
        ("DELETE", _) => "delete",
        (_, _) => "call",
    }
}
