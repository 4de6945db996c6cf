//! Errors as Kubernetes writes them: a `Status` object with a code and a reason.

mod wire;

use crate::store::Kind;
use axum::http::Method;
use serde_json::{Value, json};

/// A refusal.
#[derive(Debug)]
pub struct Failure {
    code: u16,
    reason: &'static str,
    message: String,
    details: Value,
    retry_after: Option<u16>,
}

impl Failure {
    /// A refusal without details.
    pub fn new(code: u16, reason: &'static str, message: impl Into<String>) -> Failure {
        Failure {
            code,
            reason,
            message: message.into(),
            details: Value::Null,
            retry_after: None,
        }
    }

    /// The request cannot be understood.
    pub fn bad_request(message: impl Into<String>) -> Failure {
        Failure::new(400, "BadRequest", message)
    }

    /// No or an unknown token.
    pub fn unauthorized() -> Failure {
        Failure::new(401, "Unauthorized", "Unauthorized")
    }

    /// The object is not there.
    pub fn not_found(kind: Kind, name: &str) -> Failure {
        let mut failure = Failure::new(
            404,
            "NotFound",
            format!("{} \"{name}\" not found", kind.resource()),
        );
        failure.details = json!({"name": name, "group": kind.group(), "kind": kind.plural()});
        failure
    }

    /// Nothing is served at this path.
    pub fn no_such_path() -> Failure {
        Failure::new(
            404,
            "NotFound",
            "the server could not find the requested resource",
        )
    }

    /// The path does not know this method.
    pub fn no_such_verb(method: &Method) -> Failure {
        Failure::new(
            405,
            "MethodNotAllowed",
            format!("the server does not allow {method} on the requested resource"),
        )
    }

    /// An object of this name is there already.
    pub fn already_exists(kind: Kind, name: &str) -> Failure {
        let mut failure = Failure::new(
            409,
            "AlreadyExists",
            format!("{} \"{name}\" already exists", kind.resource()),
        );
        failure.details = json!({"name": name, "group": kind.group(), "kind": kind.plural()});
        failure
    }

    /// The caller's version of the object is not the present one.
    pub fn conflict(kind: Kind, name: &str, why: &str) -> Failure {
        let message = format!(
            "Operation cannot be fulfilled on {} \"{name}\": {why}",
            kind.resource()
        );
        let mut failure = Failure::new(409, "Conflict", message);
        failure.details = json!({"name": name, "group": kind.group(), "kind": kind.plural()});
        failure
    }

    /// The version asked for is forgotten.
    pub fn expired(message: impl Into<String>) -> Failure {
        Failure::new(410, "Expired", message)
    }

    /// The body is larger than anything sensible.
    pub fn too_large() -> Failure {
        Failure::new(413, "RequestEntityTooLarge", "limit is 3145728")
    }

    /// The patch format is not known.
    pub fn unsupported(content_type: &str) -> Failure {
        let message = format!(
            "the body of the request was in an unknown format - {content_type:?} is not an accepted media type"
        );
        Failure::new(415, "UnsupportedMediaType", message)
    }

    /// The object breaks a rule: field, what is wrong.
    pub fn invalid(kind: Kind, name: &str, field: &str, why: &str) -> Failure {
        let group = if kind.group().is_empty() {
            String::new()
        } else {
            format!(".{}", kind.group())
        };
        let message = format!(
            "{}{group} \"{name}\" is invalid: {field}: {why}",
            kind.name()
        );
        let mut failure = Failure::new(422, "Invalid", message);
        let cause = json!({"reason": "FieldValueInvalid", "message": why, "field": field});
        failure.details =
            json!({"name": name, "group": kind.group(), "kind": kind.name(), "causes": [cause]});
        failure
    }

    /// Too much at once; come back after so many seconds.
    pub fn too_many(message: impl Into<String>, details: Value, seconds: u16) -> Failure {
        let mut failure = Failure::new(429, "TooManyRequests", message);
        failure.details = details;
        failure.retry_after = Some(seconds);
        failure
    }

    /// Adds details.
    pub fn with_details(mut self, details: Value) -> Failure {
        self.details = details;
        self
    }
}
