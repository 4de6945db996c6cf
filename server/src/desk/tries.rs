//! Trying a rule on past alarms, by the same functions as the live path: what it would take, lose and leave to others.

use super::{TheDesk, errors, needs, show};
use app::desk::views::{AlarmView, NearAlarm, Part, Tried, TriedText, TryOrder};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::guard::{Replayed, replay};
use domain::id::{ClusterName, NodeName, RuleName};
use domain::rule::near::Steps;
use domain::rule::pattern::Pattern;
use domain::rule::sieve::Sieve;
use domain::rule::{Draft, Match, Mode, Rule, pin, shipped};
use domain::target::{Target, resolve};
use engine::ports::{AlarmFilter, AlarmRow, Page};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Past alarms looked at in one try.
const LOOKED_AT: u32 = 2000;
/// Past alarms shown of all that match.
const SHOWN: usize = 100;
/// Of those that are new or lost.
const SHOWN_PART: usize = 50;
/// Near ones, when nothing matches.
const NEAR: usize = 3;

/// What is collected while the alarms go by.
#[derive(Default)]
struct Pile {
    all: Part,
    added: Part,
    lost: Part,
    earlier: BTreeMap<String, u32>,
    starts: BTreeMap<ClusterName, Vec<(NodeName, Timestamp)>>,
}

impl TheDesk {
    /// What a draft would make of a typed text and of past alarms.
    pub(super) async fn try_pattern(
        &self,
        who: &Person,
        order: &TryOrder,
    ) -> Result<Tried, AppError> {
        needs(who, Role::Viewer)?;
        let rules = self.store().rules().await.map_err(errors::store)?;
        let draft = draft_of(order, &rules);
        let (pattern, sieve, pins) = match looked_through(&draft, order, &rules) {
            Ok(ready) => ready,
            Err(error) => {
                return Ok(Tried {
                    error: Some(error),
                    ..Tried::default()
                });
            }
        };
        let rows = self.past(order.since).await?;
        let only = draft.cluster.as_ref();
        let text = order
            .text
            .as_deref()
            .filter(|text| !text.trim().is_empty())
            .map(|text| self.told(text, pattern.find(text), only));
        let live = rules.iter().find(|one| Some(one.id) == order.rule);
        let live_only = live.and_then(|one| one.draft.cluster.as_ref());
        let pile = self.sifted(&sieve, &rows, only, live_only);
        let near = if pile.all.count == 0 {
            nearest(&draft.pattern, &rows)
        } else {
            Vec::new()
        };
        let looked_at = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        Ok(Tried {
            error: None,
            text,
            alarms: pile.all.alarms,
            looked_at,
            cut: looked_at == LOOKED_AT,
            matched: pile.all.count,
            against: live.map(|one| one.version),
            added: pile.added,
            lost: pile.lost,
            replayed: self.replayed(&pile.starts),
            earlier: pile.earlier.into_iter().collect(),
            near,
            pins,
        })
    }

    /// What the draft takes of past alarms, and what it takes or leaves that the live rule does not.
    fn sifted(
        &self,
        sieve: &Sieve,
        rows: &[AlarmRow],
        only: Option<&ClusterName>,
        live_only: Option<&ClusterName>,
    ) -> Pile {
        let mut pile = Pile::default();
        for row in rows {
            let look = sieve.look(&row.alarm.text, &row.alarm.labels);
            let Some(found) = look.found else {
                if let Some(was) = look.was {
                    let told = || self.told(&row.alarm.text, Some(was), live_only);
                    pile.lost.take(SHOWN_PART, row, told);
                }
                continue;
            };
            if let Some(rule) = look.taken_by {
                *pile.earlier.entry(rule.draft.name.to_string()).or_default() += 1;
            } else if let Some(target) = self.aims(&found, only) {
                let starts = pile.starts.entry(target.cluster).or_default();
                starts.push((target.node, row.alarm.received_at));
            }
            let told = self.told(&row.alarm.text, Some(found), only);
            if look.was.is_none() && sieve.compares() {
                pile.added.take(SHOWN_PART, row, || told.clone());
            }
            pile.all.take(SHOWN, row, || told);
        }
        pile
    }

    async fn past(&self, since: Option<Timestamp>) -> Result<Vec<AlarmRow>, AppError> {
        let month = SignedDuration::from_hours(24 * 30);
        let filter = AlarmFilter {
            since: Some(since.unwrap_or_else(|| self.house.engine.now() - month)),
            ..AlarmFilter::default()
        };
        let page = Page {
            after: None,
            limit: LOOKED_AT,
        };
        self.store()
            .alarms(&filter, page)
            .await
            .map_err(errors::store)
    }

    pub(super) fn aims(&self, found: &Match, only: Option<&ClusterName>) -> Option<Target> {
        self.house
            .engine
            .with_known(|known| resolve(&found.captures, only, known).ok())
    }

    /// The limits of each cluster, played over its alarms.
    fn replayed(&self, starts: &BTreeMap<ClusterName, Vec<(NodeName, Timestamp)>>) -> Replayed {
        let mut sum = Replayed::default();
        for (cluster, alarms) in starts {
            let Some(site) = self.house.engine.site(cluster.as_str()) else {
                continue;
            };
            // The list of alarms is newest first.
            let oldest_first: Vec<_> = alarms.iter().rev().cloned().collect();
            let one = replay(&site.guards, &oldest_first);
            sum.starts += one.starts;
            sum.nodes += one.nodes;
            sum.held += one.held;
        }
        sum
    }
}

trait Take {
    fn take(&mut self, most: usize, row: &AlarmRow, told: impl FnOnce() -> TriedText);
}

impl Take for Part {
    fn take(&mut self, most: usize, row: &AlarmRow, told: impl FnOnce() -> TriedText) {
        self.count += 1;
        if self.alarms.len() < most {
            let one: (AlarmView, TriedText) = (show::alarm(row.clone()), told());
            self.alarms.push(one);
        }
    }
}

/// The draft as it would stand among the rules.
fn draft_of(order: &TryOrder, rules: &[Rule]) -> Draft {
    let live = rules.iter().find(|one| Some(one.id) == order.rule);
    let position = order
        .position
        .or_else(|| live.map(|one| one.draft.position))
        .unwrap_or(u32::MAX);
    Draft {
        name: RuleName::parse("tried").expect("a plain name is valid"),
        position,
        pattern: order.pattern.clone(),
        labels: order.labels.clone(),
        cluster: order.cluster.clone(),
        pins: order.pins.clone(),
        ..shipped(Mode::Observe)
    }
}

type Ready = (Pattern, Sieve, Vec<bool>);

fn looked_through(
    draft: &Draft,
    order: &TryOrder,
    rules: &[Rule],
) -> Result<Ready, domain::rule::PatternError> {
    let pattern = Pattern::parse(&draft.pattern)?;
    let sieve = Sieve::new(draft, order.rule, rules)?;
    Ok((pattern, sieve, pin::held(draft)?))
}

/// The alarms that follow the pattern furthest; the newest ones where none follows it at all.
fn nearest(pattern: &str, rows: &[AlarmRow]) -> Vec<NearAlarm> {
    let steps = Steps::new(pattern);
    let mut near: Vec<NearAlarm> = rows
        .iter()
        .map(|row| {
            let reach = steps.reach(&row.alarm.text);
            let (pattern, start, end) =
                reach.map_or((0, 0, 0), |one| (one.pattern, one.start, one.end));
            NearAlarm {
                alarm: show::alarm(row.clone()),
                start,
                end,
                pattern,
            }
        })
        .collect();
    near.sort_by_key(|one| std::cmp::Reverse((one.pattern, one.alarm.id)));
    near.truncate(NEAR);
    near
}
