//! Rules: reading, changing, and trying a pattern on past alarms.

use super::{TheDesk, errors, needs, show};
use app::desk::views::{RuleVersion, Tried, TriedText, TryOrder};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::id::RuleId;
use domain::rule::pattern::Pattern;
use domain::rule::{Draft, PatternError, RULES_MAX, Rule};
use domain::target::resolve;
use engine::ports::{AlarmFilter, Page};
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
            .map(|(rule, author, at)| RuleVersion { rule, author, at })
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
        let now = self.house.engine.now();
        let rule = match id {
            None => {
                let count = self.store().rules().await.map_err(errors::store)?.len();
                if count >= RULES_MAX {
                    return Err(AppError::Conflict {
                        text: format!("There are {count} rules already; remove one first."),
                    });
                }
                self.store().add_rule(draft, &who.name, now).await
            }
            Some((id, version)) => {
                self.store()
                    .change_rule(id, version, draft, &who.name, now)
                    .await
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
        self.write_rule(who, Some((id, newest)), &old.rule.draft)
            .await
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
            .map(|text| self.tried(&pattern, text));
        let mut alarms = Vec::new();
        let mut matched = 0;
        for row in rows {
            if pattern.find(&row.alarm.text).is_some() {
                matched += 1;
                if alarms.len() < SHOWN {
                    let tried = self.tried(&pattern, &row.alarm.text);
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

    fn tried(&self, pattern: &Pattern, text: &str) -> TriedText {
        let found = pattern.find(text);
        let target = found.as_ref().map(|found| {
            self.house
                .engine
                .with_known(|known| resolve(&found.captures, None, known))
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
