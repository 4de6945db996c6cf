//! Closing a storm breaker.

use super::door;
use crate::door::{FlashKind, caller, desk, say, see_other};
use crate::error::AppError;
use crate::links;
use leptos::prelude::*;

/// Closes the open breaker of a cluster, once it has been calm for long enough.
#[server(prefix = "/do", endpoint = "close_storm")]
pub async fn close_storm(cluster: String, reason: Option<String>) -> Result<(), AppError> {
    let who = caller()?;
    let cluster = door::cluster(&cluster)?;
    see_other(links::STORMS);
    let reason = door::given(reason).unwrap_or_default();
    desk().close_storm(&who, &cluster, &reason).await?;
    say(FlashKind::Done {
        text: format!(
            "The breaker of {cluster} is closed. Every node is read anew; alarms that are too old by now start nothing."
        ),
    });
    Ok(())
}
