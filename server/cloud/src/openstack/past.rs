//! What was last done with a machine that is off: stopped by a user, or a start that failed and why.

use super::UserStop;
use super::nova::Nova;
use crate::wire::one_line;
use domain::world::{MachineFacts, MachineState};
use serde::Deserialize;

/// Answer about all actions.
#[derive(Deserialize)]
pub struct Acts {
    /// Newest first.
    #[serde(rename = "instanceActions")]
    pub acts: Vec<Act>,
}

/// Answer about one action.
#[derive(Deserialize)]
pub struct SingleAct {
    /// The action.
    #[serde(rename = "instanceAction")]
    pub act: Act,
}

/// One thing that was asked of a machine.
#[derive(Debug, Clone, Deserialize)]
pub struct Act {
    /// Such as `stop`.
    pub action: String,
    /// The call's id.
    pub request_id: String,
    /// Who asked; nobody when Nova itself did, because the hypervisor had lost it.
    #[serde(default)]
    pub user_id: Option<String>,
    /// When, without a zone.
    #[serde(default)]
    pub start_time: Option<String>,
    /// `Error` when it failed.
    #[serde(default)]
    pub message: Option<String>,
    /// Its parts; only in the answer about one action.
    #[serde(default)]
    pub events: Vec<Part>,
}

/// One part of an action.
#[derive(Debug, Clone, Deserialize)]
pub struct Part {
    /// `Success` or `Error`.
    #[serde(default)]
    pub result: Option<String>,
    /// What went wrong, from microversion 2.84 on.
    #[serde(default)]
    pub details: Option<String>,
}

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
