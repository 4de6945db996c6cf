//! Trying, saving, removing and restoring rules.

#[cfg(feature = "ssr")]
mod arm;
#[cfg(feature = "ssr")]
mod save;
#[cfg(feature = "ssr")]
mod tried;

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

/// What a pattern matches in a typed text and in past alarms; the island asks it while a person types.
#[server(prefix = "/do", endpoint = "try_rule")]
pub async fn try_rule(pattern: String, text: Option<String>) -> Result<Trial, Refusal> {
    let who = crate::door::caller()?;
    trial(&who, &crate::door::desk(), pattern, text).await
}
