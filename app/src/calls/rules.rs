//! Trying, saving, removing and restoring rules.

#![expect(clippy::too_many_arguments, reason = "one for each field of the form")]

mod arm;
mod save;
mod tried;
pub mod typed;

pub use arm::{ArmRule, arm_rule};
pub use save::{RemoveRule, RestoreRule, SaveRule, remove_rule, restore_rule, save_rule};
pub use tried::trial;

use crate::error::AppError;
use crate::islands::ask::Drawn;
use crate::islands::trial::{draw, draw_fault, verdict};
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
) -> Result<Drawn, AppError> {
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
    let trial = trial(&who, &crate::door::desk(), id, &typed, text).await?;
    let sentence = verdict(&trial);
    let fault = trial.fault.clone().map(|fault| draw_fault(fault).to_html());
    Ok(Drawn {
        html: if fault.is_none() {
            draw(trial).to_html()
        } else {
            String::new()
        },
        sentence,
        fault: fault.unwrap_or_default(),
    })
}
