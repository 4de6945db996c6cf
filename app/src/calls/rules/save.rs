//! Saving, removing and restoring a rule; what was typed is never lost.

use super::{arm, typed};
use crate::calls::door;
use crate::door::{FlashKind, TypedRule, caller, desk, say, see_other};
use crate::error::AppError;
use crate::links;
use domain::id::RuleName;
use domain::rule::{Draft, Mode};
use leptos::prelude::*;

/// Saves a new rule, or a new version of one when `id` and `version` say which.
#[server(prefix = "/do", endpoint = "save_rule")]
pub async fn save_rule(
    id: Option<String>,
    version: Option<u32>,
    name: String,
    position: String,
    enabled: Option<String>,
    mode: String,
    pattern: String,
    labels: Option<String>,
    cluster: Option<String>,
    veto_s: Option<String>,
    silence: Option<String>,
    pins: Option<String>,
    flags: Option<String>,
    ignore_case: Option<String>,
    multi_line: Option<String>,
) -> Result<(), AppError> {
    let typed = TypedRule {
        version,
        name,
        position,
        enabled: enabled.is_some(),
        mode,
        pattern: typed::whole(
            &pattern,
            flags.is_some(),
            ignore_case.is_some(),
            multi_line.is_some(),
        ),
        labels: labels.unwrap_or_default(),
        cluster: cluster.unwrap_or_default(),
        veto_s: veto_s.unwrap_or_default(),
        silence: silence.unwrap_or_default(),
        pins: typed::pins(pins.as_deref())?,
    };
    let result = saved(id, version, &typed).await;
    if let Err(error) = &result {
        say(FlashKind::Unsaved {
            error: error.clone(),
            typed: Box::new(typed),
        });
    }
    result
}

async fn saved(
    id: Option<String>,
    version: Option<u32>,
    typed: &TypedRule,
) -> Result<(), AppError> {
    let who = caller()?;
    let draft = draft(typed);
    let rule = match door::given(id) {
        Some(id) => {
            let id = door::rule(&id)?;
            see_other(links::rule(id));
            let version =
                version.ok_or_else(|| door::invalid("version", "The version is missing."))?;
            desk().change_rule(&who, id, version, &draft?).await?
        }
        None => {
            see_other(links::NEW_RULE);
            desk().add_rule(&who, &draft?).await?
        }
    };
    see_other(links::rule(rule.id));
    let lowered = typed.mode == Mode::Auto.word() && rule.draft.mode != Mode::Auto;
    let then = if lowered {
        "It asks from now on, because what it matches was changed: look at its hits, then arm it again."
    } else {
        "It holds for new alarms."
    };
    say(FlashKind::Done {
        text: format!("Saved as version {}. {then}", rule.version),
    });
    Ok(())
}

fn draft(typed: &TypedRule) -> Result<Draft, AppError> {
    Ok(Draft {
        name: RuleName::parse(typed.name.trim()).map_err(|error| door::invalid("name", error))?,
        position: typed
            .position
            .trim()
            .parse()
            .map_err(|_| door::invalid("position", "A position is a number from 1 on."))?,
        enabled: typed.enabled,
        mode: Mode::parse(&typed.mode)
            .ok_or_else(|| door::invalid("mode", "A mode is observe, ask or auto."))?,
        pattern: typed.pattern.clone(),
        labels: typed::labels(&typed.labels)?,
        cluster: match door::given(Some(typed.cluster.clone())) {
            Some(name) => Some(door::cluster(&name)?),
            None => None,
        },
        veto_s: arm::seconds(Some(typed.veto_s.clone()))?,
        silence: arm::quiet(Some(typed.silence.clone()))?,
        pins: typed.pins.clone(),
    })
}

/// Takes a rule out of force.
#[server(prefix = "/do", endpoint = "remove_rule")]
pub async fn remove_rule(id: String) -> Result<(), AppError> {
    let who = caller()?;
    desk().remove_rule(&who, door::rule(&id)?).await?;
    see_other(links::RULES);
    say(FlashKind::Done {
        text: "The rule was removed. It takes no more alarms.".to_owned(),
    });
    Ok(())
}

/// Makes an old version the newest.
#[server(prefix = "/do", endpoint = "restore_rule")]
pub async fn restore_rule(id: String, version: u32) -> Result<(), AppError> {
    let who = caller()?;
    let id = door::rule(&id)?;
    see_other(links::rule(id));
    let rule = desk().restore_rule(&who, id, version).await?;
    say(FlashKind::Done {
        text: format!("Version {version} is back, as version {}.", rule.version),
    });
    Ok(())
}
