//! `/api/v1/cordons`: the ledger, and `POST /api/v1/clusters/{c}/nodes/{n}/cordon`.

use crate::web::AppState;
use crate::web::api::moment::written;
use crate::web::guard::Signed;
use crate::web::input::{Body, named};
use crate::web::problem::Problem;
use app::desk::views::{CordonActView, CordonOrder, CordonView};
use app::error::AppError;
use axum::Json;
use axum::extract::{Path, State};
use domain::access::Person;
use domain::id::{ClusterName, NodeName};
use domain::ledger::{CordonVerb, Owner};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The cordon ledger.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cordons {
    /// Every cordon, those kept here first.
    pub items: Vec<Cordon>,
    /// The last acts of persons, newest first.
    pub acts: Vec<Act>,
}

/// One cordon.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Cordon {
    /// Cluster.
    pub cluster: String,
    /// Node.
    pub node: String,
    /// Whether the node is Ready; null while its cluster cannot be seen.
    pub ready: Option<bool>,
    /// Since when its cluster cannot be seen: the cordon is then as it was last seen.
    pub unseen_since: Option<String>,
    /// `recovery`, `person` or `tool`.
    pub owner: &'static str,
    /// In a few words.
    pub owner_text: String,
    /// The recovery that placed it.
    pub recovery_id: Option<u64>,
    /// Since when, as far as anybody knows.
    pub since: Option<String>,
    /// Why, as far as it is known here.
    pub reason: Option<String>,
    /// What a person may do: `take_over`, `hand_back`, `lift`.
    pub may: Vec<&'static str>,
}

/// What a person did.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Act {
    /// Cluster.
    pub cluster: String,
    /// Node.
    pub node: String,
    /// `take_over`, `hand_back` or `lift`.
    pub act: &'static str,
    /// Who.
    pub by: String,
    /// When.
    pub at: String,
    /// Why.
    pub reason: Option<String>,
    /// What became of it; null when it is not known.
    pub outcome: Option<String>,
}

/// What to do with a cordon.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CordonBody {
    /// `take_over`, `hand_back` or `lift`.
    pub act: String,
    /// Why.
    pub reason: Option<String>,
}

/// What became of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Done {
    /// In words.
    pub outcome: String,
}

impl From<CordonView> for Cordon {
    fn from(view: CordonView) -> Self {
        let (owner, recovery_id) = match &view.owner {
            Owner::Recovery { recovery } => ("recovery", Some(recovery.0)),
            Owner::Person { .. } => ("person", None),
            Owner::Tool { .. } => ("tool", None),
        };
        Self {
            cluster: view.cluster.into(),
            node: view.node.into(),
            ready: view.ready,
            unseen_since: view.unseen_since.map(written),
            owner,
            owner_text: view.owner_text,
            recovery_id,
            since: view.since.map(written),
            reason: view.reason,
            may: view.may.into_iter().map(CordonVerb::word).collect(),
        }
    }
}

impl From<CordonActView> for Act {
    fn from(view: CordonActView) -> Self {
        Self {
            cluster: view.cluster.into(),
            node: view.node.into(),
            act: view.verb.word(),
            by: view.by.into(),
            at: written(view.at),
            reason: view.reason,
            outcome: view.outcome,
        }
    }
}

/// The ledger as one object.
pub async fn object(state: &AppState, who: &Person) -> Result<Cordons, AppError> {
    let view = state.desk.cordons(who).await?;
    Ok(Cordons {
        items: view.items.into_iter().map(Cordon::from).collect(),
        acts: view.acts.into_iter().map(Act::from).collect(),
    })
}

/// Every cordon with owner, reason and time.
#[utoipa::path(get, path = "/api/v1/cordons", tag = "cordons", responses((status = 200, body = Cordons)))]
pub async fn list(State(state): State<AppState>, signed: Signed) -> Result<Json<Cordons>, Problem> {
    Ok(Json(object(&state, &signed.person).await?))
}

/// Takes a cordon over, hands it back or lifts it; 409 where that does not fit.
#[utoipa::path(post, path = "/api/v1/clusters/{c}/nodes/{n}/cordon", tag = "cordons",
    params(("c" = String, Path), ("n" = String, Path)), request_body = CordonBody,
    responses((status = 200, body = Done), (status = 409, body = Problem), (status = 423, body = Problem)))]
pub async fn act(
    State(state): State<AppState>,
    signed: Signed,
    Path((cluster, node)): Path<(String, String)>,
    Body(body): Body<CordonBody>,
) -> Result<Json<Done>, Problem> {
    let verb = CordonVerb::parse(&body.act).ok_or_else(|| {
        Problem::field(
            "act",
            &format!("must be take_over, hand_back or lift, not {:?}", body.act),
        )
    })?;
    let order = CordonOrder {
        cluster: named("cluster", ClusterName::parse(&cluster))?,
        node: named("node", NodeName::parse(&node))?,
        verb,
        reason: body.reason,
    };
    let outcome = state.desk.do_cordon(&signed.person, &order).await?;
    Ok(Json(Done { outcome }))
}
