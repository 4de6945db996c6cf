//! Trying, saving, removing and restoring rules.

#![expect(clippy::too_many_arguments, reason = "one for each field of the form")]

#[cfg(feature = "ssr")]
mod arm;
#[cfg(feature = "ssr")]
mod save;
#[cfg(feature = "ssr")]
mod tried;
#[cfg(feature = "ssr")]
pub mod typed;

#[cfg(feature = "ssr")]
pub use arm::{ArmRule, arm_rule};
#[cfg(feature = "ssr")]
pub use save::{RemoveRule, RestoreRule, SaveRule, remove_rule, restore_rule, save_rule};
#[cfg(feature = "ssr")]
pub use tried::trial;

#[cfg(feature = "ssr")]
use crate::error::AppError as Refusal;
#[cfg(not(feature = "ssr"))]
use crate::islands::refusal::Refusal;
use crate::islands::trial::Trial;
use leptos::prelude::*;

/// What a rule would match in a typed text and in past alarms; the island asks it while a person types.
#[server(prefix = "/do", endpoint = "try_rule")]
pub async fn try_rule(
    pattern: String,
    text: Option<String>,
    id: Option<String>,
    labels: Option<String>,
    cluster: Option<String>,
    position: Option<String>,
    pins: Option<String>,
    flags: Option<String>,
    ignore_case: Option<String>,
    multi_line: Option<String>,
) -> Result<Trial, Refusal> {
    let who = crate::door::caller()?;
    let typed = crate::door::TypedRule {
        pattern: typed::whole(
            &pattern,
            flags.is_some_and(|flags| !flags.is_empty()),
            ignore_case.is_some(),
            multi_line.is_some(),
        ),
        labels: labels.unwrap_or_default(),
        cluster: cluster.unwrap_or_default(),
        position: position.unwrap_or_default(),
        pins: typed::pins(pins.as_deref())?,
        ..Default::default()
    };
    let id = id.and_then(|id| id.parse().ok()).map(domain::id::RuleId);
    trial(&who, &crate::door::desk(), id, &typed, text).await
}
