//! `confirm_down`: two independent signals must agree before power is used.

use super::{
    Class, Facts, Finding, Mark, Move, StepKind, Verdict, failed, same_node, says, succeeded,
};
use crate::event::What;
use crate::plan::Exit;
use crate::recovery::Recovery;
use crate::trigger::Trigger;
use crate::world::{MachineFacts, MachineState, NodeFacts, Reading, Ready};
use jiff::{SignedDuration, Timestamp};

/// How long a lease of a node lasts without being renewed (Kubernetes' `nodeLeaseDurationSeconds`).
const LEASE: SignedDuration = SignedDuration::from_secs(40);

pub(super) fn confirm(recovery: &Recovery, facts: &Facts, now: Timestamp) -> Verdict {
    let step = StepKind::ConfirmDown;
    let node = match same_node(recovery, step, facts) {
        Ok(node) => node,
        Err(verdict) => return verdict,
    };
    let machine = match &facts.machine {
        Reading::Seen(machine) => machine,
        Reading::Absent => {
            return failed(
                step,
                Class::NotFound,
                format!("the cloud has no machine for {}", node.name),
            );
        }
        Reading::Unreadable(why) => {
            return Verdict::NotYet(format!("the cloud cannot be read: {why}"));
        }
    };
    match machine.state {
        MachineState::Off | MachineState::Starting if speaks(recovery, node, now) => {
            Verdict::NotYet(format!(
                "the machine {} is {} but the lease of {} was renewed just now: they may not belong together",
                machine.id,
                machine.state.word(),
                node.name
            ))
        }
        MachineState::Off | MachineState::Starting => {
            let machine_id = machine.id.clone();
            let mut evidence = says(format!(
                "machine {} ({}), node {}",
                machine.state.word(),
                machine.detail,
                ready_words(node)
            ));
            evidence.lines = vec![
                machine_line(machine, Mark::Good),
                node_line(
                    node,
                    if node.ready == Ready::True {
                        Mark::Ignored
                    } else {
                        Mark::Good
                    },
                ),
            ];
            evidence.machine = Some(machine_id);
            evidence.purpose.clone_from(&machine.purpose);
            succeeded(step, evidence)
        }
        MachineState::Stopping => {
            Verdict::NotYet(format!("the machine is still {}", machine.detail))
        }
        MachineState::Error | MachineState::Other => failed(
            step,
            Class::Disagree,
            format!("the machine is {}: a start cannot help", machine.detail),
        ),
        MachineState::On => running(recovery, node, machine),
    }
}

/// The machine runs: either nothing is wrong, or a start cannot help.
fn running(recovery: &Recovery, node: &NodeFacts, machine: &MachineFacts) -> Verdict {
    let step = StepKind::ConfirmDown;
    if node.ready != Ready::True {
        return failed(
            step,
            Class::Disagree,
            format!(
                "the machine is running but {} is {}: a start cannot help",
                node.name,
                ready_words(node)
            ),
        );
    }
    // Ready alone lags by up to 50 s; a lease renewed after the alarm does not.
    if !lease_lives(recovery, node) {
        return Verdict::NotYet(format!(
            "{} is Ready and its machine runs, but its lease was not renewed since the alarm",
            node.name
        ));
    }
    let mut evidence = says(format!(
        "{} is Ready, its lease was renewed after the alarm, its machine runs",
        node.name
    ));
    evidence.lines = vec![
        machine_line(machine, Mark::Good),
        node_line(node, Mark::Good),
    ];
    // Whoever retries knows that it was down: what came back since is checked before it takes pods again.
    let exit = match recovery.plan.trigger.retry_of() {
        Some(_) => Exit::SelfHealed,
        None => Exit::FalseAlarm,
    };
    Verdict::go(Move::Append(What::StepSucceeded {
        step,
        evidence,
        exit: Some(exit),
    }))
}

/// Whether somebody renewed the node's lease after the alarm, or after a person asked.
fn lease_lives(recovery: &Recovery, node: &NodeFacts) -> bool {
    let since = match &recovery.plan.trigger {
        Trigger::Alarm { starts_at, .. } => (*starts_at).max(recovery.started_at),
        Trigger::Person { .. } => recovery.started_at,
    };
    node.lease_renewed.is_some_and(|renewed| renewed > since)
}

/// Whether its kubelet still speaks: it did after the alarm, and not longer ago than a lease lasts.
fn speaks(recovery: &Recovery, node: &NodeFacts, now: Timestamp) -> bool {
    let lasts = node.lease_renewed.is_some_and(|at| now < at + LEASE);
    lasts && lease_lives(recovery, node)
}

fn ready_words(node: &NodeFacts) -> String {
    let since = crate::moment::clock(node.ready_since);
    match node.ready {
        Ready::True => format!("Ready since {since}"),
        Ready::False => format!("not Ready since {since}"),
        Ready::Unknown => format!("silent since {since}"),
    }
}

fn machine_line(machine: &MachineFacts, mark: Mark) -> Finding {
    Finding {
        mark,
        text: match &machine.group {
            Some(group) => format!(
                "machine {}: {} ({})",
                machine.id, machine.detail, group.name
            ),
            None => format!("machine {}: {}", machine.id, machine.detail),
        },
    }
}

fn node_line(node: &NodeFacts, mark: Mark) -> Finding {
    let lease = node.lease_renewed.map_or_else(
        || "no lease".to_owned(),
        |at| format!("lease renewed {at:.0}"),
    );
    Finding {
        mark,
        text: format!("node {}: {}, {lease}", node.name, ready_words(node)),
    }
}
