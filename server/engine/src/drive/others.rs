//! Asks who else has the node, right before a call.

use super::Drive;
use domain::step::{Facts, StepKind};
use domain::world::Healers;
use jiff::SignedDuration;

/// How long a no by another healer is not asked for again.
const OTHERS_LAST: SignedDuration = SignedDuration::from_secs(10);

impl Drive {
    /// Who else has the node, read for this very call; while the answer was no it is not asked at every turn.
    pub(super) async fn healers(&mut self, step: StepKind, facts: &Facts) -> Option<Healers> {
        if !matches!(step, StepKind::Cordon | StepKind::StartMachine) {
            return None;
        }
        let now = self.engine.now();
        let target = &self.recovery.plan.target;
        let known = self.others.take().filter(|(at, found)| {
            // Those of the plan's own moment serve its cordon.
            let held = *found != Healers::default();
            now < *at + OTHERS_LAST && (held || step == StepKind::Cordon)
        });
        let known = match (known, self.engine.site_of(target)) {
            (Some(known), _) => known,
            (None, Some(site)) => {
                let found = self.engine.healers_of(&site, target, &facts.machine).await;
                (now, found)
            }
            (None, None) => return None,
        };
        Some(self.others.insert(known).1.clone())
    }
}
