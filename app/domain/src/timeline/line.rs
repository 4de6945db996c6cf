//! Every event in words.

use super::{Line, Look};
use crate::access::Door;
use crate::event::{Event, What};
use crate::moment::{clock, precise};
use crate::plan::Plan;
use crate::recovery::Outcome;
use crate::rule::Silence;
use crate::step::Phase;
use crate::trigger::Trigger;

/// One line per event.
pub(super) fn lines(events: &[Event], plan: &Plan) -> Vec<Line> {
    events
        .iter()
        .zip(1_u32..)
        .map(|(event, n)| {
            let (look, title, text) = words(&event.what, plan);
            Line {
                n,
                at: event.at,
                happened_at: match &event.what {
                    What::Noted { happened_at, .. } => *happened_at,
                    _ => None,
                },
                actor: event.actor.clone(),
                look,
                title,
                text,
                kind: event.what.kind().to_owned(),
                starred: super::story::tells(&event.what),
            }
        })
        .collect()
}

fn words(what: &What, plan: &Plan) -> (Look, String, String) {
    if let Some(words) = of_step(what) {
        return words;
    }
    let (look, title, text) = match what {
        What::Planned { .. } => (Look::Note, "Planned", planned(plan)),
        What::ApprovalAsked { until, text } => (
            Look::Waiting,
            "Asked for a yes",
            format!("{text} The question ends at {}.", clock(*until)),
        ),
        What::VetoStarted { until, silence } => (
            Look::Waiting,
            "May be stopped",
            match silence {
                Silence::Act => format!("the start follows at {} by itself", precise(*until)),
                Silence::Ask => format!("from {} on it waits for a yes", precise(*until)),
            },
        ),
        What::EvidenceSaved { snapshot } => (Look::Note, "Evidence kept", snapshot.text()),
        What::Approved => (Look::Done, "Approved", String::new()),
        What::GraceStarted { until } => (
            Look::Waiting,
            "Grace",
            format!("may be taken back until {}", precise(*until)),
        ),
        What::GraceCancelled => (Look::Skipped, "Taken back", String::new()),
        What::Stopped { reason } => (Look::Note, "Stopped", reason.clone().unwrap_or_default()),
        What::Retried { by } => (Look::Note, "Repeated", format!("by recovery {by}")),
        What::Acknowledged => (
            Look::Note,
            "Acknowledged",
            "the node's slot is free".to_owned(),
        ),
        What::Noted { text, .. } => (Look::Note, "Note", text.clone()),
        What::Said {
            text,
            chat,
            message,
        } => (
            Look::Note,
            "Said in a chat",
            format!("{text} (chat {chat}, message {message})"),
        ),
        What::AlarmResolved => (
            Look::Note,
            "Resolved at the source",
            "the source says the alarm is over".to_owned(),
        ),
        What::NeedsHuman { reason } => (Look::Failed, "A person is needed", reason.clone()),
        What::Finished { outcome, receipt } => (
            match outcome {
                Outcome::Recovered | Outcome::SelfHealed | Outcome::FalseAlarm => Look::Done,
                Outcome::Aborted => Look::Note,
                Outcome::Refused | Outcome::Expired => Look::Failed,
            },
            ending(*outcome),
            receipt
                .as_ref()
                .map(|receipt| receipt.baseline.clone())
                .unwrap_or_default(),
        ),
        _ => (Look::Note, what.kind(), String::new()),
    };
    (look, title.to_owned(), text)
}

fn of_step(what: &What) -> Option<(Look, String, String)> {
    let name = what.step()?.title();
    let (look, state, text) = match what {
        What::Queued { reason, .. } => (Look::Waiting, "queued", reason.clone()),
        What::Blocked { reason, .. } => (Look::Waiting, "held", reason.clone()),
        What::StepStarted { attempt: 1, .. } => (Look::Active, "begun", String::new()),
        What::StepStarted { attempt, .. } => (Look::Active, "begun", format!("attempt {attempt}")),
        What::StepProgressed { phase, text, .. } => {
            let state = match phase {
                Phase::Accepted => "accepted",
                Phase::Ready { .. } => "Ready seen",
                Phase::Flapped => "Ready lost",
            };
            (Look::Active, state, text.clone())
        }
        What::StepSucceeded { evidence, .. } => {
            let found = if evidence.found { " (found so)" } else { "" };
            (Look::Done, "done", format!("{}{found}", evidence.text))
        }
        What::StepFailed {
            reason,
            retry_at: Some(at),
            ..
        } => (
            Look::Waiting,
            "failed in passing",
            format!("{reason}; tried again at {}", precise(*at)),
        ),
        What::StepFailed { reason, .. } => (Look::Failed, "failed", reason.clone()),
        What::StepSkipped { reason, .. } => (Look::Skipped, "skipped", reason.clone()),
        What::StepInDoubt { reason, .. } => (Look::Waiting, "in doubt", reason.clone()),
        What::UndoStarted { .. } => (Look::Active, "being taken back", String::new()),
        What::StepUndone { text, .. } => (Look::Skipped, "taken back", text.clone()),
        What::UndoFailed { reason, .. } => (Look::Failed, "not taken back", reason.clone()),
        _ => return None,
    };
    Some((look, format!("{name}: {state}"), text))
}

fn planned(plan: &Plan) -> String {
    match &plan.trigger {
        Trigger::Alarm {
            alarm,
            text,
            rule,
            version,
            mode,
            ..
        } => format!(
            "rule {rule} version {version} ({}) took alarm {alarm}: {text}",
            mode.word()
        ),
        Trigger::Person {
            name,
            door,
            retry_of,
            reason,
            ..
        } => {
            let again = retry_of
                .map(|id| format!(", again after recovery {id}"))
                .unwrap_or_default();
            let why = reason
                .as_ref()
                .map(|reason| format!(": {reason}"))
                .unwrap_or_default();
            format!("{name} asked by {}{again}{why}", door_words(*door))
        }
    }
}

/// The door in words.
pub(crate) const fn door_words(door: Door) -> &'static str {
    match door {
        Door::Page => "a page",
        Door::Api => "the API",
        Door::Command => "the command page",
        Door::Chat => "chat",
    }
}

/// An outcome as a title.
pub(crate) const fn ending(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Recovered => "Recovered",
        Outcome::SelfHealed => "Healed by itself",
        Outcome::FalseAlarm => "False alarm",
        Outcome::Aborted => "Stopped",
        Outcome::Refused => "Refused",
        Outcome::Expired => "Expired",
    }
}
