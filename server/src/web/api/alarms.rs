//! `/api/v1/alarms`.

use crate::web::AppState;
use crate::web::api::moment::written;
use crate::web::api::{List, Part};
use crate::web::guard::Signed;
use crate::web::input::{Asked, Id, paging};
use crate::web::problem::Problem;
use app::desk::views::AlarmView;
use axum::Json;
use axum::extract::State;
use domain::id::AlarmId;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One alarm.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Alarm {
    /// Number.
    pub id: u64,
    /// Source.
    pub source: String,
    /// When it was stored.
    pub received_at: String,
    /// Start of its episode.
    pub starts_at: String,
    /// Text that rules match.
    pub text: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// What became of it.
    #[schema(example = "matched")]
    pub disposition: String,
    /// The rule that took it.
    pub rule_id: Option<u64>,
    /// The recovery it belongs to.
    pub recovery_id: Option<u64>,
    /// `firing`, `resolved` or `closed`.
    pub status: String,
    /// Why nothing was done, or who must look.
    pub note: Option<String>,
    /// Who has seen it.
    pub acknowledged_by: Option<String>,
}

impl From<AlarmView> for Alarm {
    fn from(view: AlarmView) -> Self {
        Self {
            id: view.id.0,
            source: view.source.into(),
            received_at: written(view.received_at),
            starts_at: written(view.starts_at),
            text: view.text,
            labels: view.labels,
            disposition: view.disposition,
            rule_id: view.rule_id.map(|id| id.0),
            recovery_id: view.recovery_id.map(|id| id.0),
            status: view.status,
            note: view.note,
            acknowledged_by: view.acknowledged_by.map(String::from),
        }
    }
}

/// Alarms, newest first.
#[utoipa::path(get, path = "/api/v1/alarms", tag = "alarms", params(Part),
    responses((status = 200, body = List<Alarm>), (status = 422, body = Problem)))]
pub async fn list(
    State(state): State<AppState>,
    signed: Signed,
    Asked(part): Asked<Part>,
) -> Result<Json<List<Alarm>>, Problem> {
    let found = state
        .desk
        .alarms(&signed.person, paging(part.after, part.limit)?)
        .await?;
    let items = found.items.into_iter().map(Alarm::from).collect();
    Ok(Json(List {
        items,
        next: found.next,
    }))
}

/// One alarm.
#[utoipa::path(get, path = "/api/v1/alarms/{id}", tag = "alarms", params(("id" = u64, Path)),
    responses((status = 200, body = Alarm), (status = 404, body = Problem)))]
pub async fn one(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<Alarm>, Problem> {
    Ok(Json(
        state.desk.alarm(&signed.person, AlarmId(id)).await?.into(),
    ))
}

/// Says that an alarm was seen.
#[utoipa::path(post, path = "/api/v1/alarms/{id}/acknowledge", tag = "alarms", params(("id" = u64, Path)),
    responses((status = 200, body = Alarm), (status = 404, body = Problem)))]
pub async fn acknowledge(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<Alarm>, Problem> {
    state
        .desk
        .acknowledge_alarm(&signed.person, AlarmId(id))
        .await?;
    Ok(Json(
        state.desk.alarm(&signed.person, AlarmId(id)).await?.into(),
    ))
}
