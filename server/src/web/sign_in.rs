//! Ways in and out: invite links, six-digit codes, sign-out.

mod page;

use crate::web::accounts::{Entry, Holder};
use crate::web::guard::Signed;
use crate::web::problem::Problem;
use crate::web::routes::Doors;
use crate::web::{AppState, once, session};
use app::error::AppError;
use axum::Form;
use axum::extract::{ConnectInfo, FromRequest, Query, Request, State};
use axum::http::header::{ACCEPT, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Door;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use tower_sessions::Session;

/// Saved pages must not outlive the person they were made for.
const PURGE: (HeaderName, HeaderValue) = (
    HeaderName::from_static("clear-site-data"),
    HeaderValue::from_static("\"cache\", \"storage\""),
);

/// Opens them.
pub fn doors(doors: Doors) -> Doors {
    doors
        .get("/sign-in", ask)
        .post("/sign-in", by_invite)
        .post("/sign-in/code", by_code)
        .get("/sign-in/new-code", offer_code)
        .post("/sign-in/new-code", new_code)
        .post("/sign-out", sign_out)
}

/// The link of an invite.
#[must_use]
pub fn link(public_url: &str, secret: &str) -> String {
    format!(
        "{}/sign-in?token={secret}",
        public_url.trim_end_matches('/')
    )
}

/// What a sign-in form or its address holds.
#[derive(Debug, Default, Deserialize)]
struct Shown {
    token: Option<String>,
    code: Option<String>,
}

/// The page never uses an invite up: link previews and prefetching open it too.
async fn ask(
    State(state): State<AppState>,
    Query(shown): Query<Shown>,
    signed: Option<Signed>,
) -> Result<Response, Problem> {
    let Some(invite) = shown.token else {
        return Ok(match signed {
            Some(signed) => page::signed_in(&signed.person.name),
            None => page::code_form(None),
        });
    };
    let holder = state
        .accounts
        .invited(&invite)
        .await
        .map_err(|error| once::failed(&error))?;
    Ok(match holder {
        Some(holder) => page::invite_form(&holder.name, &invite),
        None => (StatusCode::UNAUTHORIZED, page::code_form(Some(OLD_LINK))).into_response(),
    })
}

const OLD_LINK: &str = "This sign-in link was used before or is too old. Ask for a new one.";
const WRONG_CODE: &str =
    "This code is wrong or too old. Show a new one on a device that is signed in.";
const TOO_MANY: &str = "Too many tries from this address. Wait 15 minutes.";

async fn by_invite(state: State<AppState>, session: Session, request: Request) -> Response {
    let form = Query::<Shown>::try_from_uri(request.uri())
        .unwrap_or_default()
        .0;
    let (entry, form) = read(request, form).await;
    let invite = form.token.unwrap_or_default();
    let first = match may_try(&state, &entry).await {
        Ok(()) => state
            .accounts
            .redeem_invite(&invite)
            .await
            .map_err(|error| once::failed(&error)),
        Err(response) => return *response,
    };
    finish(&state, &session, &entry, first, OLD_LINK).await
}

async fn by_code(state: State<AppState>, session: Session, request: Request) -> Response {
    let (entry, form) = read(request, Shown::default()).await;
    let code: String = form
        .code
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let first = match may_try(&state, &entry).await {
        Ok(()) => state
            .accounts
            .redeem_code(&code)
            .await
            .map_err(|error| once::failed(&error)),
        Err(response) => return *response,
    };
    finish(&state, &session, &entry, first, WRONG_CODE).await
}

/// Who tries, and how an answer should look.
struct Try {
    address: String,
    html: bool,
}

async fn read(request: Request, mut shown: Shown) -> (Try, Shown) {
    let entry = Try {
        address: address(&request),
        html: wants_html(request.headers()),
    };
    if let Ok(Form(form)) = Form::<Shown>::from_request(request, &()).await {
        shown.token = form.token.or(shown.token);
        shown.code = form.code.or(shown.code);
    }
    (entry, shown)
}

/// Counted before the secret is looked at, so that many tries at once do not slip through together.
async fn may_try(state: &AppState, entry: &Try) -> Result<(), Box<Response>> {
    match state.accounts.may_try(&entry.address).await {
        Ok(true) => Ok(()),
        Ok(false) => {
            audit(state, &entry.address, "sign_in_refused", TOO_MANY).await;
            Err(Box::new(refusal(
                entry,
                StatusCode::TOO_MANY_REQUESTS,
                TOO_MANY,
            )))
        }
        Err(error) => Err(Box::new(once::failed(&error).into_response())),
    }
}

async fn finish(
    state: &AppState,
    session: &Session,
    entry: &Try,
    holder: Result<Option<Holder>, Problem>,
    refused: &str,
) -> Response {
    let holder = match holder {
        Ok(Some(holder)) => holder,
        Ok(None) => {
            audit(state, &entry.address, "sign_in_refused", refused).await;
            return refusal(entry, StatusCode::UNAUTHORIZED, refused);
        }
        Err(problem) => return problem.into_response(),
    };
    if let Err(error) = session::sign_in(session, &holder.name).await {
        tracing::error!("A session could not be made: {error}");
        return Problem::from(AppError::Unavailable {
            text: "Try again.".to_owned(),
        })
        .into_response();
    }
    if let Err(error) = state.accounts.forgive(&entry.address).await {
        tracing::warn!("Tries could not be forgotten: {error}");
    }
    audit(state, holder.name.as_str(), "signed_in", holder.role.word()).await;
    ([PURGE], Redirect::to("/")).into_response()
}

fn refusal(entry: &Try, status: StatusCode, text: &str) -> Response {
    let mut response = if entry.html {
        (status, page::code_form(Some(text))).into_response()
    } else {
        Problem::plain(status, text).into_response()
    };
    if status == StatusCode::TOO_MANY_REQUESTS {
        response
            .headers_mut()
            .insert("retry-after", HeaderValue::from_static("900"));
    }
    response
}

async fn offer_code(signed: Signed) -> Response {
    page::offer_code(&signed.person.name)
}

async fn new_code(State(state): State<AppState>, signed: Signed) -> Result<Response, Problem> {
    let code = state
        .accounts
        .new_code(&signed.person.name)
        .await
        .map_err(|error| once::failed(&error))?;
    audit(&state, signed.person.name.as_str(), "code_shown", "").await;
    Ok(page::code(&code))
}

async fn sign_out(
    State(state): State<AppState>,
    signed: Option<Signed>,
    session: Session,
) -> Response {
    if let Err(error) = session::sign_out(&session).await {
        tracing::error!("A session could not be ended: {error}");
        return Problem::from(AppError::Unavailable {
            text: "Try again.".to_owned(),
        })
        .into_response();
    }
    if let Some(signed) = signed {
        audit(&state, signed.person.name.as_str(), "signed_out", "").await;
    }
    ([PURGE], Redirect::to("/sign-in")).into_response()
}

async fn audit(state: &AppState, actor: &str, action: &'static str, detail: &str) {
    let entry = Entry {
        actor: actor.to_owned(),
        door: Door::Page,
        action,
        target: "session".to_owned(),
        detail: detail.to_owned(),
    };
    if let Err(error) = state.accounts.audit(entry).await {
        tracing::error!("A line of the audit could not be written: {error}");
    }
}

/// The sender's address; of IPv6 the network, because one person may have all of it.
fn address(request: &Request) -> String {
    let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() else {
        return "unknown".to_owned();
    };
    match peer.ip().to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

fn wants_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}
