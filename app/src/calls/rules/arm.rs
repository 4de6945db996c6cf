//! Arming a rule after a look at its hits.

use crate::calls::door;
use crate::desk::views::ArmOrder;
use crate::door::{FlashKind, caller, desk, say, see_other};
use crate::error::AppError;
use crate::links;
use domain::rule::Silence;
use leptos::prelude::*;

/// Lets a rule act alone from now on.
#[server(prefix = "/do", endpoint = "arm_rule")]
pub async fn arm_rule(
    id: String,
    version: u32,
    look: String,
    reason: Option<String>,
    veto_s: Option<String>,
    silence: Option<String>,
) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::rule(&id)?;
    see_other(links::arm(id));
    let order = ArmOrder {
        version,
        look,
        reason: door::given(reason).unwrap_or_default(),
        veto_s: seconds(veto_s)?,
        silence: quiet(silence)?,
    };
    let rule = desk().arm_rule(&who, id, &order).await?;
    see_other(links::rule(id));
    say(FlashKind::Done {
        text: format!(
            "Armed as version {}. It acts alone on new alarms: {}.",
            rule.version, order.reason
        ),
    });
    Ok(())
}

/// Seconds of a veto window, or nothing.
pub(super) fn seconds(text: Option<String>) -> Result<u32, AppError> {
    match door::given(text) {
        None => Ok(0),
        Some(text) => text.parse().map_err(|_| {
            door::invalid(
                "veto_s",
                "A veto window is a number of seconds, 0 for none.",
            )
        }),
    }
}

/// What silence means.
pub(super) fn quiet(word: Option<String>) -> Result<Silence, AppError> {
    match door::given(word) {
        None => Ok(Silence::default()),
        Some(word) => Silence::parse(&word)
            .ok_or_else(|| door::invalid("silence", "Silence means act or ask.")),
    }
}
