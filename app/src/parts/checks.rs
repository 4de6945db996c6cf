//! The health of a cluster as single checks: what was found, what would be right, and since when.

use super::time::long;
use crate::desk::views::NodeView;
use domain::health::{Health, Verdict};
use jiff::Timestamp;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// Somebody should do something.
    Failing,
    /// Not as it should be, but known or wanted.
    Warning,
    /// As it should be.
    Passing,
}

/// One check.
#[derive(Debug, Clone)]
pub struct Check {
    /// What is looked at.
    pub name: &'static str,
    /// How it came out.
    pub grade: Grade,
    /// What was found.
    pub value: String,
    /// What would be right.
    pub limit: String,
    /// Since when it is so.
    pub since: Option<Timestamp>,
    /// Each thing that is not well, in words.
    pub details: Vec<String>,
}

/// Seconds after which a check is left without an answer.
const LIMIT_S: i64 = 8;

/// All checks, in the order of what they mean to people; nodes are those just read with their machines.
pub fn of(health: &Health, nodes: Option<&[NodeView]>) -> Vec<Check> {
    // Of what nobody has seen nothing passes.
    if health.blind_since.is_some() && health.nodes.total == 0 {
        return vec![answers(health)];
    }
    let mut all = vec![
        answers(health),
        ready(health),
        pinned(health),
        pods(health),
        workloads(health),
        cordons(health),
    ];
    all.extend(pressure(health, nodes));
    all.extend(machines(nodes));
    all
}

const fn grade(bad: bool) -> Grade {
    if bad { Grade::Failing } else { Grade::Passing }
}

fn answers(of: &Health) -> Check {
    let blind = of.verdict == Verdict::Blind;
    Check {
        name: "Cluster answers",
        grade: grade(blind),
        value: if blind { "No answer" } else { "Read in full" }.to_owned(),
        limit: format!("within {}", long(LIMIT_S)),
        since: of.blind_since,
        // The headline says why.
        details: Vec::new(),
    }
}

fn ready(of: &Health) -> Check {
    let down: Vec<_> = of
        .sick
        .iter()
        .filter(|one| !is_pressure(&one.what) && !only_cordoned(&one.what))
        .collect();
    Check {
        name: "Nodes Ready",
        grade: grade(of.nodes.ready < of.nodes.total),
        value: format!("{} of {}", of.nodes.ready, of.nodes.total),
        limit: "all".to_owned(),
        since: down.iter().filter_map(|one| one.since).min(),
        details: down
            .iter()
            .map(|one| format!("{}: {}", one.name, one.what))
            .collect(),
    }
}

fn pinned(of: &Health) -> Check {
    Check {
        name: "Pods tied to a dead node",
        grade: grade(!of.pinned.is_empty()),
        value: of.pinned.len().to_string(),
        limit: "0".to_owned(),
        since: None,
        details: of
            .pinned
            .iter()
            .map(|one| format!("{} can run only on {} ({})", one.pod, one.node, one.why))
            .collect(),
    }
}

fn pods(of: &Health) -> Check {
    let fresh = of.pods.broken.iter().any(|one| !one.before);
    let grade = match (of.pods.broken.is_empty(), fresh) {
        (true, _) => Grade::Passing,
        (false, true) => Grade::Failing,
        (false, false) => Grade::Warning,
    };
    let detail = |one: &domain::health::BrokenPod| {
        let place = one
            .node
            .as_ref()
            .map_or_else(|| "on no node".to_owned(), |node| format!("on {node}"));
        let before = if one.before { ", known before" } else { "" };
        format!("{}: {}, {place}{before}", one.pod, one.reason)
    };
    Check {
        name: "Pods running",
        grade,
        value: format!("{} of {}", of.pods.running, of.pods.total),
        limit: "all".to_owned(),
        since: of
            .pods
            .broken
            .iter()
            .filter(|one| !fresh || !one.before)
            .map(|one| one.since)
            .min(),
        details: of.pods.broken.iter().map(detail).collect(),
    }
}

fn workloads(of: &Health) -> Check {
    // What was short long before spoils no verdict, and fails nothing here.
    let gone = of.verdict != Verdict::Healthy && of.workloads.iter().any(|one| one.ready == 0);
    let grade = match (of.workloads.is_empty(), gone) {
        (true, _) => Grade::Passing,
        (false, true) => Grade::Failing,
        (false, false) => Grade::Warning,
    };
    Check {
        name: "Workloads short of pods",
        grade,
        value: of.workloads.len().to_string(),
        limit: "0".to_owned(),
        since: None,
        details: of
            .workloads
            .iter()
            .map(|one| {
                format!(
                    "{}: {} of {} pods Ready",
                    one.workload, one.ready, one.desired
                )
            })
            .collect(),
    }
}

fn cordons(of: &Health) -> Check {
    let held = of.sick.iter().filter(|one| one.what.contains("cordoned"));
    Check {
        name: "Cordoned nodes",
        grade: if of.nodes.cordoned > 0 {
            Grade::Warning
        } else {
            Grade::Passing
        },
        value: of.nodes.cordoned.to_string(),
        limit: "0".to_owned(),
        since: held.clone().filter_map(|one| one.since).min(),
        details: held
            .map(|one| format!("{}: {}", one.name, one.what))
            .collect(),
    }
}

fn pressure(of: &Health, nodes: Option<&[NodeView]>) -> Option<Check> {
    nodes?;
    let under: Vec<_> = of
        .sick
        .iter()
        .filter(|one| is_pressure(&one.what))
        .collect();
    Some(Check {
        name: "Nodes under pressure",
        grade: grade(!under.is_empty()),
        value: under.len().to_string(),
        limit: "0".to_owned(),
        since: None,
        details: under
            .iter()
            .map(|one| format!("{}: {}", one.name, one.what))
            .collect(),
    })
}

/// Whether the cloud told the power state of every machine; a list of hundreds is not read one by one.
fn machines(nodes: Option<&[NodeView]>) -> Option<Check> {
    let nodes = nodes?;
    let silent: Vec<&NodeView> = nodes
        .iter()
        .filter(|one| one.machine_state == "unknown")
        .collect();
    let off = nodes
        .iter()
        .filter(|one| one.machine_state == "off")
        .count();
    let value = if silent.len() == nodes.len() {
        "No answer".to_owned()
    } else if off > 0 {
        format!(
            "{} of {}, {off} off",
            nodes.len() - silent.len(),
            nodes.len()
        )
    } else {
        format!("{} of {}", nodes.len() - silent.len(), nodes.len())
    };
    Some(Check {
        name: "Cloud tells its machines",
        grade: if silent.is_empty() {
            Grade::Passing
        } else {
            Grade::Warning
        },
        value,
        limit: format!("all, within {}", long(LIMIT_S)),
        since: None,
        details: silent
            .iter()
            .map(|one| format!("{}: no answer", one.name))
            .collect(),
    })
}

fn is_pressure(what: &str) -> bool {
    what.contains("Pressure")
}

fn only_cordoned(what: &str) -> bool {
    what.starts_with("cordoned")
}
