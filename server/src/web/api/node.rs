//! `/api/v1/clusters/{c}/nodes/{n}`: one node and its machine, read now, and what may be done.

use crate::web::AppState;
use crate::web::api::clusters::Node;
use crate::web::api::moment::written;
use crate::web::guard::Signed;
use crate::web::input::named;
use crate::web::problem::Problem;
use app::desk::views::{NodeState, Offer};
use axum::Json;
use axum::extract::{Path, State};
use domain::guard::Warning;
use domain::id::{ClusterName, NodeName};
use serde::Serialize;
use utoipa::ToSchema;

/// A node, just read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NodeNow {
    /// The node.
    #[serde(flatten)]
    pub node: Node,
    /// The machine in a sentence.
    pub machine: String,
    /// When both were read.
    pub checked_at: String,
    /// `start`, `confirm`, `wait`, `watch`, `approve`, `check`, `blocked` or `nothing`.
    pub offer: &'static str,
    /// Why, where it is not a start.
    pub text: Option<String>,
    /// Who or what can lift it, when it is blocked.
    pub way_out: Option<String>,
    /// What `confirm` is asked for.
    pub warnings: Vec<String>,
    /// The recovery at work.
    pub recovery_id: Option<u64>,
    /// Version of all this, for a start: changed facts are 412.
    pub facts: String,
}

impl From<NodeState> for NodeNow {
    fn from(state: NodeState) -> Self {
        let (text, way_out, recovery) = match &state.offer {
            Offer::Start | Offer::Confirm { .. } | Offer::Wait => (None, None, None),
            Offer::Watch { recovery, text } => (Some(text.clone()), None, Some(recovery.0)),
            Offer::Approve { recovery, .. } => (None, None, Some(recovery.0)),
            Offer::Check { text } | Offer::Nothing { text } => (Some(text.clone()), None, None),
            Offer::Blocked { text, way_out } => (Some(text.clone()), Some(way_out.clone()), None),
        };
        Self {
            machine: state.machine_text,
            checked_at: written(state.checked_at),
            offer: state.offer.word(),
            text,
            way_out,
            warnings: state.offer.warnings().iter().map(Warning::text).collect(),
            recovery_id: recovery,
            facts: state.facts,
            node: state.node.into(),
        }
    }
}

/// One node and its machine, read now.
#[utoipa::path(get, path = "/api/v1/clusters/{c}/nodes/{n}", tag = "clusters",
    params(("c" = String, Path), ("n" = String, Path)),
    responses((status = 200, body = NodeNow), (status = 404, body = Problem)))]
pub async fn one(
    State(state): State<AppState>,
    signed: Signed,
    Path((cluster, node)): Path<(String, String)>,
) -> Result<Json<NodeNow>, Problem> {
    let cluster = named("cluster", ClusterName::parse(&cluster))?;
    let node = named("node", NodeName::parse(&node))?;
    let state = state.desk.node(&signed.person, &cluster, &node).await?;
    Ok(Json(state.into()))
}
