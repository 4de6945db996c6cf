//! What acts is never cut in two by a caller who hangs up: between a commit and what follows from it nobody may end it.

use crate::web::problem::Problem;
use app::error::AppError;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Middleware: a request that acts runs to its end in a task of its own, whether or not anybody still waits for the answer.
/// Its body is whole by then, so that nobody can keep it open.
pub async fn unbroken(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let acts = path.starts_with("/api/v1/") || path.starts_with("/do/");
    if !acts || request.method().is_safe() {
        return next.run(request).await;
    }
    let work = tokio::spawn(next.run(request));
    work.await.unwrap_or_else(|error| {
        tracing::error!("A request broke: {error}");
        let ours = AppError::Ours {
            id: "request".to_owned(),
        };
        Problem::from(ours).into_response()
    })
}
