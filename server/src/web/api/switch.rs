//! `/api/v1/switch`.

use crate::web::AppState;
use crate::web::api::moment::written;
use crate::web::guard::Signed;
use crate::web::input::{Body, named};
use crate::web::problem::Problem;
use app::desk::views::SwitchView;
use axum::Json;
use axum::extract::State;
use domain::access::Person;
use domain::guard::Switch as Mode;
use domain::id::ClusterName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The global switch, and those of clusters.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Switch {
    /// The global position.
    #[serde(flatten)]
    pub global: Position,
    /// Clusters with a switch of their own; the stricter wins.
    pub clusters: Vec<Position>,
}

/// Position of one switch.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Position {
    /// Which cluster; null for the global one.
    pub cluster: Option<String>,
    /// `run`, `pause` or `freeze`.
    pub mode: &'static str,
    /// Who put it there.
    pub set_by: Option<String>,
    /// When.
    pub set_at: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Calls that were under way when it was thrown.
    pub in_flight: Option<u32>,
}

/// What a thrown switch means for one cluster.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Receipt {
    /// Cluster.
    pub cluster: String,
    /// Where it stands now, the stricter of its own and the global one.
    pub mode: &'static str,
    /// When.
    pub at: String,
    /// Calls that were under way, one line each.
    pub in_flight: Vec<String>,
    /// In a sentence.
    pub text: String,
}

/// The switches after one was thrown.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Thrown {
    /// All of them.
    #[serde(flatten)]
    pub switch: Switch,
    /// What it means, per cluster.
    pub receipts: Vec<Receipt>,
}

/// A new position.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchBody {
    /// `run`, `pause` or `freeze`.
    pub mode: String,
    /// Only this cluster.
    pub cluster: Option<String>,
    /// Why; needed to lift it.
    pub reason: Option<String>,
}

impl From<SwitchView> for Position {
    fn from(view: SwitchView) -> Self {
        Self {
            cluster: view.cluster.map(String::from),
            mode: view.mode.word(),
            set_by: view.set_by.map(String::from),
            set_at: view.set_at.map(written),
            reason: view.reason,
            in_flight: view.in_flight,
        }
    }
}

/// The switches as one object.
pub async fn object(state: &AppState, who: &Person) -> Result<Switch, Problem> {
    let (global, clusters): (Vec<_>, Vec<_>) = state
        .desk
        .switches(who)
        .await?
        .into_iter()
        .partition(|one| one.cluster.is_none());
    let untouched = SwitchView {
        cluster: None,
        mode: Mode::Run,
        set_by: None,
        set_at: None,
        reason: None,
        in_flight: None,
    };
    Ok(Switch {
        global: global.into_iter().next().unwrap_or(untouched).into(),
        clusters: clusters.into_iter().map(Position::from).collect(),
    })
}

/// The switches.
#[utoipa::path(get, path = "/api/v1/switch", tag = "switch", responses((status = 200, body = Switch)))]
pub async fn show(State(state): State<AppState>, signed: Signed) -> Result<Json<Switch>, Problem> {
    Ok(Json(object(&state, &signed.person).await?))
}

/// Throws or lifts a switch.
#[utoipa::path(put, path = "/api/v1/switch", tag = "switch", request_body = SwitchBody,
    responses((status = 200, body = Thrown), (status = 422, body = Problem)))]
pub async fn set(
    State(state): State<AppState>,
    signed: Signed,
    Body(body): Body<SwitchBody>,
) -> Result<Json<Thrown>, Problem> {
    let mode = Mode::parse(&body.mode).ok_or_else(|| {
        Problem::field(
            "mode",
            &format!("must be run, pause or freeze, not {:?}", body.mode),
        )
    })?;
    let cluster = named(
        "cluster",
        body.cluster.as_deref().map(ClusterName::parse).transpose(),
    )?;
    let receipts = state
        .desk
        .set_switch(
            &signed.person,
            cluster.as_ref(),
            mode,
            body.reason.as_deref(),
        )
        .await?;
    let receipts = receipts
        .into_iter()
        .map(|one| Receipt {
            cluster: one.cluster.into(),
            mode: one.mode.word(),
            at: written(one.at),
            in_flight: one.in_flight,
            text: one.text,
        })
        .collect();
    Ok(Json(Thrown {
        switch: object(&state, &signed.person).await?,
        receipts,
    }))
}
