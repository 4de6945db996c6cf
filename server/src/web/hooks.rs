//! Alarms in: `POST /hooks/{source}`. Answered only after the commit; what cannot be stored is never answered 2xx.

use crate::web::AppState;
use crate::web::input::BODY_TIME;
use crate::web::problem::Problem;
use crate::web::routes::Doors;
use alarms::auth::Expected;
use alarms::read::BODY_MAX;
use alarms::signature::Signature;
use alarms::{Format, read};
use app::error::AppError;
use async_trait::async_trait;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderName,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::alarm::{Disposition, NewAlarm};
use domain::id::{AlarmId, SourceName};
use engine::ports::StoreError;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use jiff::Timestamp;
use serde::Serialize;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long a sender waits for room before it is sent away.
const ROOM_TIME: Duration = Duration::from_secs(2);
/// Room for bodies that are being read and stored, over all sources, in KiB: bounds the memory of a flood.
const ROOM_KIB: usize = 64 * 1024;

/// How much of a body that is not taken is read all the same.
const HEARD_MAX: usize = 4 * BODY_MAX;

static ROOM: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(ROOM_KIB)));

/// One alarm source.
#[derive(Clone)]
pub struct HookSettings {
    /// What a sender has to show, read at the moment it is asked for; the error is a sentence without secrets.
    pub shows: Arc<dyn Fn() -> Result<Shown, String> + Send + Sync>,
    /// What it sends.
    pub format: Format,
}

/// What a sender has to show.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// In its header; nothing where only its signature counts.
    pub auth: Expected,
    /// How its bodies are signed, if they are.
    pub signature: Option<Signature>,
}

/// Where alarms go; answers after the commit, in the order given.
#[async_trait]
pub trait Intake: Send + Sync {
    /// Stores alarms and wakes the engine.
    async fn accept(
        &self,
        alarms: Vec<NewAlarm>,
    ) -> Result<Vec<(AlarmId, Disposition)>, StoreError>;
}

/// Opens the door.
pub fn doors(doors: Doors) -> Doors {
    doors.post("/hooks/{source}", hook)
}

#[derive(Serialize)]
struct Taken {
    alarms: Vec<TakenAlarm>,
}

#[derive(Serialize)]
struct TakenAlarm {
    id: u64,
    disposition: &'static str,
}

async fn hook(
    State(state): State<AppState>,
    Path(source): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let (source, settings) = known(&state, &source)?;
    // Not a 4xx: a secret that is being exchanged must not cost an alarm.
    let shown = (settings.shows)().map_err(|why| {
        tracing::error!(%source, "No sender can be checked: {why}");
        overloaded("the secret of this alarm source cannot be read at the moment; send it again")
    })?;
    let denied = |why: &dyn std::fmt::Display| {
        tracing::warn!(%source, "A sender of alarms was turned away: {why}");
        Problem::plain(StatusCode::UNAUTHORIZED, &why.to_string())
    };
    if shown.signature.is_none() || !shown.auth.is_empty() {
        let authorization = text(&parts.headers, &AUTHORIZATION);
        shown
            .auth
            .check(authorization)
            .map_err(|why| denied(&why))?;
    }
    if let Some(coding) =
        text(&parts.headers, &CONTENT_ENCODING).filter(|coding| *coding != "identity")
    {
        let detail = format!("content encoding {coding:?} is not taken: send the body as it is");
        return Err(Problem::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, &detail));
    }
    let _room = match room(&parts.headers).await {
        Ok(room) => room,
        Err(problem) => {
            heard_out(body).await;
            return Err(problem);
        }
    };
    let bytes = whole(body, BODY_TIME).await?;
    if let Some(signature) = &shown.signature {
        let header = |name: &str| parts.headers.get(name)?.to_str().ok();
        signature
            .check(header, &bytes, Timestamp::now())
            .map_err(|why| denied(&why))?;
    }
    let parsed = read(
        &settings.format,
        text(&parts.headers, &CONTENT_TYPE),
        &source,
        &bytes,
    )
    .map_err(|error| {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
        tracing::warn!(%source, "A body of alarms was refused: {error}");
        Problem::plain(status, &error.to_string())
    })?;
    if parsed.truncated > 0 {
        tracing::warn!(%source, "The source held back {} alarms of this body", parsed.truncated);
    }
    let taken = state.intake.accept(parsed.alarms).await.map_err(|error| {
        tracing::error!(%source, "Alarms could not be stored: {error}");
        overloaded("the alarms could not be stored; send them again")
    })?;
    let alarms = taken
        .into_iter()
        .map(|(id, disposition)| TakenAlarm {
            id: id.0,
            disposition: disposition.word(),
        })
        .collect();
    Ok((StatusCode::ACCEPTED, Json(Taken { alarms })).into_response())
}

fn known(state: &AppState, name: &str) -> Result<(SourceName, HookSettings), Problem> {
    let found = SourceName::parse(name).ok().and_then(|name| {
        let settings = state.settings.hooks.get().get(&name).cloned()?;
        Some((name, settings))
    });
    found.ok_or_else(|| {
        AppError::NotFound {
            what: format!("Alarm source {name:?}"),
        }
        .into()
    })
}

/// A place in the room for this body; senders are told to come again rather than to give up.
pub(super) async fn room(headers: &HeaderMap) -> Result<OwnedSemaphorePermit, Problem> {
    let length = text(headers, &CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    let length = length.unwrap_or(BODY_MAX);
    if length > BODY_MAX {
        return Err(too_large());
    }
    let kib = u32::try_from(length.div_ceil(1024).max(1)).unwrap_or(u32::MAX);
    match timeout(ROOM_TIME, Arc::clone(&ROOM).acquire_many_owned(kib)).await {
        Ok(Ok(permit)) => Ok(permit),
        Ok(Err(_)) | Err(_) => Err(overloaded("too many alarms at once; send them again")),
    }
}

pub(super) async fn whole(body: Body, time: Duration) -> Result<Bytes, Problem> {
    match timeout(time, Limited::new(body, BODY_MAX).collect()).await {
        // Not a 4xx: Alertmanager would drop the alarms because of a slow line.
        Err(_) => Err(overloaded(
            "the body did not arrive within 10 s; send it again",
        )),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(error)) => Err(Problem::unreadable(
            "body",
            &format!("the body cannot be read: {error}"),
        )),
        Ok(Ok(body)) => Ok(body.to_bytes()),
    }
}

/// Reads on and keeps nothing: whoever is answered in the middle of a sentence may never see the answer.
async fn heard_out(body: Body) {
    let mut body = Limited::new(body, HEARD_MAX);
    let _ = timeout(BODY_TIME, async {
        while let Some(Ok(_)) = body.frame().await {}
    })
    .await;
}

fn too_large() -> Problem {
    Problem::plain(
        StatusCode::PAYLOAD_TOO_LARGE,
        &format!("the body is too large; at most {BODY_MAX} bytes are taken"),
    )
}

pub(super) fn overloaded(text: &str) -> Problem {
    AppError::Unavailable {
        text: text.to_owned(),
    }
    .into()
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(HeaderValue::to_str)?.ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    #[tokio::test]
    async fn a_body_that_does_not_end_in_time_is_cut_off_and_its_sender_told_to_come_again() {
        let never = Body::from_stream(futures::stream::pending::<Result<Bytes, Infallible>>());
        let problem = whole(never, Duration::ZERO)
            .await
            .expect_err("it never ends");
        assert_eq!(problem.status, 503);
    }
}
