//! Acts on alarms.

use super::door;
use crate::door::{caller, desk, see_other};
use crate::error::AppError;
use crate::links;
use leptos::prelude::*;

/// Says that an alarm was seen.
#[server(prefix = "/do", endpoint = "acknowledge_alarm")]
pub async fn acknowledge_alarm(id: String) -> Result<(), AppError> {
    let who = caller()?;
    desk().acknowledge_alarm(&who, door::alarm(&id)?).await?;
    see_other(links::NOW);
    Ok(())
}
