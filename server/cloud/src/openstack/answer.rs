//! What Nova's answer to a start means: done, already so, or which class of failure.

use super::find::valid;
use super::nova::{Action, Nova, request_id};
use super::state::state;
use crate::trouble::{self, Refusal, Trouble};
use domain::step::Answer;
use domain::world::MachineState;

/// Sends the start and classes what comes back.
pub async fn start(nova: &Nova, machine: &str) -> Answer {
    if !valid(machine) {
        return Answer::Refused(format!("{machine:?} is not a machine id"));
    }
    match nova.action(machine, Action::Start).await {
        Ok(reply) => Answer::Done(
            request_id(&reply)
                .unwrap_or("accepted without a request id")
                .to_owned(),
        ),
        Err(Trouble::Status(refusal)) if refusal.code == 409 => {
            conflict(nova, machine, &refusal).await
        }
        Err(trouble) => trouble::answer(&trouble, status),
    }
}

/// Nova refuses a start of what is not off: if it runs or comes up, that is what was wanted.
async fn conflict(nova: &Nova, machine: &str, refusal: &Refusal) -> Answer {
    if let Ok(server) = nova.server(machine).await {
        match state(&server) {
            MachineState::On | MachineState::Starting => {
                return Answer::AlreadyThere(format!("{} when the start came", server.status));
            }
            MachineState::Off if refusal.says(&["locked"]) => {
                return Answer::Denied(refusal.to_string());
            }
            MachineState::Off
            | MachineState::Stopping
            | MachineState::Error
            | MachineState::Other => {}
        }
        if server.locked {
            return Answer::Denied(format!(
                "{refusal} (the machine is locked: unlock it in the cloud)"
            ));
        }
    }
    Answer::Conflict(refusal.to_string())
}

/// The class of what Nova itself said.
fn status(refusal: &Refusal) -> Answer {
    let words = refusal.to_string();
    match refusal.code {
        _ if refusal.says(&[
            "no valid host",
            "no capacity",
            "insufficient capacity",
            "not enough",
        ]) =>
        {
            Answer::Capacity(words)
        }
        403 | 413 if refusal.says(&["quota"]) && refusal.retry_after.is_none() => {
            Answer::Capacity(words)
        }
        429 | 413 => Answer::Throttled(words, refusal.retry_after),
        503 if refusal.retry_after.is_some() => Answer::Throttled(words, refusal.retry_after),
        503 => Answer::Retryable(words),
        // The gateway or Nova broke after it had the call.
        500 | 502 | 504 => Answer::Unknown(words),
        401 | 403 => Answer::Denied(words),
        404 => Answer::NotFound(words),
        409 => Answer::Conflict(words),
        _ => Answer::Refused(words),
    }
}
