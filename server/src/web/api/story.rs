//! `/api/v1/recoveries/{id}/events/{n}`: what a program makes of one event for the story.

use crate::web::AppState;
use crate::web::api::moment;
use crate::web::guard::Signed;
use crate::web::input::Body;
use crate::web::problem::Problem;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::id::RecoveryId;
use serde::Deserialize;
use utoipa::ToSchema;

/// What is to be changed; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// Whether it is part of the story.
    pub story: Option<bool>,
    /// When a note happened.
    pub happened_at: Option<String>,
}

/// Puts an event into the story or takes it out, or says when a note happened.
#[utoipa::path(post, path = "/api/v1/recoveries/{id}/events/{n}", tag = "recoveries",
    params(("id" = u64, Path), ("n" = u32, Path)), request_body = Mark,
    responses((status = 204), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn mark(
    State(state): State<AppState>,
    signed: Signed,
    Path((id, n)): Path<(String, String)>,
    Body(body): Body<Mark>,
) -> Result<StatusCode, Problem> {
    let number = |field: &str, text: &str| {
        text.parse::<u32>()
            .ok()
            .filter(|number| *number > 0)
            .ok_or_else(|| {
                Problem::field(field, &format!("{text:?} is not a positive whole number"))
            })
    };
    let id = RecoveryId(number("id", &id)?.into());
    let n = number("n", &n)?;
    let at = body
        .happened_at
        .as_deref()
        .map(|at| moment::read("happened_at", at))
        .transpose()?;
    if let Some(starred) = body.story {
        state.desk.star(&signed.person, id, n, starred).await?;
    }
    if let Some(at) = at {
        state.desk.move_note(&signed.person, id, n, at).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
