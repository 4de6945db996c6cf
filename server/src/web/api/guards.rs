//! `/api/v1/guards`: what each limit is set to, and how close it is.

use crate::web::AppState;
use crate::web::api::List;
use crate::web::guard::Signed;
use crate::web::problem::Problem;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// The limits of one cluster.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Guards {
    /// Cluster.
    pub cluster: String,
    /// Its limits.
    pub guards: Vec<Guard>,
}

/// One limit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Guard {
    /// Its key in `[guards]`.
    pub key: String,
    /// What it limits.
    pub title: String,
    /// What it is set to.
    pub set_to: String,
    /// How close it is now.
    pub now: Option<String>,
    /// Whether it holds something back now.
    pub reached: bool,
}

/// The limits of every cluster.
#[utoipa::path(get, path = "/api/v1/guards", tag = "guards", responses((status = 200, body = List<Guards>)))]
pub async fn list(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Json<List<Guards>>, Problem> {
    let settings = state.desk.settings(&signed.person).await?;
    let items = settings
        .guards
        .into_iter()
        .map(|one| Guards {
            cluster: one.cluster.into(),
            guards: one
                .lines
                .into_iter()
                .map(|line| Guard {
                    key: line.key,
                    title: line.title,
                    set_to: line.set_to,
                    now: line.now,
                    reached: line.reached,
                })
                .collect(),
        })
        .collect();
    Ok(Json(List { items, next: None }))
}
