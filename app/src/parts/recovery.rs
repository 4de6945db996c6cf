//! A recovery as a row of a list.

use super::status::of_state;
use super::time::{ago, clock, span, took};
use crate::desk::views::RecoveryItem;
use crate::links;
use domain::recovery::Outcome;
use domain::trigger::Trigger;
use jiff::Timestamp;
use leptos::prelude::*;

/// One line of a list.
pub fn row(of: &RecoveryItem, now: Timestamp) -> AnyView {
    let took = of
        .ended_at
        .map(|end| format!("took {}", span(of.started_at, end)));
    let outcome = of.outcome.and_then(outcome_word);
    view! {
        <li class="item">
            <a class="item-link" href=links::recovery(of.id)>
                <span class="between">
                    {of_state(of.state, false)}
                    <span class="meta">{format!("{}", of.id)}</span>
                </span>
                <strong>{format!("{}, {}", of.node, of.cluster)}</strong>
                <span>{of.headline.clone()}</span>
                <span class="meta">{ago(of.started_at, now)}</span>
                <span class="meta">
                    {[Some(cause(&of.trigger)), took, outcome.map(str::to_owned)]
                        .into_iter()
                        .flatten()
                        .collect::<Vec<_>>()
                        .join(" · ")}
                </span>
            </a>
        </li>
    }
    .into_any()
}

/// One line of the past: how it ended, where, why, how long it took and who or what began it.
pub fn past(of: &RecoveryItem, now: Timestamp) -> AnyView {
    let lasted = took(of.started_at, of.ended_at.unwrap_or(now));
    let lasted = if of.ended_at.is_some() {
        lasted
    } else {
        format!("{lasted} so far")
    };
    let outcome = of.outcome.and_then(outcome_word);
    let (why, who) = match &of.trigger {
        Trigger::Alarm { text, rule, .. } => (Some(text.clone()), format!("rule {rule}")),
        Trigger::Person { name, reason, .. } => (reason.clone(), name.to_string()),
    };
    let told = [
        Some(clock(of.started_at)),
        Some(who),
        outcome.map(str::to_owned),
    ];
    view! {
        <li class="item">
            <a class="item-link past" href=links::recovery(of.id) data-past=of.id.0.to_string()>
                <span class="between">
                    {of_state(of.state, false)}
                    <strong class="took">{lasted}</strong>
                </span>
                <strong>{format!("{}, {}", of.node, of.cluster)}</strong>
                <span class="why">{why.unwrap_or_else(|| of.headline.clone())}</span>
                <span class="meta">
                    {told.into_iter().flatten().collect::<Vec<_>>().join(" · ")}
                    {format!(" · {}", of.id)}
                </span>
            </a>
        </li>
    }
    .into_any()
}

/// Rows, or what to say when there are none.
pub fn rows(items: &[RecoveryItem], now: Timestamp, none: &'static str) -> AnyView {
    if items.is_empty() {
        return view! { <p class="empty">{none}</p> }.into_any();
    }
    let rows = items.iter().map(|one| row(one, now)).collect_view();
    view! { <ul class="list">{rows}</ul> }.into_any()
}

/// Why it began, in a few words.
pub fn cause(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Alarm {
            alarm,
            rule,
            source,
            ..
        } => {
            format!("alarm {alarm} from {source}, rule {rule}")
        }
        Trigger::Person {
            name,
            retry_of: Some(old),
            ..
        } => format!("{name}, again after {old}"),
        Trigger::Person { name, .. } => format!("started by {name}"),
    }
}

/// The outcome where the state does not already say it.
pub const fn outcome_word(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::SelfHealed => Some("came back by itself"),
        Outcome::FalseAlarm => Some("false alarm"),
        Outcome::Expired => Some("too old to act on"),
        Outcome::Recovered | Outcome::Aborted | Outcome::Refused => None,
    }
}
