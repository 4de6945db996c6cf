//! What a person chooses for themselves.

use super::door;
use crate::desk::views::PreferenceKey;
use crate::door::{FlashKind, caller, desk, say, see_other};
use crate::error::AppError;
use crate::links;
use leptos::prelude::*;

/// Saves the choices of one group; a field that is not there stays as it is.
#[server(prefix = "/do", endpoint = "set_preference")]
pub async fn set_preference(hold: Option<String>, vibrate: Option<String>) -> Result<(), AppError> {
    let who = caller()?;
    see_other(links::confirming());
    let chosen = [
        (PreferenceKey::Hold, hold),
        (PreferenceKey::Vibrate, vibrate),
    ];
    for (key, word) in chosen {
        if let Some(word) = door::given(word) {
            desk().set_preference(&who, key, &word).await?;
        }
    }
    say(FlashKind::Done {
        text: "Saved. It holds on all your devices.".to_owned(),
    });
    Ok(())
}
