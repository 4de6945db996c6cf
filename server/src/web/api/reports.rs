//! `report.md`, `report.csv` and `report.json` of a recovery: for browsers, for programs, and for a line of curl.

use crate::web::AppState;
use crate::web::guard::Signed;
use crate::web::input::{Asked, Id};
use crate::web::problem::Problem;
use app::desk::views::ReportOrder;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use domain::id::RecoveryId;
use domain::report::{Format, Options, zone};
use serde::Deserialize;

/// What may be chosen.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Choice {
    /// `UTC`, or a fixed offset like `+02:00`.
    pub zone: Option<String>,
    /// `everything`, or only the `story`.
    pub view: Option<String>,
    /// `yes`, or `no`: persons are numbered.
    pub names: Option<String>,
}

impl Choice {
    fn options(&self) -> Result<Options, Problem> {
        let offset = zone(self.zone.as_deref().unwrap_or_default());
        Ok(Options {
            zone: offset
                .ok_or_else(|| Problem::field("zone", "must be UTC or an offset like +02:00"))?,
            story: chosen("view", self.view.as_deref(), ("story", "everything"), false)?,
            names: chosen("names", self.names.as_deref(), ("yes", "no"), true)?,
        })
    }
}

fn chosen(
    field: &str,
    word: Option<&str>,
    (yes, no): (&str, &str),
    unsaid: bool,
) -> Result<bool, Problem> {
    match word {
        None | Some("") => Ok(unsaid),
        Some(word) if word == yes => Ok(true),
        Some(word) if word == no => Ok(false),
        Some(word) => Err(Problem::field(
            field,
            &format!("{word:?} is neither {yes} nor {no}"),
        )),
    }
}

async fn write(
    state: &AppState,
    signed: &Signed,
    id: u64,
    format: Format,
    choice: &Choice,
) -> Result<Response, Problem> {
    let order = ReportOrder {
        format,
        options: choice.options()?,
    };
    let text = state
        .desk
        .report(&signed.person, RecoveryId(id), order)
        .await?;
    let (kind, name) = match format {
        Format::Markdown => ("text/markdown; charset=utf-8", None),
        Format::Csv => ("text/csv; charset=utf-8; header=present", Some("csv")),
        Format::Json => ("application/json", Some("json")),
    };
    let mut response = ([(CONTENT_TYPE, kind)], text).into_response();
    if let Some(end) = name {
        let name = format!("inline; filename=\"recovery-{id}.{end}\"");
        if let Ok(name) = name.parse() {
            response.headers_mut().insert(CONTENT_DISPOSITION, name);
        }
    }
    Ok(response)
}

/// The postmortem draft.
#[utoipa::path(get, path = "/api/v1/recoveries/{id}/report.md", tag = "recoveries", params(("id" = u64, Path), Choice),
    responses((status = 200, body = String, content_type = "text/markdown"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn markdown(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
    Asked(choice): Asked<Choice>,
) -> Result<Response, Problem> {
    write(&state, &signed, id, Format::Markdown, &choice).await
}

/// The events as a table.
#[utoipa::path(get, path = "/api/v1/recoveries/{id}/report.csv", tag = "recoveries", params(("id" = u64, Path), Choice),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn csv(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
    Asked(choice): Asked<Choice>,
) -> Result<Response, Problem> {
    write(&state, &signed, id, Format::Csv, &choice).await
}

/// The events as one object.
#[utoipa::path(get, path = "/api/v1/recoveries/{id}/report.json", tag = "recoveries", params(("id" = u64, Path), Choice),
    responses((status = 200, body = String, content_type = "application/json"), (status = 404, body = Problem), (status = 422, body = Problem)))]
pub async fn json(
    State(state): State<AppState>,
    signed: Signed,
    Id(id): Id,
    Asked(choice): Asked<Choice>,
) -> Result<Response, Problem> {
    write(&state, &signed, id, Format::Json, &choice).await
}
