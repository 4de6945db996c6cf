//! Errors of REST and of machines, after RFC 9457.

use crate::web::origin::Foreign;
use app::error::AppError;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// Media type of a problem.
pub const MEDIA: &str = "application/problem+json";

/// A refusal or failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Which kind: `/problems/..`.
    #[serde(rename = "type")]
    #[schema(example = "/problems/already-recovering")]
    pub kind: &'static str,
    /// The kind in a few words.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What went wrong, in a sentence.
    pub detail: String,
    /// The single faults.
    pub errors: Vec<FieldError>,
    /// The recovery that stands in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_id: Option<u64>,
    /// What `confirm` must hold for the call to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub confirm: Option<Box<str>>,
}

/// One fault of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Which field; `body` for all of it.
    pub field: String,
    /// What is wrong and what was expected.
    pub message: String,
    /// Character offset in the field, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<usize>,
}

impl Problem {
    /// A problem that is no more than its status.
    #[must_use]
    pub fn plain(status: StatusCode, detail: &str) -> Self {
        Self::new(
            status,
            "about:blank",
            status.canonical_reason().unwrap_or("Error"),
            detail,
        )
    }

    /// A wrong field, 422.
    #[must_use]
    pub fn field(field: &str, message: &str) -> Self {
        AppError::Invalid {
            field: field.to_owned(),
            message: message.to_owned(),
            position: None,
        }
        .into()
    }

    /// A body or query that cannot be read at all, 400.
    #[must_use]
    pub fn unreadable(field: &str, message: &str) -> Self {
        let mut problem = Self::new(
            StatusCode::BAD_REQUEST,
            "/problems/unreadable",
            "Unreadable",
            message,
        );
        problem.errors.push(FieldError {
            field: field.to_owned(),
            message: message.to_owned(),
            position: None,
        });
        problem
    }

    /// A request of another site, 403.
    #[must_use]
    pub fn foreign(why: Foreign) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "/problems/cross-site",
            "Cross-site request",
            &why.to_string(),
        )
    }

    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: &str) -> Self {
        Self {
            kind,
            title,
            status: status.as_u16(),
            detail: detail.to_owned(),
            errors: Vec::new(),
            recovery_id: None,
            confirm: None,
        }
    }
}

/// Status, kind and title of an error.
#[must_use]
pub const fn class(error: &AppError) -> (StatusCode, &'static str, &'static str) {
    match error {
        AppError::SignedOut => (
            StatusCode::UNAUTHORIZED,
            "/problems/signed-out",
            "Not signed in",
        ),
        AppError::NotAllowed { .. } => (
            StatusCode::FORBIDDEN,
            "/problems/not-allowed",
            "Not allowed",
        ),
        AppError::NotFound { .. } => (StatusCode::NOT_FOUND, "/problems/not-found", "Not found"),
        AppError::Invalid { .. } => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "/problems/invalid",
            "Invalid",
        ),
        AppError::AlreadyRecovering { .. } => (
            StatusCode::CONFLICT,
            "/problems/already-recovering",
            "Already recovering",
        ),
        AppError::AlreadyHealthy { .. } => (
            StatusCode::CONFLICT,
            "/problems/already-healthy",
            "Already healthy",
        ),
        AppError::Conflict { .. } => (StatusCode::CONFLICT, "/problems/conflict", "Conflict"),
        AppError::Stale { .. } => (
            StatusCode::PRECONDITION_FAILED,
            "/problems/stale",
            "Stale facts",
        ),
        AppError::Held { .. } => (StatusCode::LOCKED, "/problems/held", "Held back"),
        AppError::ConfirmNeeded { .. } => (
            StatusCode::LOCKED,
            "/problems/confirm-needed",
            "Confirmation needed",
        ),
        AppError::InProgress => (StatusCode::CONFLICT, "/problems/in-progress", "In progress"),
        AppError::OtherBody => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "/problems/other-body",
            "Key used for another request",
        ),
        AppError::Unavailable { .. } => (
            StatusCode::SERVICE_UNAVAILABLE,
            "/problems/unavailable",
            "Unavailable",
        ),
        AppError::Ours { .. } => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "/problems/internal",
            "Internal error",
        ),
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let (status, kind, title) = class(&error);
        let mut problem = Self::new(status, kind, title, &error.to_string());
        match error {
            AppError::Invalid {
                field,
                message,
                position,
            } => {
                problem.errors.push(FieldError {
                    field,
                    message,
                    position,
                });
            }
            AppError::AlreadyRecovering { recovery } => problem.recovery_id = Some(recovery.0),
            AppError::ConfirmNeeded { node, warnings } => {
                let why: Vec<_> = warnings.iter().map(domain::guard::Warning::text).collect();
                problem.detail = format!("{} Send \"confirm\": \"{node}\".", why.join(" "));
                problem.errors.push(FieldError {
                    field: "confirm".to_owned(),
                    message: format!("must be {node}"),
                    position: None,
                });
                problem.confirm = Some(node.into());
            }
            AppError::SignedOut
            | AppError::NotAllowed { .. }
            | AppError::NotFound { .. }
            | AppError::AlreadyHealthy { .. }
            | AppError::Conflict { .. }
            | AppError::Stale { .. }
            | AppError::Held { .. }
            | AppError::InProgress
            | AppError::OtherBody
            | AppError::Unavailable { .. }
            | AppError::Ours { .. } => {}
        }
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).expect("a problem is plain data");
        let mut response = (status, [(CONTENT_TYPE, MEDIA)], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// Middleware: gives bare errors of the framework under `/api` and `/hooks` the form of a problem.
pub async fn explain(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let machine = path.starts_with("/api/") || path.starts_with("/hooks/");
    let response = next.run(request).await;
    let status = response.status();
    let told = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|media| media.as_bytes().ends_with(b"json"));
    if !machine || told || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let detail = format!(
        "{} on this path",
        status.canonical_reason().unwrap_or("error").to_lowercase()
    );
    let problem = Problem::plain(status, &detail);
    parts.headers.remove(CONTENT_LENGTH);
    parts
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA));
    debug_assert!(status != StatusCode::METHOD_NOT_ALLOWED || parts.headers.contains_key(ALLOW));
    let body = serde_json::to_string(&problem).expect("a problem is plain data");
    Response::from_parts(parts, Body::from(body))
}
