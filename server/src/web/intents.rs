//! `/intents/{key}`: what became of a tap whose answer was lost; and taking back one that has not arrived.

use crate::web::AppState;
use crate::web::act::{self, Outcome};
use crate::web::guard::Signed;
use crate::web::once;
use crate::web::page;
use crate::web::problem::Problem;
use crate::web::routes::Doors;
use app::error::AppError;
use app::{IntentState, IntentView};
use axum::extract::{Path, Request, State};
use axum::http::header::{ACCEPT, HeaderMap, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use domain::id::PersonName;
use jiff::Timestamp;
use serde::Deserialize;

/// What a late copy of a tap is told that was taken back.
const VOID: &str = "It was taken back before it arrived. Nothing was started.";

/// Which tap.
#[derive(Debug, Deserialize)]
struct Which {
    key: String,
}

/// Opens both doors.
pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/intents/{key}", show)
        .post("/do/void_intent", void)
}

async fn show(
    State(state): State<AppState>,
    signed: Signed,
    Path(key): Path<String>,
    mut request: Request,
) -> Result<Response, Problem> {
    let view = view(&state, &signed.person.name, &key).await?;
    if wants_json(request.headers()) {
        return Ok(Json(view).into_response());
    }
    if let (IntentState::Arrived, Some(goto)) = (view.state, &view.goto) {
        return Ok(lead(goto));
    }
    request.extensions_mut().insert(view);
    Ok(page::show(State(state), request).await)
}

/// Takes a tap back; what has arrived already is shown in place of it.
async fn void(
    State(state): State<AppState>,
    signed: Signed,
    headers: HeaderMap,
    Form(which): Form<Which>,
) -> Result<Response, Problem> {
    let name = &signed.person.name;
    let key = checked(&which.key)?;
    let outcome = Outcome::refusal(AppError::Expired {
        text: VOID.to_owned(),
    });
    let body = serde_json::to_string(&outcome).expect("an outcome is plain data");
    state
        .accounts
        .void(name, &key, StatusCode::GONE.as_u16(), &body)
        .await
        .map_err(|error| once::failed(&error))?;
    if act::from_form(&headers) {
        return Ok(lead(&format!("/intents/{}", which.key)));
    }
    Ok(Json(view(&state, name, &which.key).await?).into_response())
}

/// A key as acts keep it; it may stand in a path.
fn checked(key: &str) -> Result<String, Problem> {
    let plain = key
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    let value = HeaderValue::try_from(key).ok().filter(|_| plain);
    let value = value.ok_or_else(|| Problem::field("key", "is not a key of a tap"))?;
    once::checked("act", &value)
}

async fn view(state: &AppState, name: &PersonName, key: &str) -> Result<IntentView, Problem> {
    let kept = state
        .accounts
        .peek(name, &checked(key)?)
        .await
        .map_err(|error| once::failed(&error))?;
    let told = |state, goto, text: String| IntentView {
        key: key.to_owned(),
        state,
        goto,
        text,
    };
    let Some(kept) = kept else {
        return Ok(told(IntentState::Never, None, never(state, key)));
    };
    if kept.voided {
        return Ok(told(IntentState::Void, None, VOID.to_owned()));
    }
    let Some((_, body)) = kept.answer else {
        let text = "It arrived. The server is at work on it.".to_owned();
        return Ok(told(IntentState::UnderWay, None, text));
    };
    let outcome: Outcome = serde_json::from_str(&body).map_err(|_| AppError::Ours {
        id: "intent".to_owned(),
    })?;
    Ok(match outcome.refused {
        Some(error) => told(IntentState::Refused, outcome.goto, error.to_string()),
        None => told(
            IntentState::Arrived,
            outcome.goto,
            "It arrived and was taken.".to_owned(),
        ),
    })
}

/// After its end a copy that comes late is refused, so then it is certain.
fn never(state: &AppState, key: &str) -> String {
    match state.taps.deadline(key) {
        Some(until) if Timestamp::now() > until => {
            "It never arrived, and a copy that comes now is refused. Nothing was started."
                .to_owned()
        }
        Some(until) => format!(
            "It has not arrived. It may still be on its way until {} UTC; after that it is refused.",
            until.strftime("%H:%M:%S")
        ),
        None => "It has not arrived.".to_owned(),
    }
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"))
}

fn lead(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let place = HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, place);
    response
}
