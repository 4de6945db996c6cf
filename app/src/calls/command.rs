//! The command page: reading a line along while it is typed, and running it.

mod run;

pub use run::{RunCommand, heard, run_command};

use crate::error::AppError;
use crate::islands::ask::Drawn;
use crate::islands::heard::draw;
use leptos::prelude::*;

/// What running a line would do; the island asks it while a person types. Nothing is run.
#[server(prefix = "/do", endpoint = "read_command")]
pub async fn read_command(text: String) -> Result<Drawn, AppError> {
    let who = crate::door::caller()?;
    let reading = crate::door::desk().read_command(&who, &text).await?;
    let sentence = reading.text.clone();
    Ok(Drawn {
        html: draw(heard(&text, reading)).to_html(),
        sentence,
        fault: String::new(),
    })
}
