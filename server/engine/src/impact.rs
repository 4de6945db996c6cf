//! Measures what people feel of a failure, beside the recoveries: late or never, but nothing waits for it.

use crate::Engine;
use crate::ports::StoreError;
use crate::tell::Told;
use domain::id::RecoveryId;
use domain::impact::{Moment, Sample, moments};
use domain::recovery::replay;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::JoinSet;

/// No figure takes longer, whatever the adapter does.
const LIMIT: Duration = Duration::from_secs(10);

impl Engine {
    /// Samples whatever recovery something happened in; one at a time for each of them, so that a silent Prometheus keeps
    /// nobody but itself.
    pub(crate) async fn follow_impact(self) {
        let mut heard = self.listen();
        // What a process that is gone did not measure is measured now, as it was then.
        let mut due: BTreeSet<RecoveryId> = self.live_ids(|_| true).into_iter().collect();
        let mut busy = BTreeSet::new();
        let mut work = JoinSet::new();
        loop {
            for id in due.difference(&busy).copied().collect::<Vec<_>>() {
                due.remove(&id);
                busy.insert(id);
                let engine = self.clone();
                work.spawn(async move {
                    if let Err(error) = engine.measure(id).await {
                        tracing::warn!(recovery.id = %id, %error, "Its impact cannot be stored");
                    }
                    id
                });
            }
            tokio::select! {
                told = heard.recv() => match told {
                    Ok(Told::Recovery(id)) => {
                        due.insert(id);
                    }
                    Ok(
                        Told::Alarm(_)
                        | Told::Switch
                        | Told::Breaker
                        | Told::Incident
                        | Told::Cordon
                        | Told::Waits(_)
                        | Told::Words(_),
                    ) => {}
                    Err(RecvError::Lagged(_)) => due.extend(self.live_ids(|_| true)),
                    Err(RecvError::Closed) => return,
                },
                Some(done) = work.join_next() => match done {
                    Ok(id) => {
                        busy.remove(&id);
                    }
                    // Which one it was is not known; nothing is lost but its figures so far.
                    Err(error) => {
                        tracing::error!(%error, "An impact could not be measured");
                        busy.clear();
                    }
                },
            }
        }
    }

    /// Measures the moments of a recovery that were not measured yet, each as it was then.
    async fn measure(&self, id: RecoveryId) -> Result<(), StoreError> {
        let events = self.store().events(id).await?;
        let Ok(recovery) = replay(&events) else {
            return Ok(());
        };
        let site = self.site_of(&recovery.plan.target);
        let Some(impact) = site.as_ref().and_then(|site| site.impact.as_ref()) else {
            return Ok(());
        };
        let known: BTreeSet<u32> = self
            .store()
            .samples(id)
            .await?
            .iter()
            .map(|sample| sample.moment.n)
            .collect();
        for moment in moments(&events) {
            if known.contains(&moment.n) {
                continue;
            }
            let sample = sample(impact, moment).await;
            self.store().keep_sample(id, &sample).await?;
        }
        Ok(())
    }
}

async fn sample(impact: &crate::SiteImpact, moment: Moment) -> Sample {
    let read = tokio::time::timeout(LIMIT, impact.gauge.read(moment.at)).await;
    let (value, why) = match read {
        Ok(Ok(value)) if value.is_finite() => (Some(value), None),
        Ok(Ok(value)) => (None, Some(format!("it answers {value}"))),
        Ok(Err(why)) => (None, Some(why)),
        Err(_) => (
            None,
            Some(format!("no answer within {} s", LIMIT.as_secs())),
        ),
    };
    Sample {
        moment,
        what: impact.what.clone(),
        value,
        why,
    }
}
