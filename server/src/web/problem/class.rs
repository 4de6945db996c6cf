//! Which status and kind an error has.

use app::error::AppError;
use axum::http::StatusCode;

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
        AppError::Expired { .. } => (
            StatusCode::PRECONDITION_FAILED,
            "/problems/expired",
            "Too late",
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
