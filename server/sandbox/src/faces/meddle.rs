//! Lets a fault come between a call and the face it is for.

use super::serve::HangUp;
use crate::faults::{Effect, Fault, Manner};
use crate::ledger::{Entry, Face};
use crate::realm::{Shared, lock};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// A face and the world behind it.
#[derive(Clone)]
pub struct Meddler {
    /// The world.
    pub shared: Arc<Shared>,
    /// The face, for the shape of its errors.
    pub face: Face,
}

/// Put into a request: the start it asks for will fail for want of room.
#[derive(Debug, Clone, Copy)]
pub struct NoRoom;

/// Put into a request: the watch it opens ends after this long.
#[derive(Debug, Clone, Copy)]
pub struct CutAfter(pub Duration);

/// Looks for a fault for this call and lets it act.
pub async fn meddle(State(meddler): State<Meddler>, mut request: Request, next: Next) -> Response {
    let method = request.method().as_str().to_owned();
    let path = request.uri().path().to_owned();
    let manner = match request
        .uri()
        .query()
        .unwrap_or("")
        .split('&')
        .any(|pair| matches!(pair, "watch=1" | "watch=true"))
    {
        true => Manner::Watch,
        false => Manner::Once,
    };
    let Some(fault) = lock(&meddler.shared.faults).take(&method, &path, manner) else {
        return next.run(request).await;
    };
    match fault.effect {
        Effect::Slow => {
            tokio::time::sleep(fault.delay(1000)).await;
            next.run(request).await
        }
        Effect::Skew => {
            let mut answer = next.run(request).await;
            let told = jiff::Timestamp::now() - fault.delay(3_600_000);
            let date = told.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            if let Ok(date) = HeaderValue::from_str(&date) {
                answer.headers_mut().insert(header::DATE, date);
            }
            answer
        }
        Effect::CutWatch => {
            request.extensions_mut().insert(CutAfter(fault.delay(100)));
            next.run(request).await
        }
        Effect::Capacity => {
            request.extensions_mut().insert(NoRoom);
            next.run(request).await
        }
        Effect::DropAfterAccept => {
            let unread = next.run(request).await;
            tracing::debug!(
                status = unread.status().as_u16(),
                "Answer dropped on purpose"
            );
            hang_up()
        }
        Effect::Hang => {
            note(&meddler, &method, path, 0);
            std::future::pending().await
        }
        Effect::Refuse => {
            note(&meddler, &method, path, 0);
            hang_up()
        }
        Effect::Answer(code) => {
            note(&meddler, &method, path, code);
            refusal(meddler.face, code, &fault)
        }
    }
}

fn note(meddler: &Meddler, method: &str, path: String, status: u16) {
    if method == "GET" {
        return;
    }
    let verb = method.to_ascii_lowercase();
    let entry = Entry {
        face: meddler.face,
        verb,
        path,
        node: None,
        status,
        user: String::new(),
        body: Value::Null,
    };
    meddler
        .shared
        .with(|realm, now| realm.ledger.record(now, entry));
}

fn hang_up() -> Response {
    let mut response = StatusCode::BAD_GATEWAY.into_response();
    response.extensions_mut().insert(HangUp);
    response
}

fn refusal(face: Face, code: u16, fault: &Fault) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let message = format!("the sandbox answers {code} here because a fault says so");
    let (reason, wrapper) = match code {
        401 => ("Unauthorized", "error"),
        403 => ("Forbidden", "forbidden"),
        404 => ("NotFound", "itemNotFound"),
        409 => ("Conflict", "conflictingRequest"),
        410 => ("Expired", "gone"),
        429 => ("TooManyRequests", "overLimit"),
        503 => ("ServiceUnavailable", "serviceUnavailable"),
        _ => ("InternalError", "computeFault"),
    };
    let body = match face {
        Face::Kubernetes => json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message, "reason": reason, "code": code,
        }),
        Face::Cloud => json!({ wrapper: {"code": code, "message": message} }),
        Face::Monitoring => json!({"code": code, "message": message}),
    };
    let mut response = (status, axum::Json(body)).into_response();
    if let Some(seconds) = fault.retry_after {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}
