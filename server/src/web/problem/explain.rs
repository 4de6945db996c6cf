//! Bare errors of the framework, told as problems.

use super::{MEDIA, Problem};
use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE};
use axum::middleware::Next;
use axum::response::Response;

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
