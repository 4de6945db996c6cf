//! Who comes: by the cookie of a session or by an API token.

use crate::web::policy::Need;
use crate::web::problem::Problem;
use crate::web::{AppState, session};
use app::error::AppError;
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::header::{AUTHORIZATION, HeaderMap};
use axum::http::request::Parts;
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

/// A token counts before a cookie: who shows a wrong one is nobody.
pub async fn identify(
    state: &AppState,
    headers: &HeaderMap,
    session: Option<Session>,
    need: Need,
    door: Door,
) -> Result<Option<Signed>, AppError> {
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
