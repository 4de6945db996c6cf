//! Acts: `POST /do/<verb_noun>`. A form gets 303 and its refusal on the next page; other callers get status and JSON.

use crate::web::accounts::Begun;
use crate::web::guard::Signed;
use crate::web::problem::{self, Problem};
use crate::web::routes::Doors;
use crate::web::{AppState, BODY_MAX, flash, once};
use app::error::AppError;
use app::{Clock, Deadline, FlashKind, Goto, Outgoing, SharedDesk};
use axum::body::{Body, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::header::{
    ACCEPT, CONTENT_TYPE, HOST, HeaderMap, HeaderName, LOCATION, REFERER, SET_COOKIE,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use domain::access::Person;
use leptos::prelude::{Owner, provide_context};
use leptos::reactive::computed::ScopedFuture;
use serde::{Deserialize, Serialize};
use server_fn::error::SERVER_FN_ERROR_HEADER;
use std::time::Duration;

/// How long a repeated form waits for the outcome of its first copy.
const PATIENCE: Duration = Duration::from_secs(10);
/// A script of ours that sends a form and goes on to the page itself: it cannot read where a redirect leads.
const SCRIPT: HeaderName = HeaderName::from_static("x-act");
/// Where that page is.
const GOTO: HeaderName = HeaderName::from_static("x-goto");

/// What came of an act: kept under its intent, so that the same tap sent again gets the same answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    status: u16,
    /// Why it was not done.
    pub refused: Option<AppError>,
    body: String,
    /// Where its outcome is shown.
    pub goto: Option<String>,
    said: Option<FlashKind>,
}

#[derive(Debug, Default, Deserialize)]
struct Tap {
    intent: Option<String>,
}

/// Opens the door of all acts; each has a row of its own in the policy table.
pub fn doors(doors: Doors) -> Doors {
    doors.post("/do/{*act}", act)
}

async fn act(State(state): State<AppState>, signed: Option<Signed>, request: Request) -> Response {
    let person = signed.map(|signed| signed.person);
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large")
            .into_response();
    };
    let outcome = match patiently(&state, person, &parts, body).await {
        Ok(outcome) => outcome,
        Err(error) => Outcome::refusal(error),
    };
    if from_form(&parts.headers) {
        return to_form(&state, &parts.headers, outcome);
    }
    to_program(outcome)
}

impl Outcome {
    /// It was not done.
    pub fn refusal(error: AppError) -> Self {
        let body = serde_json::to_string(&error).expect("an error is plain data");
        Self {
            status: 500,
            refused: Some(error),
            body,
            goto: None,
            said: None,
        }
    }
}

/// A form that comes again while its first copy is at work is told what becomes of that one.
async fn patiently(
    state: &AppState,
    person: Option<Person>,
    parts: &Parts,
    body: Bytes,
) -> Result<Outcome, AppError> {
    let form = from_form(&parts.headers);
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let decided_next = state.taps.decided.notified();
        match decided(state, person.clone(), parts, body.clone()).await {
            Err(AppError::InProgress) if form => {}
            outcome => return outcome,
        }
        if tokio::time::timeout_at(deadline, decided_next)
            .await
            .is_err()
        {
            let key = intent_of(parts).unwrap_or_default();
            return Ok(Outcome {
                goto: Some(format!("/intents/{key}")),
                ..Outcome::refusal(AppError::InProgress)
            });
        }
    }
}

fn intent_of(parts: &Parts) -> Option<String> {
    let tap = Query::<Tap>::try_from_uri(&parts.uri).unwrap_or_default().0;
    tap.intent.filter(|intent| !intent.is_empty())
}

/// The outcome of this act, or the one it had when it was sent before.
async fn decided(
    state: &AppState,
    person: Option<Person>,
    parts: &Parts,
    body: Bytes,
) -> Result<Outcome, AppError> {
    let intent = intent_of(parts);
    let kept = match (intent, &person) {
        (Some(intent), Some(person)) => {
            let key = HeaderValue::try_from(intent)
                .ok()
                .and_then(|key| once::checked("act", &key).ok());
            let key = key.ok_or_else(|| AppError::Invalid {
                field: "intent".to_owned(),
                message: "must have 1 to 255 printable ASCII characters".to_owned(),
                position: None,
            })?;
            Some((person.name.clone(), key))
        }
        (Some(_) | None, _) => None,
    };
    if let Some((name, key)) = &kept {
        let asked = [parts.uri.path().as_bytes(), b"\n", &body].concat();
        match state
            .accounts
            .begin(name, key, &asked)
            .await
            .map_err(|error| stored(&error))?
        {
            Begun::Fresh => {}
            Begun::UnderWay => return Err(AppError::InProgress),
            Begun::OtherBody => return Err(AppError::OtherBody),
            Begun::Done { body, .. } => {
                return serde_json::from_str(&body).map_err(|_| AppError::OtherBody);
            }
        }
    }
    let (state, parts) = (state.clone(), parts.clone());
    // In a task of its own: a browser that hangs up must not cut an act in two.
    let work = tokio::spawn(async move {
        let outcome = run(&state, person, parts, body).await;
        if let Some((name, key)) = kept {
            keep(&state, &name, &key, &outcome).await;
        }
        state.taps.decided.notify_waiters();
        outcome
    });
    work.await.map_err(|error| {
        tracing::error!("An act broke: {error}");
        AppError::Ours {
            id: "act".to_owned(),
        }
    })
}

async fn keep(state: &AppState, name: &domain::id::PersonName, key: &str, outcome: &Outcome) {
    let passing = matches!(
        outcome.refused,
        Some(AppError::Unavailable { .. } | AppError::Ours { .. })
    );
    let kept = if passing {
        state.accounts.abandon(name, key).await
    } else {
        let body = serde_json::to_string(outcome).expect("an outcome is plain data");
        state
            .accounts
            .finish(name, key, outcome.status, &body)
            .await
    };
    if let Err(error) = kept {
        tracing::error!("The outcome of an act could not be kept: {error}");
    }
}

fn stored(error: &engine::ports::StoreError) -> AppError {
    tracing::error!("The store failed: {error}");
    AppError::Unavailable {
        text: "The store does not answer; try again.".to_owned(),
    }
}

/// Runs the server function with what pages and acts find in their context.
async fn run(state: &AppState, person: Option<Person>, mut parts: Parts, body: Bytes) -> Outcome {
    let path = parts.uri.path().to_owned();
    let Some(mut service) = server_fn::axum::get_server_fn_service(&path, parts.method.clone())
    else {
        return Outcome::refusal(AppError::NotFound { what: path });
    };
    // Without these two server_fn neither redirects nor writes errors into addresses.
    parts.headers.remove(ACCEPT);
    parts.headers.remove(REFERER);
    let (goto, said) = (Goto::default(), Outgoing::default());
    let (goto_in, said_in) = (goto.clone(), said.clone());
    let (desk, clock): (SharedDesk, Clock) = (state.desk.clone(), state.clock.clone());
    let until = intent_of(&parts).and_then(|key| state.taps.deadline(&key));
    let owner = Owner::new();
    let response = owner
        .with(|| {
            ScopedFuture::new(async move {
                provide_context(person);
                provide_context(desk);
                provide_context(clock);
                provide_context(Deadline(until));
                provide_context(goto_in);
                provide_context(said_in);
                provide_context(parts.clone());
                service
                    .run(Request::from_parts(parts, Body::from(body)))
                    .await
            })
        })
        .await;
    let (head, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let failed = head.headers.contains_key(SERVER_FN_ERROR_HEADER) || !head.status.is_success();
    let refused = failed.then(|| {
        serde_json::from_slice(&body).unwrap_or_else(|_| AppError::Ours {
            id: "act".to_owned(),
        })
    });
    Outcome {
        status: head.status.as_u16(),
        refused,
        body: String::from_utf8_lossy(&body).into_owned(),
        goto: goto.taken(),
        said: said.taken(),
    }
}

/// Whether the caller is a browser that sent a form and shows what it gets.
pub fn from_form(headers: &HeaderMap) -> bool {
    text(headers, &ACCEPT).is_some_and(|accept| accept.contains("text/html"))
}

/// A refusal before the act was looked at, for a form.
pub fn refused(state: &AppState, headers: &HeaderMap, error: AppError) -> Response {
    to_form(state, headers, Outcome::refusal(error))
}

fn to_form(state: &AppState, headers: &HeaderMap, outcome: Outcome) -> Response {
    let place = outcome.goto.unwrap_or_else(|| back(headers));
    let place = HeaderValue::try_from(place).unwrap_or(HeaderValue::from_static("/"));
    let (status, header) = if headers.contains_key(SCRIPT) {
        (StatusCode::OK, GOTO)
    } else {
        (StatusCode::SEE_OTHER, LOCATION)
    };
    let mut response = status.into_response();
    response.headers_mut().insert(header, place);
    if let Some(word) = outcome
        .said
        .or_else(|| outcome.refused.map(FlashKind::Refused))
    {
        let cookie = flash::cookie(state.settings.secure, &state.flashes.keep(word));
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

fn to_program(outcome: Outcome) -> Response {
    let status = match &outcome.refused {
        Some(error) => problem::class(error).0,
        None => StatusCode::from_u16(outcome.status).unwrap_or(StatusCode::OK),
    };
    let mut response = (status, [(CONTENT_TYPE, "application/json")], outcome.body).into_response();
    if outcome.refused.is_some() {
        // Islands tell a refusal from an answer by it.
        response
            .headers_mut()
            .insert(SERVER_FN_ERROR_HEADER, HeaderValue::from_static("true"));
    }
    response
}

/// The page the form was on: only a path of our own host, never another site.
fn back(headers: &HeaderMap) -> String {
    let referer = text(headers, &REFERER).and_then(|referer| referer.parse::<Uri>().ok());
    let host = text(headers, &HOST);
    match referer {
        Some(referer) if referer.authority().map(|one| one.as_str()) == host => referer
            .path_and_query()
            .map_or("/", |path| path.as_str())
            .to_owned(),
        Some(_) | None => "/".to_owned(),
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
