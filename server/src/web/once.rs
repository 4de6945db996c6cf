//! `Idempotency-Key`: the same request sent again gets the first answer, and acts once.

use crate::web::accounts::Begun;
use crate::web::guard::Signed;
use crate::web::problem::{MEDIA, Problem};
use crate::web::{AppState, BODY_MAX};
use app::error::AppError;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::id::PersonName;
use engine::ports::StoreError;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const KEY_MAX: usize = 255;

/// Middleware: only for REST calls that act and carry a key.
pub async fn once(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let acts = request.method() == Method::POST
        && path.starts_with("/api/v1/")
        && path != "/api/v1/rules/try";
    let (Some(key), Some(signed), true) = (
        request.headers().get(KEY),
        request.extensions().get::<Signed>(),
        acts,
    ) else {
        return next.run(request).await;
    };
    let key = match checked("api", key) {
        Ok(key) => key,
        Err(problem) => return problem.into_response(),
    };
    let who = signed.person.name.clone();
    first_or_again(&state, who, key, request, next)
        .await
        .unwrap_or_else(IntoResponse::into_response)
}

/// A key as it is kept: keys of pages and of programs never meet.
pub fn checked(space: &str, key: &HeaderValue) -> Result<String, Problem> {
    match key.to_str() {
        Ok(text) if !text.is_empty() && text.len() <= KEY_MAX => Ok(format!("{space}:{text}")),
        Ok(_) | Err(_) => Err(Problem::field(
            "Idempotency-Key",
            "must have 1 to 255 printable ASCII characters",
        )),
    }
}

async fn first_or_again(
    state: &AppState,
    who: PersonName,
    key: String,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, BODY_MAX)
        .await
        .map_err(|_| Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"))?;
    let asked = [
        parts.method.as_str().as_bytes(),
        parts.uri.to_string().as_bytes(),
        b"\n",
        &bytes,
    ]
    .concat();
    match state
        .accounts
        .begin(&who, &key, &asked)
        .await
        .map_err(|error| failed(&error))?
    {
        Begun::Fresh => {}
        Begun::UnderWay => return Err(AppError::InProgress.into()),
        Begun::OtherBody => return Err(AppError::OtherBody.into()),
        Begun::Done { status, body } => return Ok(again(status, body)),
    }
    let request = Request::from_parts(parts, Body::from(bytes));
    let state = state.clone();
    // In a task of its own: a client that hangs up must not leave the key "under way".
    let work = tokio::spawn(async move {
        let (parts, body) = next.run(request).await.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
        let kept = if parts.status.is_server_error() {
            state.accounts.abandon(&who, &key).await
        } else {
            let text = String::from_utf8_lossy(&bytes);
            state
                .accounts
                .finish(&who, &key, parts.status.as_u16(), &text)
                .await
        };
        if let Err(error) = kept {
            tracing::error!("The answer to a repeated request could not be kept: {error}");
        }
        Response::from_parts(parts, Body::from(bytes))
    });
    work.await.map_err(|error| {
        tracing::error!("A request broke: {error}");
        AppError::Ours {
            id: "request".to_owned(),
        }
        .into()
    })
}

fn again(status: u16, body: String) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let media = if status.is_success() {
        "application/json"
    } else {
        MEDIA
    };
    let mut response = (status, [(CONTENT_TYPE, media)], body).into_response();
    response
        .headers_mut()
        .insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

/// Answer to a failure of the store.
pub fn failed(error: &StoreError) -> Problem {
    tracing::error!("The store failed: {error}");
    AppError::Unavailable {
        text: "The store does not answer; try again.".to_owned(),
    }
    .into()
}
