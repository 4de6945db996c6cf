//! Who is calling and what they may do.

use super::failure::Failure;
use super::{Call, path::Sub};
use crate::callers::{Attempt, Rule};
use crate::field::text;
use crate::realm::{Shared, lock};
use crate::store::Kind;
use axum::Json;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Where callers ask what they may do.
pub const REVIEW_PATH: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/// A known caller.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The name in messages and in the ledger.
    pub name: String,
    rules: Vec<Rule>,
}

impl Caller {
    fn with(name: &str, resource: &str, verbs: &[&str]) -> Self {
        let any = |word: &str| vec![word.to_owned()];
        let rule = Rule {
            api_groups: any(if resource == "*" { "*" } else { "" }),
            resources: any(resource),
            verbs: verbs.iter().map(|verb| (*verb).to_owned()).collect(),
            ..Rule::default()
        };
        Self {
            name: name.to_owned(),
            rules: vec![rule],
        }
    }

    fn may(&self, attempt: &Attempt) -> bool {
        self.rules.iter().any(|rule| rule.allows(attempt))
    }
}

/// The caller behind a bearer token.
pub fn identify(shared: &Shared, headers: &HeaderMap) -> Result<Caller, Failure> {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let token = value.strip_prefix("Bearer ").map(str::trim);
    let token = token.ok_or_else(Failure::unauthorized)?;
    if token == shared.secrets.admin {
        return Ok(Caller::with("uncordon", "*", &["*"]));
    }
    if token == shared.secrets.limited {
        return Ok(Caller::with("limited", "nodes", &["get", "list"]));
    }
    match lock(&shared.callers).find(token) {
        Some(guest) => Ok(Caller {
            name: guest.name.clone(),
            rules: guest.rules.clone(),
        }),
        None => Err(Failure::unauthorized()),
    }
}

/// Refuses what the caller may not do, and writes down what it does.
pub fn authorize(call: &Call, method: &Method) -> Result<(), Failure> {
    let attempt = attempted(call, method);
    if call.caller.may(&attempt) {
        lock(&call.shared.callers).used(&call.caller.name, attempt);
        return Ok(());
    }
    let kind = call.target.kind;
    let scope = match attempt.namespace.as_str() {
        "" => "at the cluster scope".to_owned(),
        namespace => format!("in the namespace \"{namespace}\""),
    };
    let name = match attempt.name.as_str() {
        "" => String::new(),
        name => format!(" \"{name}\""),
    };
    let message = format!(
        "{}{name} is forbidden: User \"{}\" cannot {} resource \"{}\" in API group \"{}\" {scope}",
        kind.resource(),
        call.caller.name,
        attempt.verb,
        attempt.resource,
        attempt.group,
    );
    let details = json!({"name": call.target.name, "group": kind.group(), "kind": kind.plural()});
    Err(Failure::new(403, "Forbidden", message).with_details(details))
}

fn attempted(call: &Call, method: &Method) -> Attempt {
    let kind = call.target.kind;
    Attempt {
        verb: verb_of(call, method).to_owned(),
        group: kind.group().to_owned(),
        resource: match call.target.sub {
            Some(Sub::Status) => format!("{}/status", kind.plural()),
            Some(Sub::Eviction) => format!("{}/eviction", kind.plural()),
            Some(Sub::Log) => format!("{}/log", kind.plural()),
            None => kind.plural().to_owned(),
        },
        namespace: call.target.namespace.clone(),
        name: call.target.name.clone().unwrap_or_default(),
    }
}

/// Answers a `SelfSubjectAccessReview`: every known caller may ask what it may do itself.
pub fn review(caller: &Caller, body: &[u8]) -> Result<Response, Failure> {
    let mut review: Value =
        serde_json::from_slice(body).map_err(|error| Failure::bad_request(error.to_string()))?;
    let asked = &review["spec"]["resourceAttributes"];
    let attempt = Attempt {
        verb: text(asked, "/verb").to_owned(),
        group: text(asked, "/group").to_owned(),
        resource: match text(asked, "/subresource") {
            "" => text(asked, "/resource").to_owned(),
            sub => format!("{}/{sub}", text(asked, "/resource")),
        },
        namespace: text(asked, "/namespace").to_owned(),
        name: text(asked, "/name").to_owned(),
    };
    let known = Kind::find(&attempt.group, text(asked, "/resource")).is_some();
    let reason = if known {
        ""
    } else {
        "the sandbox does not serve this resource"
    };
    let allowed = caller.may(&attempt);
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
