//! Switching a system on, and what the controller's answer means.

use super::controller::{Controllers, join};
use super::system::{ActionInfo, Reset, System};
use crate::trouble::{self, Refusal, Trouble};
use domain::step::Answer;
use domain::world::MachineState;
use reqwest::Url;
use serde_json::json;

/// Reads the system, asks for `On`, and classes what comes back.
pub async fn start(all: &Controllers, url: &Url) -> Answer {
    let (target, kind) = match ready(all, url).await {
        Ok(Ok(action)) => action,
        Ok(Err(answer)) => return answer,
        // Nothing was asked for yet: whatever went wrong, it was in reading.
        Err(trouble) => return trouble::unsent(&trouble),
    };
    match all.act(&target, &json!({"ResetType": kind})).await {
        Ok(reply) => Answer::Done(match reply.header("location") {
            Some(task) => format!("{} {task}", reply.code),
            None => reply.code.to_string(),
        }),
        Err(Trouble::Status(refusal)) if disputed(&refusal) => dispute(all, url, &refusal).await,
        Err(trouble) => trouble::answer(&trouble, status),
    }
}

/// Where to ask and for what, or the answer when there is nothing to ask for.
async fn ready(
    all: &Controllers,
    url: &Url,
) -> Result<Result<(Url, &'static str), Answer>, Trouble> {
    let system: System = match all.read(url).await {
        Ok(system) => system,
        Err(Trouble::Status(refusal)) if refusal.code == 404 => {
            return Ok(Err(Answer::NotFound(refusal.to_string())));
        }
        Err(trouble) => return Err(trouble),
    };
    let power = system.power_state.clone().unwrap_or_default();
    match system.state() {
        Some(MachineState::On | MachineState::Starting) => {
            return Ok(Err(Answer::AlreadyThere(format!(
                "{power} when the start came"
            ))));
        }
        Some(MachineState::Stopping | MachineState::Other | MachineState::Error) => {
            return Ok(Err(Answer::Conflict(format!("the system is {power}"))));
        }
        Some(MachineState::Off) => {}
        None => {
            return Ok(Err(Answer::Conflict(
                "the system does not tell its power state".to_owned(),
            )));
        }
    }
    let Some(reset) = system
        .actions
        .reset
        .filter(|reset| !reset.target.is_empty())
    else {
        return Ok(Err(Answer::Refused(
            "the controller offers no power action".to_owned(),
        )));
    };
    match wanted(&allowed(all, url, &reset).await?) {
        Ok(kind) => Ok(Ok((join(url, &reset.target)?, kind))),
        Err(why) => Ok(Err(Answer::Refused(why))),
    }
}

/// What the power action takes; empty where the controller does not say.
pub async fn allowed(all: &Controllers, url: &Url, reset: &Reset) -> Result<Vec<String>, Trouble> {
    match (&reset.info, reset.allowed.as_slice()) {
        (Some(path), []) => {
            let info: ActionInfo = all.read(&join(url, path)?).await?;
            let mut all = info.parameters.into_iter();
            let kinds = all.find(|one| one.name == "ResetType");
            Ok(kinds.map(|one| one.allowed).unwrap_or_default())
        }
        _ => Ok(reset.allowed.clone()),
    }
}

/// `On`, or its twin; never the power button, which would switch off what somebody else has just switched on.
pub fn wanted(allowed: &[String]) -> Result<&'static str, String> {
    let takes = |kind: &str| allowed.iter().any(|one| one == kind);
    if allowed.is_empty() || takes("On") {
        Ok("On")
    } else if takes("ForceOn") {
        Ok("ForceOn")
    } else {
        Err(format!(
            "the controller cannot switch on, only {}",
            allowed.join(", ")
        ))
    }
}

/// Refusals that may only mean that the system is on already, or in between.
fn disputed(refusal: &Refusal) -> bool {
    matches!(refusal.code, 400 | 409 | 412 | 500)
        && !matches!(
            refusal.name(),
            "ActionParameterNotSupported" | "ActionNotSupported"
        )
}

async fn dispute(all: &Controllers, url: &Url, refusal: &Refusal) -> Answer {
    if let Ok(system) = all.read::<System>(url).await
        && let Some(MachineState::On | MachineState::Starting) = system.state()
    {
        let power = system.power_state.unwrap_or_default();
        return Answer::AlreadyThere(format!("{power} when the start came"));
    }
    status(refusal)
}

/// The class of what a controller said, by its own name for it and only then by the status.
fn status(refusal: &Refusal) -> Answer {
    let words = refusal.to_string();
    match refusal.name() {
        "InvalidOperationForSystemState"
        | "ResourceInUse"
        | "ResourceInStandby"
        | "ResourceCannotBeDeleted"
        | "OperationNotAllowed"
        | "ServerNotReady"
        | "PowerStateNotSupported" => Answer::Conflict(words),
        "InsufficientPrivilege"
        | "NoValidSession"
        | "AccessDenied"
        | "PasswordChangeRequired"
        | "ResourceAtUriUnauthorized" => Answer::Denied(words),
        "ResourceNotFound" | "ResourceMissingAtURI" => Answer::NotFound(words),
        "ServiceTemporarilyUnavailable" | "SessionLimitExceeded" | "ServiceShuttingDown" => {
            match refusal.retry_after {
                Some(after) => Answer::Throttled(words, Some(after)),
                None => Answer::Retryable(words),
            }
        }
        "ResourceExhaustion" | "InsufficientResources" | "PowerSupplyInsufficient" => {
            Answer::Capacity(words)
        }
        "ActionNotSupported" | "ActionParameterNotSupported" | "LicenseKeyRequired" => {
            Answer::Refused(words)
        }
        _ => trouble::by_code(refusal),
    }
}

#[cfg(test)]
mod tests {
    //! What a controller can be asked for.

    use super::wanted;

    #[test]
    fn on_is_asked_for_or_its_twin_but_never_the_power_button() {
        let kinds = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        assert_eq!(wanted(&kinds(&["ForceOff", "On"])), Ok("On"));
        assert_eq!(wanted(&kinds(&["ForceOn", "ForceOff"])), Ok("ForceOn"));
        assert_eq!(wanted(&[]), Ok("On"));
        assert!(wanted(&kinds(&["PushPowerButton", "ForceOff"])).is_err());
    }
}
