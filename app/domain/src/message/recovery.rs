//! What a recovery has to say in the state it is in; nothing where nobody needs to hear of it.

use super::words::short;
use super::{About, Channel, Message, NEWS_S, Stage, end_of_round, rounds, seconds};
use crate::event::{Event, What};
use crate::guard::Gate;
use crate::id::PersonName;
use crate::moment::precise;
use crate::plan::Consent;
use crate::recovery::{IllegalEvent, Outcome, Recovery, State, replay};
use crate::rule::Silence;
use crate::timeline::headline;
use crate::trigger::{Actor, Trigger};
use jiff::Timestamp;

/// How long the begin of a recovery is worth a message.
const BEGIN_S: i64 = 900;

/// The message of a recovery's present state.
pub fn of_recovery(events: &[Event], now: Timestamp) -> Result<Option<Message>, IllegalEvent> {
    let recovery = replay(events)?;
    Ok(match recovery.state() {
        State::NeedsHuman => help(&recovery, events, now),
        State::Waiting => asked(&recovery, now).or_else(|| began(&recovery, now)),
        State::Running => began(&recovery, now),
        State::Recovered | State::Cancelled | State::Refused => ended(&recovery, now),
    })
}

fn message(recovery: &Recovery, stage: Stage, channel: Channel, until: Timestamp) -> Message {
    Message {
        about: About::Recovery(recovery.id),
        stage,
        round: 0,
        channel,
        title: String::new(),
        body: String::new(),
        path: format!("/recoveries/{}", recovery.id.0),
        until,
        not_to: None,
        clusters: vec![recovery.plan.target.cluster.clone()],
    }
}

/// The cluster first, so that two clusters with a node of the same name are told apart.
fn body(recovery: &Recovery, text: &str) -> String {
    short(&format!("{}: {text}", recovery.plan.target.cluster))
}

fn help(recovery: &Recovery, events: &[Event], now: Timestamp) -> Option<Message> {
    if recovery.acknowledged {
        return taken(recovery, events, now);
    }
    let asked = events
        .iter()
        .find(|event| matches!(event.what, What::NeedsHuman { .. }))?;
    let round = rounds(asked.at, now);
    let known = headline(recovery, now);
    let known = known.strip_prefix("A person is needed. ").unwrap_or(&known);
    let until = end_of_round(asked.at, round);
    Some(Message {
        round,
        title: format!("{} needs you", recovery.plan.target.node),
        body: body(recovery, known),
        ..message(recovery, Stage::NeedsHuman, Channel::Important, until)
    })
}

/// The others need not come.
fn taken(recovery: &Recovery, events: &[Event], now: Timestamp) -> Option<Message> {
    let seen = events
        .iter()
        .rev()
        .find(|event| matches!(event.what, What::Acknowledged))?;
    let until = seen.at + seconds(NEWS_S);
    let node = &recovery.plan.target.node;
    let not_to = match &seen.actor {
        Actor::Person(name) => Some(name.clone()),
        Actor::Uncordon | Actor::Rule(_) | Actor::Source(_) => None,
    };
    (now < until).then(|| Message {
        title: format!("{} has {node}", seen.actor),
        body: body(
            recovery,
            "The call for help is acknowledged. It is not repeated.",
        ),
        not_to,
        ..message(recovery, Stage::Acknowledged, Channel::Info, until)
    })
}

fn asked(recovery: &Recovery, now: Timestamp) -> Option<Message> {
    if !recovery.takes_yes() {
        return None;
    }
    let node = &recovery.plan.target.node;
    let text = body(recovery, &headline(recovery, now));
    if recovery.vetoable()
        && let Some(until) = recovery.veto_until.filter(|until| now < *until)
    {
        let title = match recovery.plan.consent {
            Consent::Veto {
                silence: Silence::Act,
                ..
            } => format!("{node} starts at {} unless stopped", precise(until)),
            Consent::Veto {
                silence: Silence::Ask,
                ..
            }
            | Consent::Given
            | Consent::Needed => format!("{node} may be started or stopped now"),
        };
        return Some(Message {
            title,
            body: text,
            ..message(recovery, Stage::Veto, Channel::Important, until)
        });
    }
    let until = recovery.asked_until.filter(|until| now < *until)?;
    Some(Message {
        title: format!("{node} waits for your yes"),
        body: text,
        ..message(recovery, Stage::ApprovalAsked, Channel::Important, until)
    })
}

/// Only where nobody is asked: a question says by itself that a recovery began.
fn began(recovery: &Recovery, now: Timestamp) -> Option<Message> {
    let stormy = matches!(&recovery.hold, Some(hold) if matches!(hold.gate, Gate::Storm(_)));
    let until = recovery.started_at + seconds(BEGIN_S);
    let graced = recovery.grace_until.is_some_and(|until| now < until);
    if recovery.plan.consent != Consent::Given
        || stormy
        || graced
        || recovery.stopped
        || recovery.exit.is_some()
        || now >= until
    {
        return None;
    }
    let (text, not_to) = why(&recovery.plan.trigger);
    Some(Message {
        title: format!("Recovery of {} began", recovery.plan.target.node),
        body: body(recovery, &text),
        not_to,
        ..message(recovery, Stage::Began, Channel::Default, until)
    })
}

fn why(trigger: &Trigger) -> (String, Option<PersonName>) {
    match trigger {
        Trigger::Alarm { text, .. } => (text.clone(), None),
        Trigger::Person {
            name,
            reason: Some(reason),
            ..
        } => (format!("{name} started it: {reason}"), Some(name.clone())),
        Trigger::Person { name, .. } => (format!("{name} started it."), Some(name.clone())),
    }
}

fn ended(recovery: &Recovery, now: Timestamp) -> Option<Message> {
    let (outcome, at) = recovery.finished?;
    let until = at + seconds(NEWS_S);
    if now >= until {
        return None;
    }
    let node = &recovery.plan.target.node;
    let (stage, channel, title) = match outcome {
        Outcome::Recovered => (
            Stage::Recovered,
            Channel::Default,
            format!("{node} is back"),
        ),
        Outcome::SelfHealed => (
            Stage::Recovered,
            Channel::Default,
            format!("{node} came back by itself"),
        ),
        Outcome::FalseAlarm => (Stage::Ended, Channel::Info, format!("{node} was not down")),
        Outcome::Aborted => (
            Stage::Ended,
            Channel::Info,
            format!("Recovery of {node} was stopped"),
        ),
        Outcome::Refused => (
            Stage::Ended,
            Channel::Info,
            format!("Recovery of {node} was refused"),
        ),
        Outcome::Expired => (
            Stage::Ended,
            Channel::Info,
            format!("The alarm about {node} was too old"),
        ),
    };
    Some(Message {
        title,
        body: body(recovery, &headline(recovery, now)),
        ..message(recovery, stage, channel, until)
    })
}
