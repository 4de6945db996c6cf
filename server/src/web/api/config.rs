//! `/api/v1/config`: the config in force without secrets, and why a newer one was not taken.

use crate::web::AppState;
use crate::web::api::moment::written;
use crate::web::guard::Signed;
use crate::web::problem::Problem;
use app::desk::views::ConfigView;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// The config file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Config {
    /// Its path.
    pub file: String,
    /// When what is in force was read.
    pub loaded_at: String,
    /// What made us read it: `the start` or `SIGHUP`.
    pub loaded_by: String,
    /// Why a newer one was not taken; null if the file is in force.
    pub error: Option<NotTaken>,
    /// Keys whose new value waits for a restart.
    pub restart: Vec<String>,
    /// Clusters that are no longer in the file, but where a recovery is still at work.
    pub leaving: Vec<String>,
    /// Its tables.
    pub sections: Vec<Section>,
}

/// A config that was read and not taken.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NotTaken {
    /// When.
    pub at: String,
    /// What made us read it.
    pub by: String,
    /// File, line, key and what was expected.
    pub message: String,
}

/// One table of the file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Section {
    /// `server`, or `cluster prod`.
    pub name: String,
    /// Its keys.
    pub keys: Vec<Key>,
}

/// One key of the file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Key {
    /// Its name, with dots for inner tables.
    pub key: String,
    /// Its value; of a secret only where it is kept.
    pub value: String,
    /// Whether the value itself is hidden.
    pub secret: bool,
}

impl From<ConfigView> for Config {
    fn from(view: ConfigView) -> Self {
        Self {
            file: view.file,
            loaded_at: written(view.since),
            loaded_by: view.by,
            error: view.trouble.map(|one| NotTaken {
                at: written(one.at),
                by: one.by,
                message: one.error,
            }),
            restart: view.restart,
            leaving: view.leaving.into_iter().map(String::from).collect(),
            sections: view
                .sections
                .into_iter()
                .map(|one| Section {
                    name: one.name,
                    keys: one
                        .keys
                        .into_iter()
                        .map(|key| Key {
                            key: key.key,
                            value: key.value,
                            secret: key.secret,
                        })
                        .collect(),
                })
                .collect(),
        }
    }
}

/// The config in force, without secrets.
#[utoipa::path(get, path = "/api/v1/config", tag = "config", responses((status = 200, body = Config)))]
pub async fn show(State(state): State<AppState>, signed: Signed) -> Result<Json<Config>, Problem> {
    Ok(Json(state.desk.config(&signed.person).await?.into()))
}
