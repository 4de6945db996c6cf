//! The command page: reading a line along while it is typed, and running it.

#[cfg(feature = "ssr")]
mod run;

#[cfg(feature = "ssr")]
pub use run::{RunCommand, heard, run_command};

#[cfg(feature = "ssr")]
use crate::error::AppError as Refusal;
use crate::islands::heard::Heard;
#[cfg(not(feature = "ssr"))]
use crate::islands::refusal::Refusal;
use leptos::prelude::*;

/// What running a line would do; the island asks it while a person types. Nothing is run.
#[server(prefix = "/do", endpoint = "read_command")]
pub async fn read_command(text: String) -> Result<Heard, Refusal> {
    let who = crate::door::caller()?;
    let reading = crate::door::desk().read_command(&who, &text).await?;
    Ok(heard(&text, reading))
}
