//! The fields of the filter, as they stand in the URL.

use super::Visit;
use crate::desk::views::RecoveryFilter;
use crate::links;
use domain::id::{ClusterName, NodeName, RuleId};
use domain::recovery::{Outcome, State};
use jiff::{SignedDuration, Timestamp};

/// Names of the fields, in the order of the URL.
const NAMES: [&str; 9] = [
    "text", "cluster", "node", "outcome", "by", "rule", "person", "since", "until",
];

/// Ends a person may ask for: outcomes and states, as one choice.
pub const ENDS: [(&str, &str); 8] = [
    ("recovered", "Recovered"),
    ("self_healed", "Came back by itself"),
    ("false_alarm", "False alarm"),
    ("needs_human", "A person was needed"),
    ("cancelled", "Stopped"),
    ("refused", "Refused"),
    ("expired", "Too old"),
    ("running", "Under way"),
];

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(&'static str, String)>);

impl Fields {
    /// As they stand in the URL.
    pub fn of(visit: &Visit) -> Self {
        Self(
            NAMES
                .into_iter()
                .map(|name| {
                    (
                        name,
                        visit.asked(name).unwrap_or_default().trim().to_owned(),
                    )
                })
                .collect(),
        )
    }

    /// One field; empty when nobody filled it.
    pub fn get(&self, name: &str) -> &str {
        let field = self.0.iter().find(|(one, _)| *one == name);
        field.map_or("", |(_, value)| value)
    }

    /// Whether nothing is asked for.
    pub fn none(&self) -> bool {
        self.0.iter().all(|(_, value)| value.is_empty())
    }

    /// What is set, in a few words.
    pub fn said(&self) -> String {
        let set = self.0.iter().filter(|(_, value)| !value.is_empty());
        let words = set.map(|(name, value)| {
            let end = ENDS.iter().find(|(word, _)| word == value);
            match (*name, end) {
                ("outcome", Some((_, shown))) => (*shown).to_owned(),
                ("by", _) => format!("by a {value}"),
                ("rule", _) => format!("rule #{}", value.trim_start_matches('#')),
                ("since", _) => format!("from {value}"),
                ("until", _) => format!("to {value}"),
                (_, _) => value.clone(),
            }
        });
        words.collect::<Vec<_>>().join(", ")
    }

    /// The list with one more field.
    pub fn with(&self, (name, value): (&str, &str)) -> String {
        let mut all: Vec<(&str, &str)> = self
            .0
            .iter()
            .filter(|(one, _)| *one != name)
            .map(|(one, value)| (*one, value.as_str()))
            .collect();
        all.push((name, value));
        links::timeline(&all)
    }

    /// The filter, and what could not be understood of it.
    pub fn filter(&self) -> (RecoveryFilter, Option<String>) {
        let given = |name: &str| Some(self.get(name)).filter(|text| !text.is_empty());
        let mut wrong = Vec::new();
        let outcome = self.get("outcome");
        let filter = RecoveryFilter {
            cluster: read(&mut wrong, "a cluster", given("cluster"), |text| {
                ClusterName::parse(text).ok()
            }),
            node: read(&mut wrong, "a node", given("node"), |text| {
                NodeName::parse(&text.to_lowercase()).ok()
            }),
            active: None,
            outcome: [
                Outcome::Recovered,
                Outcome::SelfHealed,
                Outcome::FalseAlarm,
                Outcome::Aborted,
                Outcome::Refused,
                Outcome::Expired,
            ]
            .into_iter()
            .find(|one| one.word() == outcome),
            state: [
                State::NeedsHuman,
                State::Cancelled,
                State::Running,
                State::Waiting,
            ]
            .into_iter()
            .find(|one| one.word() == outcome),
            person: given("person").map(str::to_owned),
            rule: read(&mut wrong, "the number of a rule", given("rule"), |text| {
                text.trim_start_matches('#').parse().ok().map(RuleId)
            }),
            automatic: match self.get("by") {
                "rule" => Some(true),
                "person" => Some(false),
                _ => None,
            },
            text: given("text").map(str::to_owned),
            since: read(&mut wrong, "a day", given("since"), day),
            until: read(&mut wrong, "a day", given("until"), |text| {
                day(text)?.checked_add(SignedDuration::from_hours(24)).ok()
            }),
        };
        let wrong = (!wrong.is_empty()).then(|| wrong.join(" "));
        (filter, wrong)
    }
}

fn read<T>(
    wrong: &mut Vec<String>,
    what: &str,
    text: Option<&str>,
    parse: impl Fn(&str) -> Option<T>,
) -> Option<T> {
    let text = text?;
    let parsed = parse(text);
    if parsed.is_none() {
        wrong.push(format!("{text:?} is not {what}; this filter is left out."));
    }
    parsed
}

/// The first moment of `2026-11-22`, in UTC.
fn day(text: &str) -> Option<Timestamp> {
    format!("{text}T00:00:00Z").parse().ok()
}
