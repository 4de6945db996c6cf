//! Errors of REST and of machines, after RFC 9457.

mod class;
mod explain;

pub use class::class;
pub use explain::explain;

use crate::web::origin::Foreign;
use app::error::AppError;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
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
            AppError::AlreadyRecovering { recovery, .. } => problem.recovery_id = Some(recovery.0),
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
            | AppError::Expired { .. }
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
