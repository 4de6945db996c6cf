//! Acts on who a person is in chats.

use super::door;
use crate::door::{FlashKind, caller, desk, say, see_other};
use crate::error::AppError;
use crate::links;
use leptos::prelude::*;

/// Shows a code to say in a chat.
#[server(prefix = "/do", endpoint = "show_link_code")]
pub async fn show_link_code() -> Result<(), AppError> {
    let who = caller()?;
    see_other(links::SETTINGS);
    let code = desk().show_link_code(&who).await?;
    done(format!(
        "Say this to Uncordon in the chat within 5 minutes: link {code}"
    ));
    Ok(())
}

/// Takes a link back.
#[server(prefix = "/do", endpoint = "unlink_chat")]
pub async fn unlink_chat(chat: String, user: String) -> Result<(), AppError> {
    let who = caller()?;
    see_other(links::SETTINGS);
    for (field, text) in [("chat", &chat), ("user", &user)] {
        if text.is_empty() {
            return Err(door::invalid(field, "must not be empty"));
        }
    }
    desk().unlink_chat(&who, &chat, &user).await?;
    done("Unlinked. What is said there as that user is no longer said as you.".to_owned());
    Ok(())
}

fn done(text: String) {
    say(FlashKind::Done { text });
}
