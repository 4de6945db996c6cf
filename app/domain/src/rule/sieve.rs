//! Looks at past alarms with a draft, beside the version in force and the rules before it.

use super::pattern::{Armed, answer};
use super::{Draft, Match, PatternError, Rule};
use crate::id::RuleId;
use std::collections::BTreeMap;

/// A draft among the rules it would stand with.
#[derive(Debug, Clone)]
pub struct Sieve {
    draft: [Armed; 1],
    live: Option<[Armed; 1]>,
    earlier: Vec<Armed>,
}

/// What becomes of one alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look<'a> {
    /// What the draft catches.
    pub found: Option<Match>,
    /// What the version in force catches.
    pub was: Option<Match>,
    /// The rule before it that takes the alarm, so that the draft never sees it.
    pub taken_by: Option<&'a Rule>,
}

impl Sieve {
    /// `id`: the rule that the draft would change; `rules`: all that are in force.
    pub fn new(draft: &Draft, id: Option<RuleId>, rules: &[Rule]) -> Result<Self, PatternError> {
        let place = |position: u32, of: Option<RuleId>| (position, of.map_or(u64::MAX, |id| id.0));
        let mine = place(draft.position, id);
        let mut earlier: Vec<&Rule> = rules
            .iter()
            .filter(|one| Some(one.id) != id && place(one.draft.position, Some(one.id)) < mine)
            .collect();
        earlier.sort_by_key(|one| place(one.draft.position, Some(one.id)));
        let live = rules.iter().find(|one| Some(one.id) == id);
        Ok(Self {
            draft: [on(Rule {
                id: id.unwrap_or(RuleId(0)),
                version: 0,
                draft: draft.clone(),
            })?],
            live: live.and_then(|one| on(one.clone()).ok()).map(|one| [one]),
            // A stored rule that no longer compiles takes nothing, here as in the live path.
            earlier: earlier
                .into_iter()
                .filter_map(|one| Armed::new(one.clone()).ok())
                .collect(),
        })
    }

    /// Whether there is a version in force to compare with.
    pub const fn compares(&self) -> bool {
        self.live.is_some()
    }

    /// One alarm.
    pub fn look(&self, text: &str, labels: &BTreeMap<String, String>) -> Look<'_> {
        let found = answer(&self.draft, text, labels).map(|(_, found)| found);
        let was = self
            .live
            .as_ref()
            .and_then(|live| answer(live, text, labels))
            .map(|(_, found)| found);
        let taken_by = answer(&self.earlier, text, labels).map(|(rule, _)| rule);
        Look {
            found,
            was,
            taken_by,
        }
    }
}

/// A rule that is switched off is looked at as if it were on.
fn on(mut rule: Rule) -> Result<Armed, PatternError> {
    rule.draft.enabled = true;
    Armed::new(rule)
}
