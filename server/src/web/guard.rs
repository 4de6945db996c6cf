//! Stands before every door: finds out who comes, refuses foreign sites, and asks the policy table.

use crate::web::origin::{self, Cookie};
use crate::web::policy::{self, Found, Need};
use crate::web::problem::Problem;
use crate::web::{AppState, act, session};
use app::error::AppError;
use axum::extract::{FromRequestParts, MatchedPath, OptionalFromRequestParts, Request, State};
use axum::http::header::{ACCEPT, ALLOW, AUTHORIZATION, COOKIE, HeaderMap};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::access::{Door, Person};
use std::convert::Infallible;
use tower_sessions::Session;
use tower_sessions::session::Id;

/// How somebody showed who they are.
#[derive(Clone)]
pub enum Proof {
    /// By the cookie of a session.
    Session(Id),
    /// By an API token.
    Token(String),
}

/// A person who passed the guard, as an argument of handlers.
#[derive(Clone)]
pub struct Signed {
    /// Who.
    pub person: Person,
    /// How that is known.
    pub proof: Proof,
}

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let signed = parts.extensions.get::<Self>().cloned();
        signed.ok_or_else(|| AppError::SignedOut.into())
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Signed {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

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
    let signed = match identify(&state, request.headers(), session, need).await {
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

/// A token counts before a cookie: who shows a wrong one is nobody.
async fn identify(
    state: &AppState,
    headers: &HeaderMap,
    session: Option<Session>,
    need: Need,
) -> Result<Option<Signed>, AppError> {
    let door = match need {
        Need::Api(_) | Need::Token(_) => Door::Api,
        Need::Open | Need::SignedIn(_) | Need::HookSecret => Door::Page,
    };
    let bearer = headers.get(AUTHORIZATION);
    if let (Some(bearer), Need::Api(_) | Need::Token(_)) = (bearer, need) {
        let text = bearer.to_str().unwrap_or_default();
        let Some((scheme, secret)) = text.split_once(' ') else {
            return Ok(None);
        };
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Ok(None);
        }
        let secret = secret.trim().to_owned();
        let holder = state
            .accounts
            .token(&secret)
            .await
            .map_err(|error| unavailable(&error))?;
        return Ok(holder.map(|holder| Signed {
            person: Person {
                name: holder.name,
                role: holder.role,
                door,
            },
            proof: Proof::Token(secret),
        }));
    }
    if matches!(need, Need::Token(_)) {
        return Ok(None);
    }
    let Some(session) = session else {
        return Ok(None);
    };
    let name = session::person(&session)
        .await
        .map_err(|error| unavailable(&error))?;
    let (Some(name), Some(id)) = (name, session.id()) else {
        return Ok(None);
    };
    let role = state
        .accounts
        .role(&name)
        .await
        .map_err(|error| unavailable(&error))?;
    Ok(role.map(|role| Signed {
        person: Person { name, role, door },
        proof: Proof::Session(id),
    }))
}

/// Whether a proof still holds: asked again and again by streams.
pub async fn still_holds(state: &AppState, signed: &Signed) -> bool {
    match &signed.proof {
        Proof::Token(secret) => {
            matches!(state.accounts.token(secret).await, Ok(Some(holder)) if holder.name == signed.person.name)
        }
        Proof::Session(id) => match state.sessions.person(id).await {
            Some(name) => {
                matches!(state.accounts.role(&name).await, Ok(Some(role)) if role == signed.person.role)
            }
            None => false,
        },
    }
}

fn unavailable(error: &dyn std::error::Error) -> AppError {
    tracing::error!("The register of people cannot be read: {error}");
    AppError::Unavailable {
        text: "The store does not answer; try again.".to_owned(),
    }
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
