//! Rules: reading, changing, and trying a pattern on past alarms.

use super::arming::saved_as;
use super::{TheDesk, errors, needs, show};
use app::desk::views::{RuleVersion, Tried, TriedText, TryOrder};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::id::{ClusterName, RuleId};
use domain::rule::pattern::Pattern;
use domain::rule::{Draft, Match, Mode, PatternError, RULES_MAX, Rule};
use domain::target::resolve;
use engine::ports::{AlarmFilter, Page, Signed};
use jiff::SignedDuration;

/// Past alarms looked at in one try.
const LOOKED_AT: u32 = 2000;
/// Past alarms shown.
const SHOWN: usize = 100;

impl TheDesk {
    pub(super) async fn read_rules(&self, who: &Person) -> Result<Vec<Rule>, AppError> {
        needs(who, Role::Viewer)?;
        self.store().rules().await.map_err(errors::store)
    }

    pub(super) async fn read_rule(&self, who: &Person, id: RuleId) -> Result<Rule, AppError> {
        needs(who, Role::Viewer)?;
        let rule = self.store().rule(id).await.map_err(errors::store)?;
        rule.ok_or_else(|| AppError::NotFound {
            what: format!("rule {id}"),
        })
    }

    pub(super) async fn read_versions(
        &self,
        who: &Person,
        id: RuleId,
    ) -> Result<Vec<RuleVersion>, AppError> {
        self.read_rule(who, id).await?;
        let versions = self
            .store()
            .rule_versions(id)
            .await
            .map_err(errors::store)?;
        Ok(versions
            .into_iter()
            .map(|row| RuleVersion {
                rule: row.rule,
                author: row.author,
                at: row.at,
                reason: row.reason,
            })
            .collect())
    }

    pub(super) async fn write_rule(
        &self,
        who: &Person,
        id: Option<(RuleId, u32)>,
        draft: &Draft,
    ) -> Result<Rule, AppError> {
        needs(who, Role::Admin)?;
        self.check(draft)?;
        let old = match id {
            Some((id, _)) => self.store().rule(id).await.map_err(errors::store)?,
            None => None,
        };
        let (draft, changed) = saved_as(old.as_ref(), draft)?;
        let now = self.house.engine.now();
        let rule = match id {
            None => {
                let count = self.store().rules().await.map_err(errors::store)?.len();
                if count >= RULES_MAX {
                    return Err(AppError::Conflict {
                        text: format!("There are {count} rules already; remove one first."),
                    });
                }
                self.store().add_rule(&draft, &who.name, now).await
            }
            Some((id, version)) => {
                let signed = Signed {
                    who: who.name.clone(),
                    at: now,
                    reason: changed.map(str::to_owned),
                };
                self.store().change_rule(id, version, &draft, &signed).await
            }
        }
        .map_err(errors::store)?;
        self.house
            .engine
            .reload_rules()
            .await
            .map_err(errors::store)?;
        Ok(rule)
    }

    fn check(&self, draft: &Draft) -> Result<(), AppError> {
        Pattern::parse(&draft.pattern).map_err(|PatternError { message, position }| {
            AppError::Invalid {
                field: "pattern".to_owned(),
                message,
                position,
            }
        })?;
        match &draft.cluster {
            Some(cluster) if self.house.engine.site(cluster.as_str()).is_none() => {
                Err(AppError::Invalid {
                    field: "cluster".to_owned(),
                    message: format!("No cluster is called {cluster}."),
                    position: None,
                })
            }
            _ => Ok(()),
        }
    }

    pub(super) async fn drop_rule(&self, who: &Person, id: RuleId) -> Result<(), AppError> {
        needs(who, Role::Admin)?;
        self.store().remove_rule(id).await.map_err(errors::store)?;
        self.house
            .engine
            .reload_rules()
            .await
            .map_err(errors::store)
    }

    pub(super) async fn bring_back(
        &self,
        who: &Person,
        id: RuleId,
        version: u32,
    ) -> Result<Rule, AppError> {
        needs(who, Role::Admin)?;
        let versions = self.read_versions(who, id).await?;
        let newest = versions.first().map_or(0, |one| one.rule.version);
        let old = versions.into_iter().find(|one| one.rule.version == version);
        let old = old.ok_or_else(|| AppError::NotFound {
            what: format!("version {version} of rule {id}"),
        })?;
        let now = self.read_rule(who, id).await?;
        let mut draft = old.rule.draft;
        // An old text comes back armed only if the rule is armed for exactly that now.
        if saved_as(Some(&now), &draft).is_err() {
            draft.mode = Mode::Ask;
        }
        self.write_rule(who, Some((id, newest)), &draft).await
    }

    /// The same function as the live path, on a typed text and on past alarms.
    pub(super) async fn try_pattern(
        &self,
        who: &Person,
        order: &TryOrder,
    ) -> Result<Tried, AppError> {
        needs(who, Role::Viewer)?;
        let pattern = match Pattern::parse(&order.pattern) {
            Ok(pattern) => pattern,
            Err(error) => {
                return Ok(Tried {
                    error: Some(error),
                    text: None,
                    alarms: Vec::new(),
                    looked_at: 0,
                    matched: 0,
                });
            }
        };
        let since = order
            .since
            .unwrap_or_else(|| self.house.engine.now() - SignedDuration::from_hours(24 * 30));
        let filter = AlarmFilter {
            since: Some(since),
            ..AlarmFilter::default()
        };
        let rows = self
            .store()
            .alarms(
                &filter,
                Page {
                    after: None,
                    limit: LOOKED_AT,
                },
            )
            .await
            .map_err(errors::store)?;
        let looked_at = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let text = order
            .text
            .as_deref()
            .filter(|text| !text.trim().is_empty())
            .map(|text| self.told(text, pattern.find(text), None));
        let mut alarms = Vec::new();
        let mut matched = 0;
        for row in rows {
            if pattern.find(&row.alarm.text).is_some() {
                matched += 1;
                if alarms.len() < SHOWN {
                    let found = pattern.find(&row.alarm.text);
                    let tried = self.told(&row.alarm.text, found, None);
                    alarms.push((show::alarm(row), tried));
                }
            }
        }
        Ok(Tried {
            error: None,
            text,
            alarms,
            looked_at,
            matched,
        })
    }

    /// What a match makes of a text: the node it names, or why it names none.
    pub(super) fn told(
        &self,
        text: &str,
        found: Option<Match>,
        only: Option<&ClusterName>,
    ) -> TriedText {
        let target = found.as_ref().map(|found| {
            self.house
                .engine
                .with_known(|known| resolve(&found.captures, only, known))
        });
        let (node, problem) = match target {
            Some(Ok(target)) => (Some(format!("{}/{}", target.cluster, target.node)), None),
            Some(Err(problem)) => (None, Some(problem.to_string())),
            None => (None, None),
        };
        TriedText {
            text: text.to_owned(),
            found,
            node,
            problem,
        }
    }
}
