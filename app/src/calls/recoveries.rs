//! Acts on a recovery.

use super::door;
use crate::door::{FlashKind, caller, desk, say, see_other};
use crate::error::AppError;
use crate::links;
use domain::id::RecoveryId;
use leptos::prelude::*;

/// Says yes to the start.
#[server(prefix = "/do", endpoint = "approve")]
pub async fn approve(
    id: String,
    confirm: Option<String>,
    facts: Option<String>,
    not_after: Option<String>,
) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::recovery(&id)?;
    see_other(links::recovery(id));
    let basis = door::basis(facts, not_after)?;
    let given = desk()
        .approve(&who, id, door::given(confirm).as_deref(), &basis)
        .await;
    match &given {
        Err(AppError::ConfirmNeeded { .. }) => {
            let of = desk().recovery(&who, id).await?;
            see_other(links::start(&of.cluster, &of.node));
        }
        Err(AppError::AlreadyRecovering { recovery, by }) => joined(*recovery, by.as_deref()),
        Err(_) | Ok(()) => {}
    }
    given
}

/// Leads a person whose tap came second to the recovery that is at work already.
pub(super) fn joined(recovery: RecoveryId, by: Option<&str>) {
    see_other(links::recovery(recovery));
    if let Some(by) = by {
        say(FlashKind::Done {
            text: format!("{by} Your tap joins it."),
        });
    }
}

/// Takes a tap back within its grace.
#[server(prefix = "/do", endpoint = "cancel")]
pub async fn cancel(id: String) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::recovery(&id)?;
    see_other(links::recovery(id));
    desk().cancel(&who, id).await
}

/// Stops a recovery: the call in flight finishes, nothing new begins.
#[server(prefix = "/do", endpoint = "stop")]
pub async fn stop(id: String, reason: Option<String>) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::recovery(&id)?;
    see_other(links::recovery(id));
    desk().stop(&who, id, door::given(reason).as_deref()).await
}

/// Begins anew.
#[server(prefix = "/do", endpoint = "retry")]
pub async fn retry(
    id: String,
    confirm: Option<String>,
    facts: Option<String>,
    not_after: Option<String>,
) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::recovery(&id)?;
    see_other(links::recovery(id));
    let basis = door::basis(facts, not_after)?;
    let new = desk()
        .retry(&who, id, door::given(confirm).as_deref(), &basis)
        .await;
    match &new {
        Ok(new) => see_other(links::recovery(*new)),
        Err(AppError::AlreadyRecovering { recovery, by }) => joined(*recovery, by.as_deref()),
        Err(_) => {}
    }
    new.map(|_| ())
}

/// Says that the need for help was seen; `happened_at` when it waited on a phone for a connection.
#[server(prefix = "/do", endpoint = "acknowledge")]
pub async fn acknowledge(id: String, happened_at: Option<String>) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::recovery(&id)?;
    see_other(links::recovery(id));
    let seen_at = door::moment(happened_at)?;
    desk().acknowledge(&who, id).await?;
    if seen_at.is_some() {
        desk().note(&who, id, SEEN_OFFLINE, seen_at).await?;
    }
    Ok(())
}

/// What stands in the timeline at the time of the tap; the acknowledgement itself stands where it arrived.
const SEEN_OFFLINE: &str =
    "Seen at this time without a connection; acknowledged once there was one.";

/// Adds a note.
#[server(prefix = "/do", endpoint = "add_note")]
pub async fn add_note(
    id: String,
    text: String,
    happened_at: Option<String>,
) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::recovery(&id)?;
    see_other(links::view(id, "story"));
    let Some(text) = door::given(Some(text)) else {
        return Err(door::invalid("text", "The note is empty."));
    };
    desk()
        .note(&who, id, &text, door::moment(happened_at)?)
        .await
}

/// Puts an event into the story, or takes it out.
#[server(prefix = "/do", endpoint = "star_event")]
pub async fn star_event(
    id: String,
    n: u32,
    star: String,
    view: Option<String>,
) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::recovery(&id)?;
    see_other(links::event(id, view.as_deref(), n));
    let starred = star == "yes";
    desk().star(&who, id, n, starred).await?;
    let text = if starred {
        format!("Event {n} is in the story.")
    } else {
        format!("Event {n} is no longer in the story.")
    };
    say(FlashKind::Done { text });
    Ok(())
}

/// Says when a note happened.
#[server(prefix = "/do", endpoint = "move_note")]
pub async fn move_note(id: String, n: u32, happened_at: String) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::recovery(&id)?;
    see_other(links::event(id, Some("story"), n));
    let Some(at) = door::moment(Some(happened_at))? else {
        return Err(door::invalid("happened_at", "Say when it happened."));
    };
    desk().move_note(&who, id, n, at).await?;
    say(FlashKind::Done {
        text: format!("Note {n} was moved in time."),
    });
    Ok(())
}
