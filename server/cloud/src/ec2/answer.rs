//! What EC2's answer to a start means: done, already so, or which class of failure.

use super::api::{Api, TOO_MANY};
use super::find::valid;
use super::state::state;
use crate::trouble::{self, Refusal, Trouble};
use domain::step::Answer;
use domain::world::MachineState;

/// Sends the start and classes what comes back.
pub async fn start(api: &Api, machine: &str) -> Answer {
    if !valid(machine) {
        return Answer::NotFound(format!("{machine:?} is not an instance id"));
    }
    match api.start(machine).await {
        Ok(change) => match state(&change.before) {
            MachineState::On | MachineState::Starting => {
                Answer::AlreadyThere(format!("{} when the start came", change.before))
            }
            MachineState::Off
            | MachineState::Stopping
            | MachineState::Error
            | MachineState::Other => Answer::Done(change.request_id),
        },
        Err(Trouble::Status(refusal)) if refusal.name() == "IncorrectInstanceState" => {
            conflict(api, machine, &refusal).await
        }
        Err(trouble) => trouble::answer(&trouble, status),
    }
}

/// EC2 refuses a start of what is not stopped: if it runs or comes up, that is what was wanted.
async fn conflict(api: &Api, machine: &str, refusal: &Refusal) -> Answer {
    if let Ok(Some(one)) = api.instance(machine).await {
        match state(&one.state) {
            MachineState::On | MachineState::Starting => {
                return Answer::AlreadyThere(format!("{} when the start came", one.state));
            }
            MachineState::Other => {
                return Answer::Refused(format!("the instance is {}: {refusal}", one.state));
            }
            MachineState::Off | MachineState::Stopping | MachineState::Error => {}
        }
    }
    Answer::Conflict(refusal.to_string())
}

/// The class of what EC2 itself said, by its own name for it and only then by the status.
pub fn status(refusal: &Refusal) -> Answer {
    let words = refusal.to_string();
    match refusal.name() {
        name if TOO_MANY.contains(&name) => Answer::Throttled(words, refusal.retry_after),
        "InsufficientInstanceCapacity"
        | "InsufficientHostCapacity"
        | "InsufficientReservedInstanceCapacity"
        | "InsufficientCapacity"
        | "InsufficientAddressCapacity"
        | "InstanceLimitExceeded"
        | "VcpuLimitExceeded"
        | "MaxSpotInstanceCountExceeded"
        | "HostLimitExceeded" => Answer::Capacity(words),
        "IncorrectInstanceState" | "IncorrectState" | "OperationInProgress" => {
            Answer::Conflict(words)
        }
        "RequestExpired" => {
            Answer::Denied(format!("{words} (is the clock of this machine right?)"))
        }
        "UnauthorizedOperation"
        | "AccessDenied"
        | "AccessDeniedException"
        | "AuthFailure"
        | "InvalidClientTokenId"
        | "UnrecognizedClientException"
        | "ExpiredToken"
        | "ExpiredTokenException"
        | "SignatureDoesNotMatch"
        | "MissingAuthenticationToken"
        | "IncompleteSignature"
        | "OptInRequired"
        | "PendingVerification"
        | "Blocked"
        | "OperationNotPermitted" => Answer::Denied(words),
        name if name.starts_with("InvalidInstanceID") => Answer::NotFound(words),
        // EC2 broke after it had the call.
        "InternalError" | "InternalFailure" => Answer::Unknown(words),
        "Unavailable" | "ServiceUnavailable" => match refusal.retry_after {
            Some(after) => Answer::Throttled(words, Some(after)),
            None => Answer::Retryable(words),
        },
        _ => trouble::by_code(refusal),
    }
}
