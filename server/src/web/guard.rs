//! Stands before every door: finds out who comes, refuses foreign sites, and asks the policy table.

mod who;

pub use who::{Signed, still_holds};

use crate::web::origin::{self, Cookie};
use crate::web::policy::{self, Found, Need};
use crate::web::problem::Problem;
use crate::web::{AppState, act, session};
use app::error::AppError;
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{ACCEPT, ALLOW, COOKIE, HeaderMap};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::Door;
use tower_sessions::Session;

/// Middleware: lets a request pass, or answers it.
pub async fn guard(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let path = pattern(&request);
    let need = match policy::look(request.method(), path.as_deref().unwrap_or_default()) {
        Found::Need(need) => need,
        // No route: nothing to guard, but the page that says so is made for somebody.
        Found::OtherMethod | Found::Nothing if path.is_none() => Need::Open,
        Found::OtherMethod => return other_method(&path.unwrap_or_default()),
        Found::Nothing => {
            let what = path.unwrap_or_default();
            tracing::error!("No row of the policy table covers {what}");
            return Problem::from(AppError::NotFound { what }).into_response();
        }
    };
    if need == Need::HookSecret {
        return next.run(request).await;
    }
    let cookie = cookie_of(&state, request.headers());
    if let Err(foreign) =
        origin::check(&state.settings, request.method(), request.headers(), cookie)
    {
        tracing::warn!(
            path = request.uri().path(),
            "A request was refused: {foreign}"
        );
        return Problem::foreign(foreign).into_response();
    }
    let session = request.extensions().get::<Session>().cloned();
    let door = door(request.uri().path(), need);
    let signed = match who::identify(&state, request.headers(), session, need, door).await {
        Ok(signed) => signed,
        Err(error) => return Problem::from(error).into_response(),
    };
    match allowed(need, signed.as_ref()) {
        Ok(()) => {}
        Err(AppError::SignedOut) if wants_page(&request, need) => {
            return Redirect::to("/sign-in").into_response();
        }
        Err(error) if is_act(&request) && act::from_form(request.headers()) => {
            return act::refused(&state, request.headers(), error);
        }
        Err(error) => return Problem::from(error).into_response(),
    }
    if let Some(signed) = signed {
        request.extensions_mut().insert(signed);
    }
    next.run(request).await
}

/// The route's pattern; a server function has a row of its own.
fn pattern(request: &Request) -> Option<String> {
    let matched = request.extensions().get::<MatchedPath>()?.as_str();
    if matched == "/do/{*act}" {
        return Some(request.uri().path().to_owned());
    }
    Some(matched.to_owned())
}

/// By which door the timeline says that somebody came.
fn door(path: &str, need: Need) -> Door {
    match need {
        Need::Api(_) | Need::Token(_) => Door::Api,
        Need::Open | Need::SignedIn(_) | Need::HookSecret if path == "/do/run_command" => {
            Door::Command
        }
        Need::Open | Need::SignedIn(_) | Need::HookSecret => Door::Page,
    }
}

fn is_act(request: &Request) -> bool {
    request.uri().path().starts_with("/do/")
}

fn other_method(path: &str) -> Response {
    let mut response = Problem::plain(
        StatusCode::METHOD_NOT_ALLOWED,
        "this path has no such method",
    )
    .into_response();
    if let Ok(methods) = HeaderValue::try_from(policy::methods(path)) {
        response.headers_mut().insert(ALLOW, methods);
    }
    response
}

fn cookie_of(state: &AppState, headers: &HeaderMap) -> Cookie {
    let name = session::cookie_name(state.settings.secure);
    let sent = headers.get_all(COOKIE).iter().any(|line| {
        let pairs = line.as_bytes().split(|byte| *byte == b';');
        pairs.map(<[u8]>::trim_ascii).any(|pair| {
            pair.strip_prefix(name.as_bytes())
                .is_some_and(|rest| rest.starts_with(b"="))
        })
    });
    if sent { Cookie::Sent } else { Cookie::Absent }
}

fn allowed(need: Need, signed: Option<&Signed>) -> Result<(), AppError> {
    let role = match need {
        Need::Open | Need::HookSecret => return Ok(()),
        Need::SignedIn(role) | Need::Api(role) | Need::Token(role) => role,
    };
    match signed {
        None => Err(AppError::SignedOut),
        Some(signed) if signed.person.may(role) => Ok(()),
        Some(_) => Err(AppError::NotAllowed {
            needs: role.word().to_owned(),
        }),
    }
}

/// Whether a stranger is better sent to the sign-in page than given an error.
fn wants_page(request: &Request, need: Need) -> bool {
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    let html = request
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_none_or(|accept| accept.contains("text/html") || (reads && accept.contains("*/*")));
    matches!(need, Need::SignedIn(_)) && html && request.uri().path() != "/live"
}
