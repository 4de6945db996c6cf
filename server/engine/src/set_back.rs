//! An armed rule whose recovery could not be verified asks again from then on.

use crate::Engine;
use crate::ports::{Signed, StoreError};
use domain::event::What;
use domain::id::PersonName;
use domain::recovery::Recovery;
use domain::rule::Mode;
use domain::step::StepKind;
use domain::trigger::Trigger;

impl Engine {
    /// Sets the rule back to `ask` before the failed verification is stored: a crash in between leaves the safe half.
    pub(crate) async fn set_back(
        &self,
        recovery: &Recovery,
        what: &What,
    ) -> Result<(), StoreError> {
        let Some((rule, reason)) = failed_verification(recovery, what) else {
            return Ok(());
        };
        let who = PersonName::parse("uncordon").expect("our own name is valid");
        loop {
            let Some(stored) = self.store().rule(rule).await? else {
                return Ok(());
            };
            if stored.draft.mode != Mode::Auto {
                return Ok(());
            }
            let draft = domain::rule::Draft {
                mode: Mode::Ask,
                ..stored.draft
            };
            let signed = Signed {
                who: who.clone(),
                at: self.now(),
                reason: Some(reason.clone()),
            };
            match self
                .store()
                .change_rule(rule, stored.version, &draft, &signed)
                .await
            {
                Ok(_) => {
                    tracing::warn!(rule.id = %rule, recovery.id = %recovery.id, "Rule set back to ask");
                    return self.reload_rules().await;
                }
                Err(StoreError::OldVersion { .. }) => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// The armed rule of a recovery whose verification failed for good, and the reason for its page.
fn failed_verification(recovery: &Recovery, what: &What) -> Option<(domain::id::RuleId, String)> {
    let Trigger::Alarm {
        rule,
        mode: Mode::Auto,
        ..
    } = &recovery.plan.trigger
    else {
        return None;
    };
    match what {
        What::StepFailed {
            step:
                step @ (StepKind::WaitReady
                | StepKind::CheckNode
                | StepKind::CheckWorkload
                | StepKind::Check(..)),
            reason,
            retry_at: None,
            ..
        } => Some((
            *rule,
            format!(
                "recovery {}: \"{}\" failed: {reason}",
                recovery.id,
                step.title()
            ),
        )),
        _ => None,
    }
}
