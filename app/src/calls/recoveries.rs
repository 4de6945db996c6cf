//! Acts on a recovery.

use super::door;
use crate::door::{caller, desk, see_other};
use crate::error::AppError;
use crate::links;
use leptos::prelude::*;

/// Says yes to the start.
#[server(prefix = "/do", endpoint = "approve")]
pub async fn approve(id: String, confirm: Option<String>) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::recovery(&id)?;
    desk()
        .approve(&who, id, door::given(confirm).as_deref())
        .await?;
    see_other(links::recovery(id));
    Ok(())
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
pub async fn retry(id: String, confirm: Option<String>) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::recovery(&id)?;
    see_other(links::recovery(id));
    let new = desk()
        .retry(&who, id, door::given(confirm).as_deref())
        .await?;
    see_other(links::recovery(new));
    Ok(())
}

/// Says that the need for help was seen.
#[server(prefix = "/do", endpoint = "acknowledge")]
pub async fn acknowledge(id: String) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::recovery(&id)?;
    see_other(links::recovery(id));
    desk().acknowledge(&who, id).await
}

/// Adds a note.
#[server(prefix = "/do", endpoint = "add_note")]
pub async fn add_note(
    id: String,
    text: String,
    happened_at: Option<String>,
) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::recovery(&id)?;
    see_other(links::recovery(id));
    let Some(text) = door::given(Some(text)) else {
        return Err(door::invalid("text", "The note is empty."));
    };
    desk()
        .note(&who, id, &text, door::moment(happened_at)?)
        .await
}
