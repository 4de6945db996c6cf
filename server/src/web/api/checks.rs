//! `/api/v1/clusters/{c}/checks`: the checks of the team, and how each came out last.

use crate::web::AppState;
use crate::web::api::List;
use crate::web::api::moment::written;
use crate::web::guard::Signed;
use crate::web::input::named;
use crate::web::problem::Problem;
use app::desk::views::CheckView;
use axum::Json;
use axum::extract::{Path, State};
use domain::check::When;
use domain::id::ClusterName;
use serde::Serialize;
use utoipa::ToSchema;

/// One check.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Check {
    /// Name.
    pub name: String,
    /// `http`, `promql`, `tcp`, `command` or `job`.
    pub kind: &'static str,
    /// `node`: before the uncordon; `workload`: after it.
    pub when: &'static str,
    /// What it does, in words.
    pub what: String,
    /// It must pass within so many seconds.
    pub limit_s: u32,
    /// Pause between two tries, in seconds.
    pub every_s: u32,
    /// The newest outcome that is known.
    pub last: Option<Outcome>,
}

/// How a check came out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Outcome {
    /// In which recovery.
    pub recovery_id: u64,
    /// When.
    pub at: String,
    /// Whether it passed.
    pub passed: bool,
    /// What it saw.
    pub text: String,
}

impl From<CheckView> for Check {
    fn from(view: CheckView) -> Self {
        Self {
            name: view.name.into(),
            kind: view.kind.word(),
            when: match view.when {
                When::Node => "node",
                When::Workload => "workload",
            },
            what: view.what,
            limit_s: view.limit_s,
            every_s: view.every_s,
            last: view.last.map(|last| Outcome {
                recovery_id: last.recovery.0,
                at: written(last.at),
                passed: last.passed,
                text: last.text,
            }),
        }
    }
}

/// The checks of the team of a cluster, in their order.
#[utoipa::path(get, path = "/api/v1/clusters/{c}/checks", tag = "clusters", params(("c" = String, Path)),
    responses((status = 200, body = List<Check>), (status = 404, body = Problem)))]
pub async fn list(
    State(state): State<AppState>,
    signed: Signed,
    Path(cluster): Path<String>,
) -> Result<Json<List<Check>>, Problem> {
    let cluster = named("cluster", ClusterName::parse(&cluster))?;
    let checks = state.desk.checks(&signed.person, &cluster).await?;
    let items = checks.into_iter().map(Check::from).collect();
    Ok(Json(List { items, next: None }))
}
