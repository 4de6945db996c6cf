//! The eight moments everybody asks for, how long each took to come, and how long the node was down.

use super::{Look, took};
use crate::access::Door;
use crate::event::{Event, What};
use crate::recovery::{Outcome, Recovery, State, Status};
use crate::step::StepKind;
use crate::trigger::{Actor, Trigger};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// What it is called.
    pub title: String,
    /// When it came.
    pub at: Option<Timestamp>,
    /// How it looks: done, still to come, or not needed.
    pub look: Look,
    /// Who or what, in a few words.
    pub text: String,
}

/// How long a node was down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Downtime {
    /// The Ready transition, or the best that is known.
    pub from: Timestamp,
    /// When it was Ready for good.
    pub to: Option<Timestamp>,
}

/// Down from the Ready transition (else the alarm, else the first event) until Ready came back and held.
pub fn downtime(of: &Recovery) -> Downtime {
    let alarm = match &of.plan.trigger {
        Trigger::Alarm { starts_at, .. } => Some(*starts_at),
        Trigger::Person { .. } => None,
    };
    let from = of.plan.down_since.or(alarm).unwrap_or(of.started_at);
    let ready = of.step(StepKind::WaitReady);
    let held = matches!(ready.status, Status::Succeeded)
        .then_some(ready.ready)
        .flatten();
    let well = matches!(
        of.outcome(),
        Some(Outcome::Recovered | Outcome::SelfHealed | Outcome::FalseAlarm)
    );
    let from = from.min(of.started_at);
    Downtime {
        from,
        to: held
            .map(|(transition, _)| transition.max(from))
            .or_else(|| well.then(|| of.ended_at()).flatten()),
    }
}

/// One sentence over the page and the report: how long it was down, who began it, and how it ended.
pub fn summary(of: &Recovery, now: Timestamp) -> String {
    let down = downtime(of);
    let node = &of.plan.target.node;
    let day = of.started_at.strftime("%-d %b %Y");
    let lasted = match (of.outcome(), down.to) {
        (Some(Outcome::FalseAlarm), _) => format!("{node} was not down on {day}: a false alarm."),
        (_, Some(to)) => format!("{node} was down {} on {day}.", took(down.from, to)),
        (None, None) => format!("{node} has been down {} so far.", took(down.from, now)),
        (Some(_), None) => format!("{node} went down on {day} and was not brought back here."),
    };
    let cause = match &of.plan.trigger {
        Trigger::Alarm { rule, .. } => format!("Begun by rule {rule}"),
        Trigger::Person { name, door, .. } => format!("Started by {name} {}", from_door(*door)),
    };
    let then = match (of.state(), down.to) {
        (State::Recovered, Some(to)) if of.outcome() == Some(Outcome::Recovered) => {
            format!(
                "; Ready {} later.",
                took(of.started_at, to.max(of.started_at))
            )
        }
        (State::Recovered, _) => "; no start was needed.".to_owned(),
        (State::NeedsHuman, _) => "; a person was needed.".to_owned(),
        (State::Cancelled, _) => "; stopped by a person.".to_owned(),
        (State::Refused, _) => "; refused.".to_owned(),
        (State::Waiting | State::Running, _) => "; it goes on.".to_owned(),
    };
    format!("{lasted} {cause}{then}")
}

const fn from_door(door: Door) -> &'static str {
    match door {
        Door::Page => "from a page",
        Door::Api => "from the API",
        Door::Command => "from the command page",
        Door::Chat => "from chat",
    }
}

/// The milestones of a log, in their order.
pub fn milestones(of: &Recovery, events: &[Event]) -> Vec<Milestone> {
    let over = !of.holds_slot();
    let step = |kind: StepKind| of.step(kind);
    let ended = |kind: StepKind| {
        let progress = step(kind);
        (progress.status == Status::Succeeded)
            .then_some(progress.ended_at)
            .flatten()
    };
    let detected = downtime(of).from;
    let (source, asked) = match &of.plan.trigger {
        Trigger::Alarm { source, rule, .. } => (source.to_string(), format!("rule {rule}")),
        Trigger::Person { name, .. } => ("node".to_owned(), name.to_string()),
    };
    let (decided, who) = decided(of, events);
    let start = step(StepKind::StartMachine);
    let ready = step(StepKind::WaitReady);
    let resolved = first(events, |what| matches!(what, What::AlarmResolved));
    let rows = [
        ("Detected", Some(detected), source),
        ("Acknowledged", Some(of.started_at), asked),
        ("Decided", decided, who),
        ("Requested", start.first_at, String::new()),
        ("Powered on", ended(StepKind::StartMachine), String::new()),
        (
            "Kubelet ready",
            ready.ready.map(|(transition, _)| transition),
            String::new(),
        ),
        (
            "Workloads ready",
            ended(StepKind::CheckWorkload),
            String::new(),
        ),
        (
            "Alarm cleared",
            ended(StepKind::CloseAlarm).or(resolved),
            String::new(),
        ),
    ];
    rows.into_iter()
        .map(|(title, at, text)| Milestone {
            title: title.to_owned(),
            at,
            look: match at {
                Some(_) => Look::Done,
                None if over => Look::Skipped,
                None => Look::Pending,
            },
            text,
        })
        .collect()
}

fn first(events: &[Event], is: impl Fn(&What) -> bool) -> Option<Timestamp> {
    events
        .iter()
        .find(|event| is(&event.what))
        .map(|event| event.at)
}

/// When it was settled that the machine is started, and by whom.
fn decided(of: &Recovery, events: &[Event]) -> (Option<Timestamp>, String) {
    let yes = events
        .iter()
        .rev()
        .find(|event| matches!(event.what, What::Approved))
        .filter(|_| of.approved());
    if let Some(yes) = yes {
        return (Some(yes.at), yes.actor.to_string());
    }
    let confirmed = of.step(StepKind::ConfirmDown);
    let settled = confirmed.status == Status::Succeeded && of.consented();
    let who = match &events.first().map(|event| &event.actor) {
        Some(Actor::Person(name)) => name.to_string(),
        Some(Actor::Rule(rule)) => format!("rule {rule}"),
        Some(Actor::Uncordon | Actor::Source(_)) | None => String::new(),
    };
    (confirmed.ended_at.filter(|_| settled), who)
}
