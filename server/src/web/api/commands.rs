//! `POST /api/v1/commands`: a line of the grammar.

use crate::web::AppState;
use crate::web::guard::Signed;
use crate::web::input::Body;
use crate::web::problem::Problem;
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A line.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The line.
    #[schema(example = "10.0.0.12 startup")]
    pub text: String,
}

/// Its answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reply {
    /// In words, several lines.
    pub reply: String,
    /// The recovery that was begun or approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_id: Option<u64>,
}

/// Runs a line of the grammar.
#[utoipa::path(post, path = "/api/v1/commands", tag = "commands", request_body = Line,
    responses((status = 200, body = Reply), (status = 422, body = Problem)))]
pub async fn run(
    State(state): State<AppState>,
    signed: Signed,
    Body(line): Body<Line>,
) -> Result<Json<Reply>, Problem> {
    let answer = state.desk.command(&signed.person, &line.text).await?;
    Ok(Json(Reply {
        reply: answer.reply,
        recovery_id: answer.recovery_id.map(|id| id.0),
    }))
}
