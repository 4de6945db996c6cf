//! Errors of the engine and the store in the words of the app.

use app::error::AppError;
use domain::plan::Refusal;
use engine::OrderError;
use engine::ports::StoreError;

/// A store error for people; what is our fault gets a number that the log has too.
pub fn store(error: StoreError) -> AppError {
    match error {
        StoreError::Absent(what) => AppError::NotFound { what },
        StoreError::OldVersion { given, newest } => AppError::Conflict {
            text: format!("Somebody saved version {newest} while you edited version {given}."),
        },
        StoreError::Taken(what) => AppError::Conflict {
            text: format!("{what} is already used."),
        },
        StoreError::Held(recovery) => AppError::AlreadyRecovering { recovery, by: None },
        StoreError::Raced { .. } => AppError::Conflict {
            text: "Somebody else changed it at the same moment; try again.".to_owned(),
        },
        StoreError::Failed(why) => {
            tracing::error!(%why, "The store failed");
            AppError::Unavailable {
                text: "The database does not take anything right now; nothing was done.".to_owned(),
            }
        }
    }
}

/// An order's error for people.
pub fn order(error: OrderError) -> AppError {
    match error {
        OrderError::Refused(refusal) => refused(refusal),
        OrderError::NotNow(text) => AppError::Conflict {
            text: sentence(&text),
        },
        OrderError::Held(text) => AppError::Held {
            text: sentence(&text),
        },
        OrderError::Wordless => AppError::Invalid {
            field: "reason".to_owned(),
            message: "Lifting the switch needs a reason.".to_owned(),
            position: None,
        },
        OrderError::Store(error) => store(error),
    }
}

fn refused(refusal: Refusal) -> AppError {
    let text = match refusal.way_out() {
        Some(way_out) => format!("{} {way_out}", sentence(&refusal.to_string())),
        None => sentence(&refusal.to_string()),
    };
    match refusal {
        Refusal::AlreadyRecovering { recovery, .. } => {
            AppError::AlreadyRecovering { recovery, by: None }
        }
        Refusal::AlreadyHealthy { .. } => AppError::AlreadyHealthy { text },
        Refusal::ConfirmNeeded { node, warnings } => AppError::ConfirmNeeded { node, warnings },
        Refusal::Blind { .. } => AppError::Unavailable { text },
        Refusal::Gone { .. } => AppError::NotFound {
            what: text.trim_end_matches('.').to_owned(),
        },
        Refusal::Expired { .. }
        | Refusal::Switched { .. }
        | Refusal::Excluded
        | Refusal::OtherHealer { .. }
        | Refusal::Maintenance { .. }
        | Refusal::BlockedByAlarm { .. }
        | Refusal::StoppedOnPurpose { .. }
        | Refusal::RunningNotReady { .. }
        | Refusal::NotStartable { .. } => AppError::Held { text },
    }
}

/// A message as a sentence: it begins with what it names and ends with a full stop.
fn sentence(text: &str) -> String {
    if text.ends_with('.') {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}
