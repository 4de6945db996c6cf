//! `wait_ready`: Ready must be seen anew and then hold without a break.

use super::{Class, Facts, Move, Phase, StepKind, Verdict, failed, same_node, says, succeeded};
use crate::event::What;
use crate::recovery::{Recovery, Status, seconds};
use crate::world::{NodeFacts, Ready};
use jiff::Timestamp;

/// A lease older than this says nothing about now.
const LEASE_FRESH_S: u32 = 40;

pub(super) fn wait(recovery: &Recovery, facts: &Facts, now: Timestamp) -> Verdict {
    let step = StepKind::WaitReady;
    let node = match same_node(recovery, step, facts) {
        Ok(node) => node,
        Err(verdict) => return verdict,
    };
    let progress = recovery.step(step);
    let ready = node.ready == Ready::True && lease_is_fresh(recovery, node, now);
    match progress.ready {
        None if !ready => Verdict::NotYet(format!("{} did not become Ready", node.name)),
        None => Verdict::go(Move::Append(What::StepProgressed {
            step,
            phase: Phase::Ready {
                transition: node.ready_since,
            },
            text: format!("Ready; must hold for {} s", recovery.plan.guards.soak_s),
        })),
        Some((transition, _)) if node.ready != Ready::True || node.ready_since != transition => {
            flapped(recovery, node)
        }
        Some((_, seen)) => {
            if now < seen + seconds(recovery.plan.guards.soak_s) {
                return Verdict::go(Move::Later(
                    (seen + seconds(recovery.plan.guards.soak_s)).min(now + super::POLL),
                ));
            }
            let held = now.duration_since(seen).as_secs();
            let mut evidence = says(format!("Ready held for {held} s"));
            evidence.boot_id = Some(node.boot_id.clone());
            succeeded(step, evidence)
        }
    }
}

fn flapped(recovery: &Recovery, node: &NodeFacts) -> Verdict {
    let step = StepKind::WaitReady;
    let flaps = recovery.step(step).flaps + 1;
    if flaps > recovery.plan.guards.soak_flaps {
        return failed(
            step,
            Class::Flapping,
            format!("{} lost Ready {flaps} times after its start", node.name),
        );
    }
    Verdict::go(Move::Append(What::StepProgressed {
        step,
        phase: Phase::Flapped,
        text: format!(
            "Ready was lost; the soak begins anew ({flaps} of {} allowed)",
            recovery.plan.guards.soak_flaps
        ),
    }))
}

/// After a start of ours the lease must be newer than that start: the old Ready lingers for up to 50 s.
fn lease_is_fresh(recovery: &Recovery, node: &NodeFacts, now: Timestamp) -> bool {
    let start = recovery.step(StepKind::StartMachine);
    let after = if start.status == Status::Succeeded {
        start.started_at
    } else {
        None
    };
    node.lease_renewed.is_some_and(|renewed| {
        after.is_none_or(|after| renewed > after) && renewed + seconds(LEASE_FRESH_S) >= now
    })
}
