//! What comes in: JSON bodies, queries and numbers in paths, each refused with a sentence that names the fault.

use crate::web::BODY_MAX;
use crate::web::problem::{FieldError, Problem};
use app::desk::views::Paging;
use app::error::AppError;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use std::time::Duration;
use tokio::time::timeout;

/// A body must be there in this time, or its sender is cut off.
pub const BODY_TIME: Duration = Duration::from_secs(10);

/// Middleware: reads the body before anything is done about it, in bounded time and memory. Alarms have a door of their own.
pub async fn whole(request: Request, next: Next) -> Response {
    if request.uri().path().starts_with("/hooks/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    match timeout(BODY_TIME, Limited::new(body, BODY_MAX).collect()).await {
        Ok(Ok(body)) => {
            let body = axum::body::Body::from(body.to_bytes());
            next.run(Request::from_parts(parts, body)).await
        }
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large").into_response()
        }
        Ok(Err(error)) => Problem::unreadable("body", &format!("the body cannot be read: {error}"))
            .into_response(),
        Err(_) => {
            let text = "the body did not arrive within 10 s";
            Problem::plain(StatusCode::REQUEST_TIMEOUT, text).into_response()
        }
    }
}

/// A JSON body. An empty one counts as `{}`.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| {
                let status = rejection.status();
                if status == StatusCode::PAYLOAD_TOO_LARGE {
                    Problem::plain(status, "the body is too large")
                } else {
                    Problem::unreadable("body", &rejection.body_text())
                }
            })?;
        let bytes: &[u8] = if bytes.trim_ascii().is_empty() {
            b"{}"
        } else {
            &bytes
        };
        read(bytes).map(Self)
    }
}

/// Syntax errors are 400 with line and column, wrong content is 422 with its field.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        match error.inner().classify() {
            Category::Data => {
                let message = error.inner().to_string();
                let field = if path == "." {
                    quoted(&message).unwrap_or("body")
                } else {
                    &path
                };
                Problem::field(field, &message)
            }
            Category::Io | Category::Syntax | Category::Eof => broken(error.inner()),
        }
    })?;
    reader.end().map_err(|error| broken(&error))?;
    Ok(value)
}

/// The field that serde puts in backquotes when one is missing or unknown.
fn quoted(message: &str) -> Option<&str> {
    let known = message.starts_with("missing field") || message.starts_with("unknown field");
    message.split('`').nth(1).filter(|_| known)
}

fn broken(error: &serde_json::Error) -> Problem {
    // serde_json's own words end in "at line 1 column 2".
    Problem::unreadable("body", &format!("the JSON cannot be read: {error}"))
}

/// A positive number in a path.
pub struct Id(pub u64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Problem::field("id", &rejection.body_text()))?;
        match text.parse() {
            Ok(id) if id > 0 && id <= i64::MAX as u64 => Ok(Self(id)),
            Ok(_) | Err(_) => Err(Problem::field(
                "id",
                &format!("{text:?} is not a positive whole number"),
            )),
        }
    }
}

/// A query.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Query(value) = Query::<T>::try_from_uri(&parts.uri).map_err(|rejection| {
            let message = rejection.body_text();
            let message = message.trim_start_matches("Failed to deserialize query string: ");
            let field = message.split(':').next().filter(|name| !name.contains(' '));
            Problem::field(
                field.or_else(|| quoted(message)).unwrap_or("query"),
                message,
            )
        })?;
        Ok(Self(value))
    }
}

/// Which part of a list, checked.
pub fn paging(after: Option<u64>, limit: Option<u32>) -> Result<Paging, Problem> {
    let limit = limit.unwrap_or(Paging::default().limit);
    if !(1..=500).contains(&limit) {
        return Err(Problem::field(
            "limit",
            &format!("must be 1 to 500, not {limit}"),
        ));
    }
    if after == Some(0) {
        return Err(Problem::field("after", "must be a positive whole number"));
    }
    Ok(Paging { after, limit })
}

/// A name or a time in a body or path, checked by its own rule.
pub fn named<T, E: std::fmt::Display>(field: &str, parsed: Result<T, E>) -> Result<T, Problem> {
    parsed.map_err(|error| {
        let message = error.to_string();
        let mut problem = Problem::from(AppError::Invalid {
            field: field.to_owned(),
            message: message.clone(),
            position: None,
        });
        problem.errors = vec![FieldError {
            field: field.to_owned(),
            message,
            position: None,
        }];
        problem
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body as Raw;
    use axum::middleware::from_fn;
    use axum::routing::post;
    use futures::stream;
    use std::convert::Infallible;
    use tower::ServiceExt;

    async fn status(body: Raw) -> StatusCode {
        let router = Router::new()
            .route("/api/v1/things", post(async || StatusCode::OK))
            .layer(from_fn(whole));
        let request = Request::post("/api/v1/things").body(body);
        let request = request.expect("a plain request can be built");
        let Ok(answer) = router.oneshot(request).await;
        answer.status()
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_ends_or_is_too_long_is_cut_off() {
        let never = stream::pending::<Result<Bytes, Infallible>>();
        assert_eq!(status(Raw::from_stream(never)).await, 408);
        assert_eq!(status(Raw::from(vec![b' '; BODY_MAX + 1])).await, 413);
        assert_eq!(status(Raw::from(vec![b' '; BODY_MAX])).await, 200);
    }
}
