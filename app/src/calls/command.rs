//! The command page's one act.

use crate::door::{FlashKind, caller, desk, say, see_other};
use crate::error::AppError;
use crate::links;
use leptos::prelude::*;

/// Runs a line of the grammar and shows the answer on the command page.
#[server(prefix = "/do", endpoint = "run_command")]
pub async fn run_command(text: String) -> Result<(), AppError> {
    let who = caller()?;
    see_other(links::COMMAND);
    match desk().command(&who, &text).await {
        Ok(answer) => {
            say(FlashKind::Said {
                command: text,
                reply: answer.reply,
                recovery_id: answer.recovery_id,
            });
            Ok(())
        }
        Err(error) => {
            say(FlashKind::Unsaid {
                command: text,
                error: error.clone(),
            });
            Err(error)
        }
    }
}
