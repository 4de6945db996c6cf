//! `/api/v1/preferences`: what the holder of the token chose.

use crate::web::AppState;
use crate::web::guard::Signed;
use crate::web::input::Body;
use crate::web::problem::Problem;
use app::desk::views::{PreferenceKey, Preferences};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// All choices.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Chosen {
    /// How long the start button is held, in seconds: `off`, `0.5`, `0.8` or `1.5`.
    pub hold: &'static str,
    /// Whether the phone shakes then: `on` or `off`.
    pub vibrate: &'static str,
}

/// Some choices; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// `off`, `0.5`, `0.8` or `1.5`.
    pub hold: Option<String>,
    /// `on` or `off`.
    pub vibrate: Option<String>,
}

impl From<Preferences> for Chosen {
    fn from(mine: Preferences) -> Self {
        Self {
            hold: mine.word(PreferenceKey::Hold),
            vibrate: mine.word(PreferenceKey::Vibrate),
        }
    }
}

/// What was chosen.
#[utoipa::path(get, path = "/api/v1/preferences", tag = "preferences", responses((status = 200, body = Chosen)))]
pub async fn show(State(state): State<AppState>, signed: Signed) -> Result<Json<Chosen>, Problem> {
    Ok(Json(state.desk.preferences(&signed.person).await?.into()))
}

/// Chooses.
#[utoipa::path(put, path = "/api/v1/preferences", tag = "preferences", request_body = Choice,
    responses((status = 200, body = Chosen), (status = 422, body = Problem)))]
pub async fn set(
    State(state): State<AppState>,
    signed: Signed,
    Body(choice): Body<Choice>,
) -> Result<Json<Chosen>, Problem> {
    let chosen = [
        (PreferenceKey::Hold, choice.hold),
        (PreferenceKey::Vibrate, choice.vibrate),
    ];
    for (key, word) in chosen {
        if let Some(word) = word {
            state
                .desk
                .set_preference(&signed.person, key, &word)
                .await?;
        }
    }
    show(State(state), signed).await
}
