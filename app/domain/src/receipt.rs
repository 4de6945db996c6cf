//! Proof of recovery: what was seen to be back, compared with what was there before.

use crate::recovery::{Recovery, Status};
use crate::step::{Finding, Mark, StepKind};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The receipt of a finished recovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Boot ID before.
    pub boot_id_before: String,
    /// Boot ID after; the same one when the machine was never restarted.
    pub boot_id_after: Option<String>,
    /// Whether the boot ID changed.
    pub boot_id_changed: bool,
    /// Seconds Ready held without a break before the node was used again.
    pub ready_held_s: Option<u32>,
    /// Pods Ready on the node now that were Ready there before.
    pub pods_back: Option<u32>,
    /// Pods Ready on the node before.
    pub pods_before: Option<u32>,
    /// When the comparison was taken; `None`: "no baseline".
    pub baseline_at: Option<Timestamp>,
    /// In words: `no baseline`, or the comparison.
    pub baseline: String,
    /// Findings of the checks.
    pub findings: Vec<Finding>,
    /// Seconds from the alarm or tap to the end.
    pub took_s: u32,
}

/// The receipt of a recovery at its end.
pub fn of(recovery: &Recovery, now: Timestamp) -> Receipt {
    let ready = recovery.step(StepKind::WaitReady);
    let workload = recovery.step(StepKind::CheckWorkload);
    let after = ready.evidence.boot_id.clone();
    let held = ready
        .ready
        .zip(ready.ended_at)
        .map(|((_, seen), end)| whole_seconds(seen, end));
    let bad = |text: &str| {
        workload
            .evidence
            .lines
            .iter()
            .any(|line| line.mark != Mark::Good && line.text.starts_with(text))
    };
    let (pods_before, pods_back) = match &recovery.plan.baseline {
        Some(baseline) => {
            let missing = baseline.pods.iter().filter(|(pod, _)| bad(pod)).count();
            (
                Some(count(baseline.pods.len())),
                Some(count(baseline.pods.len() - missing)),
            )
        }
        None => (None, None),
    };
    let baseline = match (&recovery.plan.baseline, pods_back, pods_before) {
        (Some(kept), Some(back), Some(before)) => format!(
            "{back} of {before} pods back, compared with {}",
            crate::moment::clock(kept.taken_at)
        ),
        _ => "no baseline".to_owned(),
    };
    let built_in = [StepKind::CheckNode, StepKind::CheckWorkload]
        .into_iter()
        .flat_map(|step| recovery.step(step).evidence.lines.clone());
    let findings = built_in.chain(team(recovery)).collect();
    Receipt {
        boot_id_before: recovery.plan.boot_id.clone(),
        boot_id_changed: after
            .as_ref()
            .is_some_and(|after| *after != recovery.plan.boot_id),
        boot_id_after: after,
        ready_held_s: held,
        pods_back,
        pods_before,
        baseline_at: recovery
            .plan
            .baseline
            .as_ref()
            .map(|baseline| baseline.taken_at),
        baseline,
        findings,
        took_s: whole_seconds(recovery.started_at, now),
    }
}

/// What the checks of the team saw, in the plan's order.
fn team(recovery: &Recovery) -> impl Iterator<Item = Finding> {
    let steps = recovery.plan.steps.iter().map(|planned| planned.step);
    let checks = steps.filter(|step| matches!(step, StepKind::Check(..)));
    checks
        .map(|step| (step, recovery.step(step)))
        .filter(|(_, progress)| progress.status == Status::Succeeded)
        .map(|(step, progress)| Finding {
            mark: Mark::Good,
            text: format!("{}: {}", step.title(), progress.evidence.text),
        })
}

fn whole_seconds(from: Timestamp, to: Timestamp) -> u32 {
    u32::try_from(to.duration_since(from).as_secs()).unwrap_or(0)
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
