//! A recovery told without naming anybody.

use crate::id::PersonName;
use crate::timeline::Timeline;
use crate::trigger::{Actor, Trigger};
use std::collections::BTreeMap;

/// The same with `person 1`, `person 2` in place of names, wherever they stand.
pub(super) fn hidden(told: &Timeline) -> Timeline {
    let mut told = told.clone();
    let mut names: BTreeMap<String, PersonName> = BTreeMap::new();
    let actors = told.lines.iter().filter_map(|line| match &line.actor {
        Actor::Person(name) => Some(name.clone()),
        Actor::Uncordon | Actor::Rule(_) | Actor::Source(_) => None,
    });
    let asked = match &told.trigger {
        Trigger::Person { name, .. } => Some(name.clone()),
        Trigger::Alarm { .. } => None,
    };
    for name in asked.into_iter().chain(actors) {
        let number = names.len() + 1;
        if let Ok(other) = PersonName::parse(&format!("person {number}")) {
            names.entry(name.to_string()).or_insert(other);
        }
    }
    // Longer names first: "Ann Lee" must not become "person 1 Lee".
    let mut order: Vec<(String, PersonName)> = names.clone().into_iter().collect();
    order.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let hide = |text: &mut String| {
        for (name, other) in &order {
            *text = text.replace(name.as_str(), other.as_str());
        }
    };
    let other = |name: &PersonName| names.get(name.as_str()).unwrap_or(name).clone();
    for line in &mut told.lines {
        if let Actor::Person(name) = &line.actor {
            line.actor = Actor::Person(other(name));
        }
        hide(&mut line.text);
        hide(&mut line.title);
    }
    told.words.iter_mut().for_each(|word| hide(&mut word.text));
    if let Trigger::Person { name, reason, .. } = &mut told.trigger {
        *name = other(name);
        reason.iter_mut().for_each(hide);
    }
    for bar in &mut told.waterfall.bars {
        hide(&mut bar.text);
        bar.known.iter_mut().for_each(|(_, value)| hide(value));
    }
    for step in &mut told.steps {
        hide(&mut step.text);
        step.output.iter_mut().for_each(hide);
    }
    hide(&mut told.summary);
    hide(&mut told.headline);
    told
}
