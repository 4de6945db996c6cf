//! `/api/v1/storms`: breakers, and `POST /api/v1/clusters/{c}/storm/close`.

use crate::web::AppState;
use crate::web::api::List;
use crate::web::api::moment::written;
use crate::web::guard::Signed;
use crate::web::input::{Body, named};
use crate::web::problem::Problem;
use app::desk::views::StormView;
use app::error::AppError;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::access::Person;
use domain::id::ClusterName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One storm breaker.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Storm {
    /// Number.
    pub id: u64,
    /// Cluster.
    pub cluster: String,
    /// `open` or `closed`.
    pub state: &'static str,
    /// When it tripped.
    pub tripped_at: String,
    /// Why, with the numbers.
    pub why: String,
    /// Nodes that were unhealthy then.
    pub nodes: Vec<String>,
    /// Recoveries it holds back: approve one to let just that one through.
    pub held: Vec<Held>,
    /// Since when it is calm.
    pub calm_since: Option<String>,
    /// From when on it may be closed, if it stays calm.
    pub closable_at: Option<String>,
    /// When and how it closes, in a sentence.
    pub how: String,
    /// When it was closed.
    pub closed_at: Option<String>,
    /// By whom.
    pub closed_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// A recovery that is held back.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Held {
    /// Its number.
    pub recovery_id: u64,
    /// Its node.
    pub node: String,
}

/// Why the breaker is closed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseBody {
    /// In words.
    pub reason: String,
}

impl From<StormView> for Storm {
    fn from(view: StormView) -> Self {
        Self {
            id: view.id,
            cluster: view.cluster.into(),
            state: if view.closed_at.is_some() {
                "closed"
            } else {
                "open"
            },
            tripped_at: written(view.tripped_at),
            why: view.why,
            nodes: view.nodes.into_iter().map(String::from).collect(),
            held: view
                .held
                .into_iter()
                .map(|one| Held {
                    recovery_id: one.id.0,
                    node: one.node.into(),
                })
                .collect(),
            calm_since: view.calm_since.map(written),
            closable_at: view.closable_at.map(written),
            how: view.how,
            closed_at: view.closed_at.map(written),
            closed_by: view.closed_by.map(String::from),
            reason: view.closed_why,
        }
    }
}

/// The open ones, for the stream.
pub async fn open(state: &AppState, who: &Person) -> Result<List<Storm>, AppError> {
    let all = state.desk.storms(who).await?;
    let open = all.into_iter().filter(|one| one.closed_at.is_none());
    Ok(List {
        items: open.map(Storm::from).collect(),
        next: None,
    })
}

/// Storm breakers: those that are open, then the last closed ones.
#[utoipa::path(get, path = "/api/v1/storms", tag = "storms", responses((status = 200, body = List<Storm>)))]
pub async fn list(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Json<List<Storm>>, Problem> {
    let items = state.desk.storms(&signed.person).await?;
    let items = items.into_iter().map(Storm::from).collect();
    Ok(Json(List { items, next: None }))
}

/// Closes the open breaker of a cluster; 423 until it has been calm for long enough.
#[utoipa::path(post, path = "/api/v1/clusters/{c}/storm/close", tag = "storms", params(("c" = String, Path)),
    request_body = CloseBody,
    responses((status = 204), (status = 409, body = Problem), (status = 423, body = Problem)))]
pub async fn close(
    State(state): State<AppState>,
    signed: Signed,
    Path(cluster): Path<String>,
    Body(body): Body<CloseBody>,
) -> Result<StatusCode, Problem> {
    let cluster = named("cluster", ClusterName::parse(&cluster))?;
    state
        .desk
        .close_storm(&signed.person, &cluster, &body.reason)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
