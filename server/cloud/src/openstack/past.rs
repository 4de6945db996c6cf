//! What was last done with a machine that is off: stopped by a user, or a start that failed and why.

use super::UserStop;
use super::acts::Act;
use super::nova::Nova;
use crate::wire::one_line;
use domain::world::{MachineFacts, MachineState};

/// Adds what Nova remembers about a machine that is off. Where it may not be read, nothing is known and nothing is added.
pub async fn told(nova: &Nova, mut machine: MachineFacts, stop: UserStop) -> MachineFacts {
    if machine.state != MachineState::Off {
        return machine;
    }
    let Some(last) = nova.acts(&machine.id).await.ok().and_then(newest) else {
        return machine;
    };
    let failed = last.message.is_some();
    match (last.action.as_str(), &last.user_id) {
        ("stop", Some(user)) if !failed && stop == UserStop::Offer => {
            machine.purpose = Some(format!("the user {user} stopped it{}", at(&last)));
        }
        ("start", _) if failed => {
            let why = match nova.act(&machine.id, &last.request_id).await {
                Ok(act) => act
                    .events
                    .into_iter()
                    .filter(|part| part.result.as_deref() != Some("Success"))
                    .find_map(|part| part.details),
                Err(_) => None,
            };
            let why = why.map_or_else(|| "Nova does not say why".to_owned(), |why| one_line(&why));
            machine.detail = format!(
                "{}; the last start failed{}: {why}",
                machine.detail,
                at(&last)
            );
        }
        _ => {}
    }
    machine
}

/// Nova sorts them, but does not promise to.
fn newest(acts: Vec<Act>) -> Option<Act> {
    acts.into_iter().reduce(|one, other| {
        if other.start_time > one.start_time {
            other
        } else {
            one
        }
    })
}

fn at(act: &Act) -> String {
    match act.start_time.as_deref().and_then(|time| time.get(..19)) {
        Some(time) => format!(" at {time}Z"),
        None => String::new(),
    }
}
