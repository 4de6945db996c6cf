//! The checks of the team of a cluster, with the newest outcome of each that the logs know.

use super::{TheDesk, errors, needs};
use app::desk::views::{CheckOutcome, CheckView};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::check::CheckName;
use domain::event::{Event, What};
use domain::id::{ClusterName, RecoveryId};
use domain::step::StepKind;
use engine::ports::{Page, RecoveryFilter as Filter};

/// Past recoveries that are looked into.
const PAST: u32 = 20;

impl TheDesk {
    pub(super) async fn read_checks(
        &self,
        who: &Person,
        cluster: &ClusterName,
    ) -> Result<Vec<CheckView>, AppError> {
        needs(who, Role::Viewer)?;
        let site = self.site(cluster)?;
        let mut logs = Vec::new();
        if !site.checks.is_empty() {
            let filter = Filter {
                cluster: Some(site.cluster.name().clone()),
                ..Filter::default()
            };
            let page = Page {
                after: None,
                limit: PAST,
            };
            let rows = self.store().recoveries(&filter, page).await;
            let ids: Vec<RecoveryId> = rows
                .map_err(errors::store)?
                .iter()
                .map(|row| row.id)
                .collect();
            logs = self.store().logs(&ids).await.map_err(errors::store)?;
        }
        let checks = site.checks.iter().map(|one| CheckView {
            name: one.planned.name,
            kind: one.planned.kind,
            when: one.planned.when,
            what: one.what.clone(),
            limit_s: one.planned.limit_s,
            every_s: one.planned.every_s,
            last: last(&logs, one.planned.name),
        });
        Ok(checks.collect())
    }
}

/// The newest outcome for good; a try that is made again is none.
fn last(logs: &[(RecoveryId, Vec<Event>)], name: CheckName) -> Option<CheckOutcome> {
    let all = logs
        .iter()
        .flat_map(|(id, events)| events.iter().map(|event| (*id, event)));
    all.filter_map(|(recovery, event)| {
        let (step, passed, text) = match &event.what {
            What::StepSucceeded { step, evidence, .. } => (*step, true, &evidence.text),
            What::StepFailed {
                step,
                reason,
                retry_at: None,
                ..
            } => (*step, false, reason),
            _ => return None,
        };
        let ours = matches!(step, StepKind::Check(_, one) if one == name);
        ours.then(|| CheckOutcome {
            recovery,
            at: event.at,
            passed,
            text: text.clone(),
        })
    })
    .max_by_key(|outcome| (outcome.at, outcome.recovery.0))
}
