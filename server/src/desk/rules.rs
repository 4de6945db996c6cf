//! Rules: reading, changing and bringing back; a draft that fails a pin is not saved.

use super::arming::saved_as;
use super::{TheDesk, errors, needs};
use app::desk::views::{RuleVersion, TriedText};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::id::{ClusterName, RuleId};
use domain::rule::pattern::Pattern;
use domain::rule::{Draft, Match, Mode, PatternError, RULES_MAX, Rule, pin};
use domain::target::resolve;
use engine::ports::{Signed, StoreError};

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
                let changed = self.store().change_rule(id, version, &draft, &signed).await;
                if let Err(StoreError::OldVersion { newest, .. }) = changed {
                    return Err(self.overtaken(id, version, newest).await);
                }
                changed
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

    /// Somebody saved in between: who.
    async fn overtaken(&self, id: RuleId, given: u32, newest: u32) -> AppError {
        let versions = self.store().rule_versions(id).await.unwrap_or_default();
        let author = versions.iter().find(|row| row.rule.version == newest);
        let who = author.map_or_else(|| "Somebody".to_owned(), |row| row.author.to_string());
        AppError::Conflict {
            text: format!("{who} saved version {newest} while you edited version {given}."),
        }
    }

    fn check(&self, draft: &Draft) -> Result<(), AppError> {
        let bad = |PatternError { message, position }| AppError::Invalid {
            field: "pattern".to_owned(),
            message,
            position,
        };
        Pattern::parse(&draft.pattern).map_err(bad)?;
        pin::within(&draft.pins).map_err(|error| pins(format!("{error}.")))?;
        if let Some(failing) = pin::failing(draft).map_err(bad)? {
            return Err(pins(format!("Not saved: {failing}.")));
        }
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

fn pins(message: String) -> AppError {
    AppError::Invalid {
        field: "pins".to_owned(),
        message,
        position: None,
    }
}
