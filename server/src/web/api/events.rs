//! `GET /api/v1/events`: the objects that the stream sends.

use crate::web::AppState;
use crate::web::api::{alarms, clusters, cordons, incidents, recoveries, storms, switch};
use crate::web::live::Change;
use crate::web::problem::Problem;
use app::error::AppError;
use domain::access::Person;
use serde::Serialize;

/// Server-sent events: `id` grows with each change, `event` is `recovery`, `health`, `alarm`, `switch`, `storm`,
/// `incident`, `cordon` or `reset`, and
/// `data` is the REST object. `Last-Event-ID` replays up to 1,000.
#[utoipa::path(get, path = "/api/v1/events", tag = "events",
    params(("Last-Event-ID" = Option<u64>, Header)),
    responses((status = 200, body = String, content_type = "text/event-stream")))]
// Stands for the handler in the description; the stream itself is in web/live.
pub fn stream() {}

/// The REST object of what changed, as JSON, with the rights of the reader.
pub async fn object(state: &AppState, who: &Person, change: &Change) -> Result<String, AppProblem> {
    match change {
        Change::Recovery(id) => text(&recoveries::object(state, who, *id).await?),
        Change::Alarm(id) => text(&alarms::Alarm::from(state.desk.alarm(who, *id).await?)),
        Change::Switch => text(&switch::object(state, who).await?),
        Change::Storm => text(&storms::open(state, who).await?),
        Change::Incident => text(&incidents::open(state, who).await?),
        Change::Cordon => text(&cordons::object(state, who).await?),
        Change::Health(name) => {
            // From the watch cache: a stream must not make the cluster be read once per reader.
            let cards = state.desk.clusters(who).await?;
            let card = cards.into_iter().find(|card| card.name == *name);
            let what = format!("Cluster {name}");
            let card = card.ok_or(AppError::NotFound { what })?;
            text(&clusters::Health::from(card.health))
        }
    }
}

/// Why an object could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct AppProblem(String);

impl From<AppError> for AppProblem {
    fn from(error: AppError) -> Self {
        Self(error.to_string())
    }
}

impl From<Problem> for AppProblem {
    fn from(problem: Problem) -> Self {
        Self(problem.detail)
    }
}

fn text(object: &impl Serialize) -> Result<String, AppProblem> {
    serde_json::to_string(object).map_err(|error| AppProblem(error.to_string()))
}
