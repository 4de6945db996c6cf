//! What the answer to a start means: by the template's classes, and only then by the status.

use super::Http;
use super::fill::Values;
use super::find::by_id;
use super::pointer;
use super::template::Classes;
use crate::pace::Kind;
use crate::trouble::{self, Refusal};
use domain::step::Answer;
use domain::world::MachineState;
use serde_json::Value;

/// Sends the start and classes what comes back.
pub async fn start(cloud: &Http, machine: &str, key: &str) -> Answer {
    let values = Values {
        machine,
        key,
        ..Values::default()
    };
    let start = &cloud.template().start;
    let answer = match cloud.call(&start.request, &values, None, Kind::Act).await {
        Ok(reply) => {
            let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
            let order = start
                .order
                .as_deref()
                .and_then(|order| pointer::first(&body, order));
            return Answer::Done(order.unwrap_or_else(|| format!("status {}", reply.code)));
        }
        Err(trouble) => trouble::answer(&trouble, |refusal| {
            class(&cloud.template().classes, refusal)
        }),
    };
    match answer {
        // It may only say that the machine is on already, or in between.
        Answer::Conflict(words) => match by_id(cloud, machine).await {
            Ok(Some(seen)) if matches!(seen.state, MachineState::On | MachineState::Starting) => {
                Answer::AlreadyThere(format!("{} when the start came", seen.detail))
            }
            Ok(_) | Err(_) => Answer::Conflict(words),
        },
        other => other,
    }
}

fn class(classes: &Classes, refusal: &Refusal) -> Answer {
    let words = refusal.to_string();
    let code = refusal.code.to_string();
    let is = |names: &[String]| {
        let name = refusal.name();
        names
            .iter()
            .any(|one| *one == code || (!name.is_empty() && one.eq_ignore_ascii_case(name)))
    };
    let after = refusal.retry_after;
    match refusal.code {
        _ if is(&classes.already_there) => Answer::AlreadyThere(words),
        _ if is(&classes.throttled) => Answer::Throttled(words, after),
        _ if is(&classes.capacity) => Answer::Capacity(words),
        _ if is(&classes.conflict) => Answer::Conflict(words),
        _ if is(&classes.denied) => Answer::Denied(words),
        _ if is(&classes.not_found) => Answer::NotFound(words),
        _ if is(&classes.refused) => Answer::Refused(words),
        _ if is(&classes.retryable) => Answer::Retryable(words),
        _ if is(&classes.unknown) => Answer::Unknown(words),
        _ => trouble::by_code(refusal),
    }
}
