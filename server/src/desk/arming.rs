//! Arming a rule: only after a look at what it would have done, and with a reason.

use super::{TheDesk, errors, needs, show};
use app::desk::views::{AlarmView, ArmOrder, ArmView, LeftAlone, TriedText};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::id::RuleId;
use domain::rule::pattern::{Armed, answer};
use domain::rule::{Draft, Mode, Rule, VETO_MAX};
use domain::target::Target;
use engine::ports::{AlarmFilter, Page, Signed};

/// Past alarms looked at.
const LOOKED_AT: u32 = 2000;
/// Past alarms shown.
const SHOWN: usize = 100;
/// Nodes asked about for other healers.
const ASKED: usize = 5;
/// Longest reason, in characters.
const REASON_MAX: usize = 500;

impl TheDesk {
    /// What the rule in its newest version makes of past alarms, by the same functions as the live path.
    pub(super) async fn read_hits(&self, who: &Person, id: RuleId) -> Result<ArmView, AppError> {
        let rule = self.read_rule(who, id).await?;
        let mut looked = rule.clone();
        // A rule that is switched off is looked at as if it were on.
        looked.draft.enabled = true;
        let armed = [Armed::new(looked).map_err(|error| AppError::Invalid {
            field: "pattern".to_owned(),
            message: error.message,
            position: error.position,
        })?];
        let page = Page {
            after: None,
            limit: LOOKED_AT,
        };
        let rows = self
            .store()
            .alarms(&AlarmFilter::default(), page)
            .await
            .map_err(errors::store)?;
        let looked_at = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let mut hits: Vec<(AlarmView, TriedText)> = Vec::new();
        let mut matched = 0;
        let mut targets: Vec<Target> = Vec::new();
        for row in rows {
            let Some((_, found)) = answer(&armed, &row.alarm.text, &row.alarm.labels) else {
                continue;
            };
            matched += 1;
            if let Some(target) = self.aims(&found, rule.draft.cluster.as_ref())
                && targets.len() < ASKED
                && !targets.contains(&target)
            {
                targets.push(target);
            }
            if hits.len() < SHOWN {
                let tried = self.told(&row.alarm.text, Some(found), rule.draft.cluster.as_ref());
                hits.push((show::alarm(row), tried));
            }
        }
        let newest = hits.first().map_or(0, |(alarm, _)| alarm.id.0);
        Ok(ArmView {
            look: format!("{}.{matched}.{newest}", rule.version),
            left_alone: self.left_alone(&targets).await,
            rule,
            hits,
            looked_at,
            matched,
        })
    }

    /// Those of some nodes that somebody else heals, asked side by side.
    async fn left_alone(&self, targets: &[Target]) -> Vec<LeftAlone> {
        let engine = &self.house.engine;
        let asked = targets.iter().map(|target| async move {
            let site = engine.site(target.cluster.as_str())?;
            let owned = engine.healers(&site, target).await.owned(&target.cluster)?;
            Some(LeftAlone {
                cluster: target.cluster.clone(),
                node: target.node.clone(),
                why: owned.why,
                way_out: owned.way_out,
            })
        });
        let found = futures::future::join_all(asked).await;
        found.into_iter().flatten().collect()
    }

    pub(super) async fn arm(
        &self,
        who: &Person,
        id: RuleId,
        order: &ArmOrder,
    ) -> Result<Rule, AppError> {
        needs(who, Role::Admin)?;
        let reason = order.reason.trim();
        if reason.is_empty() || reason.chars().count() > REASON_MAX {
            return Err(invalid(
                "reason",
                &format!("Say in 1 to {REASON_MAX} characters why it may act alone."),
            ));
        }
        veto(order.veto_s)?;
        let view = self.read_hits(who, id).await?;
        if view.rule.version != order.version || view.look != order.look {
            return Err(AppError::Stale {
                text: "The rule or the alarms it matches changed since you looked. Look again, then arm it.".to_owned(),
            });
        }
        if !view.seen_to_work() {
            return Err(invalid("pins", UNSEEN));
        }
        let draft = Draft {
            mode: Mode::Auto,
            veto_s: order.veto_s,
            silence: order.silence,
            ..view.rule.draft
        };
        let signed = Signed {
            who: who.name.clone(),
            at: self.house.engine.now(),
            reason: Some(reason.to_owned()),
        };
        let rule = self
            .store()
            .change_rule(id, order.version, &draft, &signed)
            .await
            .map_err(errors::store)?;
        self.house
            .engine
            .reload_rules()
            .await
            .map_err(errors::store)?;
        Ok(rule)
    }
}

/// Why a rule is not armed that nobody can have seen work.
const UNSEEN: &str = "It matches no past alarm, so nobody has seen it work. Pin the text of an alarm that it must match, save it, and arm it then.";

/// What an armed rule becomes when what it matches is changed: nobody has looked at the new hits.
const CHANGED: &str =
    "what it matches was changed while it was armed; look at its hits and arm it again";

/// What may be saved of a draft, and why it is not what was asked for. Saving keeps a rule armed, never arms it: that takes a
/// look at its hits and a reason.
pub(super) fn saved_as(
    old: Option<&Rule>,
    draft: &Draft,
) -> Result<(Draft, Option<&'static str>), AppError> {
    veto(draft.veto_s)?;
    let armed = old.filter(|old| old.draft.mode == Mode::Auto);
    match armed {
        _ if draft.mode != Mode::Auto => Ok((draft.clone(), None)),
        Some(old) if old.draft.same_reach(draft) => Ok((draft.clone(), None)),
        Some(_) => {
            let draft = Draft {
                mode: Mode::Ask,
                ..draft.clone()
            };
            Ok((draft, Some(CHANGED)))
        }
        None => Err(invalid(
            "mode",
            "A rule is armed only after a look at its hits and with a reason: save it as observe or ask, then arm it on its page, or with GET .../hits and POST .../arm.",
        )),
    }
}

fn veto(seconds: u32) -> Result<(), AppError> {
    if seconds > VETO_MAX {
        return Err(invalid(
            "veto_s",
            &format!("The veto window is at most {VETO_MAX} s; use ask for longer ones."),
        ));
    }
    Ok(())
}

fn invalid(field: &str, message: &str) -> AppError {
    AppError::Invalid {
        field: field.to_owned(),
        message: message.to_owned(),
        position: None,
    }
}
