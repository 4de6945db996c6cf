//! What Nova's answer to a start means: done, already so, or which class of failure.

use super::find::valid;
use super::nova::{Action, Nova};
use super::state::state;
use super::trouble::{Refusal, Trouble};
use domain::step::Answer;
use domain::world::MachineState;

/// Sends the start and classes what comes back.
pub async fn start(nova: &Nova, machine: &str) -> Answer {
    if !valid(machine) {
        return Answer::Refused(format!("{machine:?} is not a machine id"));
    }
    match nova.action(machine, Action::Start).await {
        Ok(reply) => Answer::Done(
            reply
                .request_id()
                .unwrap_or("accepted without a request id")
                .to_owned(),
        ),
        Err(Trouble::Status(refusal)) if refusal.code == 409 => {
            conflict(nova, machine, &refusal).await
        }
        Err(trouble) => answer(&trouble),
    }
}

/// Nova refuses a start of what is not off: if it runs or comes up, that is what was wanted.
async fn conflict(nova: &Nova, machine: &str, refusal: &Refusal) -> Answer {
    if let Ok(server) = nova.server(machine).await {
        match state(&server) {
            MachineState::On | MachineState::Starting => {
                return Answer::AlreadyThere(format!("{} when the start came", server.status));
            }
            MachineState::Off if says(refusal, &["locked"]) => {
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

/// The class of a failed start; everything that may have happened is `Unknown`.
fn answer(trouble: &Trouble) -> Answer {
    let words = trouble.to_string();
    match trouble {
        Trouble::Status(refusal) => status(refusal),
        Trouble::SignIn(inner) => sign_in(inner, words),
        Trouble::NotSent { .. } | Trouble::Secret(_) => Answer::Retryable(words),
        Trouble::Lost { .. } | Trouble::Garbled { .. } | Trouble::Blind(_) => {
            Answer::Unknown(words)
        }
        Trouble::Catalog(_) => Answer::Refused(words),
    }
}

fn status(refusal: &Refusal) -> Answer {
    let words = refusal.to_string();
    match refusal.code {
        _ if says(
            refusal,
            &[
                "no valid host",
                "no capacity",
                "insufficient capacity",
                "not enough",
            ],
        ) =>
        {
            Answer::Capacity(words)
        }
        403 | 413 if says(refusal, &["quota"]) && refusal.retry_after.is_none() => {
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

/// Without a token the start was never sent, so nothing here is `Unknown`.
fn sign_in(trouble: &Trouble, words: String) -> Answer {
    match trouble {
        Trouble::Status(refusal) => match refusal.code {
            429 | 413 => Answer::Throttled(words, refusal.retry_after),
            503 if refusal.retry_after.is_some() => Answer::Throttled(words, refusal.retry_after),
            500..=599 => Answer::Retryable(words),
            401 | 403 => Answer::Denied(words),
            _ => Answer::Refused(words),
        },
        Trouble::Catalog(_) => Answer::Refused(words),
        Trouble::NotSent { .. }
        | Trouble::Lost { .. }
        | Trouble::Garbled { .. }
        | Trouble::Blind(_)
        | Trouble::Secret(_)
        | Trouble::SignIn(_) => Answer::Retryable(words),
    }
}

fn says(refusal: &Refusal, words: &[&str]) -> bool {
    let message = refusal.message.to_lowercase();
    words.iter().any(|word| message.contains(word))
}
