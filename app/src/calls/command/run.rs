//! Runs a line, keeps it in the person's history, and leads to the page that asks once more where that is needed.

use crate::desk::views::{Reading, ReadingKind, Said};
use crate::door::{FlashKind, caller, desk, say, see_other};
use crate::error::AppError;
use crate::islands::heard::Heard;
use crate::links;
use leptos::prelude::*;

/// Runs a line of the grammar and shows the answer on the command page.
#[server(prefix = "/do", endpoint = "run_command")]
pub async fn run_command(text: String) -> Result<(), AppError> {
    let (who, desk) = (caller()?, desk());
    see_other(links::COMMAND);
    let answer = desk.command(&who, &text).await;
    if let Err(AppError::ConfirmNeeded { .. }) = &answer {
        let reading = desk.read_command(&who, &text).await?;
        if let Some((cluster, node)) = reading.target {
            see_other(links::start(&cluster, &node));
            return Ok(());
        }
    }
    let said = match &answer {
        Ok(answer) => Said {
            line: text.clone(),
            reply: answer.reply.clone(),
            refused: false,
            recovery: answer.recovery_id,
        },
        Err(error) => Said {
            line: text.clone(),
            reply: error.to_string(),
            refused: true,
            recovery: None,
        },
    };
    // The answer matters more than its place in the history.
    let _ = desk.keep_said(&who, &said).await;
    match answer {
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

/// A reading, ready to be drawn.
pub fn heard(line: &str, of: Reading) -> Heard {
    let take = |from: usize, count: usize| line.chars().skip(from).take(count).collect::<String>();
    let pieces = match of.position {
        None => Default::default(),
        Some(at) => {
            let wrong: String = line
                .chars()
                .skip(at)
                .take_while(|c| !c.is_whitespace())
                .collect();
            let long = wrong.chars().count();
            (take(0, at), wrong, take(at + long, usize::MAX))
        }
    };
    Heard {
        kind: match of.kind {
            ReadingKind::Read => "read",
            ReadingKind::Act => "act",
            ReadingKind::Confirm => "confirm",
            ReadingKind::Held => "held",
            ReadingKind::Wrong => "unread",
        }
        .to_owned(),
        text: of.text,
        pieces,
        offers: of
            .offers
            .into_iter()
            .map(|one| (links::command(&one.line), one.line, one.what))
            .collect(),
    }
}
