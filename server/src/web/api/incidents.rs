//! `/api/v1/incidents`: hosts that took several nodes down at once, and the note for whoever runs the host.

use crate::web::AppState;
use crate::web::api::List;
use crate::web::api::moment::written;
use crate::web::guard::Signed;
use crate::web::input::Id;
use crate::web::problem::Problem;
use app::desk::views::{IncidentView, MemberView};
use app::error::AppError;
use axum::Json;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use domain::access::Person;
use serde::Serialize;
use utoipa::ToSchema;

/// Several nodes that went down with their host.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Incident {
    /// Number.
    pub id: u64,
    /// The cloud account of the host, or its cluster.
    pub place: String,
    /// The host, as the cloud, the label or the config calls it.
    pub host: String,
    /// `open` or `closed`.
    pub state: &'static str,
    /// When it was noticed.
    pub opened_at: String,
    /// When all its members had ended.
    pub closed_at: Option<String>,
    /// One sentence.
    pub headline: String,
    /// What the host said to a start; until something of it comes up, rules start nothing more there.
    pub refused: Option<String>,
    /// Its machines.
    pub members: Vec<Member>,
}

/// One of the machines.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Member {
    /// Its cluster.
    pub cluster: String,
    /// Its node.
    pub node: String,
    /// The cloud's id of it.
    pub machine: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// `down`, `waiting`, `recovering`, `needs_human` or `back`.
    pub state: &'static str,
    /// The same in a sentence.
    pub text: String,
    /// When it was seen down.
    pub down_at: String,
    /// When it was seen well again.
    pub up_at: Option<String>,
    /// Its recoveries, the newest last.
    pub recovery_ids: Vec<u64>,
}

impl From<MemberView> for Member {
    fn from(view: MemberView) -> Self {
        Self {
            cluster: view.cluster.into(),
            node: view.node.into(),
            machine: view.machine,
            address: view.address,
            state: view.state.word(),
            text: view.text,
            down_at: written(view.down_at),
            up_at: view.up_at.map(written),
            recovery_ids: view.recoveries.into_iter().map(|one| one.0).collect(),
        }
    }
}

impl From<IncidentView> for Incident {
    fn from(view: IncidentView) -> Self {
        Self {
            id: view.id,
            place: view.place,
            host: view.host,
            state: if view.closed_at.is_some() {
                "closed"
            } else {
                "open"
            },
            opened_at: written(view.opened_at),
            closed_at: view.closed_at.map(written),
            headline: view.headline,
            refused: view.refused,
            members: view.members.into_iter().map(Member::from).collect(),
        }
    }
}

/// The open ones, for the stream.
pub async fn open(state: &AppState, who: &Person) -> Result<List<Incident>, AppError> {
    let all = state.desk.incidents(who).await?;
    let open = all.into_iter().filter(|one| one.closed_at.is_none());
    Ok(List {
        items: open.map(Incident::from).collect(),
        next: None,
    })
}

/// The last incidents, newest first.
#[utoipa::path(get, path = "/api/v1/incidents", tag = "incidents",
    responses((status = 200, body = List<Incident>)))]
pub async fn list(
    State(state): State<AppState>,
    signed: Signed,
) -> Result<Json<List<Incident>>, Problem> {
    let items = state.desk.incidents(&signed.person).await?;
    let items = items.into_iter().map(Incident::from).collect();
    Ok(Json(List { items, next: None }))
}

/// One incident.
#[utoipa::path(get, path = "/api/v1/incidents/{id}", tag = "incidents", params(("id" = u64, Path)),
    responses((status = 200, body = Incident), (status = 404, body = Problem)))]
pub async fn one(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
) -> Result<Json<Incident>, Problem> {
    let view = state.desk.incident(&signed.person, id).await?;
    Ok(Json(view.into()))
}

/// The note for whoever runs the host, in Markdown.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/note.md", tag = "incidents", params(("id" = u64, Path)),
    responses((status = 200, body = String, content_type = "text/markdown"), (status = 404, body = Problem)))]
pub async fn note_md(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
) -> Result<Response, Problem> {
    let view = state.desk.incident(&signed.person, id).await?;
    let kind = [(CONTENT_TYPE, "text/markdown; charset=utf-8")];
    Ok((kind, view.note_md).into_response())
}

/// The note for whoever runs the host, as plain text.
#[utoipa::path(get, path = "/api/v1/incidents/{id}/note.txt", tag = "incidents", params(("id" = u64, Path)),
    responses((status = 200, body = String, content_type = "text/plain"), (status = 404, body = Problem)))]
pub async fn note_txt(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
) -> Result<Response, Problem> {
    let view = state.desk.incident(&signed.person, id).await?;
    let kind = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((kind, view.note).into_response())
}
