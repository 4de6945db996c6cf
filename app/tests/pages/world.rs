//! The hostile world: one cluster, one node, one recovery, one rule, one alarm.

use crate::desk::Fake;
use app::desk::views::{AlarmView, CheckOutcome, CheckView, NodeView, RecoveryItem, Totals};
use domain::access::{Person, Role};
use domain::check::{CheckKind, CheckName, When};
use domain::health::{
    BrokenPod, Health, NodeCounts, Pinned, Pods, ShortWorkload, SickNode, Verdict,
};
use domain::id::{AlarmId, ClusterName, NodeName, PersonName, RecoveryId, RuleId, SourceName};
use domain::impact::{Moment, Sample};
use domain::receipt::Receipt;
use domain::recovery::State;
use domain::rule::{Mode, Rule, Silence, shipped};
use domain::step::{Finding, Mark, StepKind};
use domain::timeline::waterfall::{Bar, Kind, Of, Part};
use domain::timeline::{
    ChatWord, Downtime, Line, Look, Milestone, StepLine, Timeline, Took, Usual, Waterfall,
};
use domain::trigger::{Actor, Trigger};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Text that would break out of every element and attribute if it were written as it is.
pub const HOSTILE: &str =
    "</textarea></title></style></script><script>alert(1)</script>\" onload=\"x' <b>&amp;";

pub fn at(seconds: i64) -> Timestamp {
    "2026-11-22T09:41:07Z".parse::<Timestamp>().expect("valid") + SignedDuration::from_secs(seconds)
}

pub fn cluster() -> ClusterName {
    ClusterName::parse("prod").expect("valid")
}

pub fn node() -> NodeName {
    NodeName::parse("node-12").expect("valid")
}

pub fn person(role: Role) -> Person {
    Person {
        name: PersonName::parse("M. <Ito>").expect("valid"),
        role,
        door: domain::access::Door::Page,
    }
}

pub fn rule() -> Rule {
    let mut draft = shipped(Mode::Ask);
    draft.labels = BTreeMap::from([("severity".to_owned(), HOSTILE.to_owned())]);
    draft.pattern = format!("(?P<ip>{HOSTILE})");
    Rule {
        id: RuleId(3),
        version: 2,
        draft,
    }
}

pub fn trigger() -> Trigger {
    Trigger::Alarm {
        alarm: AlarmId(7),
        source: SourceName::parse("sandbox").expect("valid"),
        text: HOSTILE.to_owned(),
        starts_at: at(-60),
        rule: RuleId(3),
        version: 2,
        mode: Mode::Ask,
        veto_s: 0,
        silence: Silence::Act,
    }
}

pub fn alarm() -> AlarmView {
    AlarmView {
        id: AlarmId(7),
        source: SourceName::parse("sandbox").expect("valid"),
        received_at: at(-50),
        starts_at: at(-60),
        text: HOSTILE.to_owned(),
        labels: BTreeMap::new(),
        disposition: "unmatched".to_owned(),
        rule_id: None,
        recovery_id: None,
        status: "firing".to_owned(),
        note: Some(HOSTILE.to_owned()),
        acknowledged_by: None,
    }
}

pub fn item(id: u64) -> RecoveryItem {
    RecoveryItem {
        id: RecoveryId(id),
        cluster: cluster(),
        node: node(),
        state: State::Recovered,
        outcome: None,
        trigger: trigger(),
        started_at: at(-90_000 - id as i64 * 1000),
        ended_at: Some(at(-89_800 - id as i64 * 1000)),
        headline: format!("node-12 is Ready again. {HOSTILE}"),
        needs: None,
        facts: "nab.wnone.a11-recovered".to_owned(),
    }
}

pub fn health() -> Health {
    Health {
        cluster: cluster(),
        verdict: Verdict::Down,
        sentence: "Down: node-12 is down.".to_owned(),
        nodes: NodeCounts {
            ready: 11,
            total: 12,
            cordoned: 1,
        },
        sick: vec![SickNode {
            name: node(),
            what: HOSTILE.to_owned(),
            since: Some(at(-240)),
        }],
        pods: Pods {
            running: 81,
            total: 84,
            broken: (0..14)
                .map(|n| BrokenPod {
                    pod: format!("shop/web-{n}"),
                    node: None,
                    reason: HOSTILE.to_owned(),
                    since: at(-100),
                    before: n == 0,
                })
                .collect(),
        },
        workloads: vec![ShortWorkload {
            workload: "Deployment shop/web".to_owned(),
            ready: 5,
            desired: 6,
        }],
        pinned: vec![Pinned {
            pod: "db/mysql-0".to_owned(),
            node: node(),
            why: "node affinity".to_owned(),
        }],
        seen_at: at(-4),
        blind_since: None,
    }
}

pub fn check() -> CheckView {
    CheckView {
        name: CheckName::parse("shop").expect("valid"),
        kind: CheckKind::Http,
        when: When::Workload,
        what: HOSTILE.to_owned(),
        limit_s: 120,
        every_s: 5,
        last: Some(CheckOutcome {
            recovery: RecoveryId(11),
            at: at(-40),
            passed: false,
            text: HOSTILE.to_owned(),
        }),
    }
}

/// What people felt: well, worse, not measured, well again.
pub fn impact() -> Vec<Sample> {
    let figures = [Some(1.0), Some(0.5), None, Some(1.0)];
    (0..)
        .zip(figures)
        .map(|(n, value)| Sample {
            moment: Moment {
                n,
                at: at(-60 + i64::from(n) * 20),
                of: HOSTILE.to_owned(),
            },
            what: HOSTILE.to_owned(),
            value,
            why: value.is_none().then(|| HOSTILE.to_owned()),
        })
        .collect()
}

pub fn node_view() -> NodeView {
    NodeView {
        cluster: cluster(),
        name: node(),
        uid: "u-12".to_owned(),
        internal_ip: Some("10.0.0.12".to_owned()),
        ready: false,
        ready_text: "NotReady since 09:37".to_owned(),
        cordoned: true,
        cordon_owner: Some("recovery #12".to_owned()),
        cordon_recovery: Some(RecoveryId(12)),
        machine_state: "off".to_owned(),
        roles: vec!["worker".to_owned()],
        zone: Some("b".to_owned()),
        host: Some("rack-2".to_owned()),
    }
}

impl Fake {
    pub fn timeline(&self) -> Timeline {
        let steps = StepKind::BUILT_IN
            .into_iter()
            .enumerate()
            .map(|(n, step)| StepLine {
                step,
                look: [Look::Done, Look::Done, Look::Active, Look::Pending][n.min(3)],
                started_at: (n < 3).then(|| at(-50 + n as i64 * 10)),
                ended_at: (n < 2).then(|| at(-42 + n as i64 * 10)),
                text: HOSTILE.to_owned(),
                output: Some(HOSTILE.to_owned()),
                findings: vec![Finding {
                    mark: Mark::Good,
                    text: HOSTILE.to_owned(),
                }],
                attempts: n as u32,
            })
            .collect();
        let line = |n, title: &str| Line {
            n,
            at: at(-50 + i64::from(n)),
            happened_at: (n == 2).then(|| at(-70)),
            actor: Actor::Uncordon,
            look: Look::Done,
            title: title.to_owned(),
            text: HOSTILE.to_owned(),
            kind: if n == 2 { "noted" } else { "planned" }.to_owned(),
            starred: n < 3,
        };
        Timeline {
            id: RecoveryId(12),
            cluster: cluster(),
            node: node(),
            ip: Some("10.0.0.12".to_owned()),
            state: self.state,
            outcome: None,
            trigger: trigger(),
            headline: "node-12 is down: its machine is off. It waits for your yes.".to_owned(),
            facts: "nab.wnone.a12-asks".to_owned(),
            human: Some(HOSTILE.to_owned()),
            asked_until: Some(at(3000)),
            veto_until: self.veto.then(|| at(40)),
            silence: Silence::Act,
            snapshot: Some(crate::guards::snapshot()),
            grace_until: Some(at(4)),
            started_at: at(-50),
            ended_at: None,
            warnings: self.warnings.clone(),
            steps,
            lines: vec![line(1, "Planned"), line(2, "Cordoned"), line(3, "Asked")],
            receipt: (self.state == State::Recovered).then(|| Receipt {
                boot_id_before: "a".to_owned(),
                boot_id_after: Some("b".to_owned()),
                boot_id_changed: true,
                ready_held_s: Some(10),
                pods_back: Some(7),
                pods_before: Some(7),
                baseline_at: Some(at(-120)),
                baseline: "7 of 7 pods back, compared with 09:39".to_owned(),
                findings: vec![Finding {
                    mark: Mark::Good,
                    text: HOSTILE.to_owned(),
                }],
                took_s: 161,
            }),
            can: self.can.clone(),
            summary: format!("node-12 has been down 1:50 so far. {HOSTILE}"),
            down: Downtime {
                from: at(-110),
                to: None,
            },
            milestones: milestones(),
            waterfall: waterfall(),
            unread: self.unread,
            waits_for: (self.state == State::Running).then(|| HOSTILE.to_owned()),
            impact: if self.empty { Vec::new() } else { impact() },
            words: if self.empty { Vec::new() } else { vec![word()] },
        }
    }
}

fn word() -> ChatWord {
    ChatWord {
        at: at(-80),
        chat: "ops".to_owned(),
        room: HOSTILE.to_owned(),
        message: "1790000000.000100".to_owned(),
        answers: Some(HOSTILE.to_owned()),
        text: HOSTILE.to_owned(),
    }
}

/// What past recoveries took: 40 s a step, 2:20 in all.
pub fn usual(empty: bool) -> Usual {
    if empty {
        return Usual::default();
    }
    let took = |seconds| Took { seconds, of: 5 };
    Usual {
        steps: StepKind::BUILT_IN
            .into_iter()
            .map(|step| (step, took(40)))
            .collect(),
        whole: Some(took(140)),
    }
}

fn milestones() -> Vec<Milestone> {
    let one = |title: &str, at: Option<Timestamp>| Milestone {
        title: title.to_owned(),
        at,
        look: if at.is_some() {
            Look::Done
        } else {
            Look::Pending
        },
        text: HOSTILE.to_owned(),
    };
    vec![
        one("Detected", Some(at(-110))),
        one("Acknowledged", Some(at(-50))),
        one("Decided", None),
    ]
}

/// A wait, a try that failed, a gap, and a try that goes on.
fn waterfall() -> Waterfall {
    let part = |kind, from: i64, to: i64| Part {
        kind,
        from: at(from),
        to: at(to),
    };
    let bar = |of, title: &str, look, parts: Vec<Part>| Bar {
        of,
        title: title.to_owned(),
        look,
        from: parts[0].from,
        to: parts[parts.len() - 1].to,
        parts,
        text: HOSTILE.to_owned(),
        known: vec![("Provider answer".to_owned(), HOSTILE.to_owned())],
        critical: true,
    };
    let step = |attempt| Of::Step(StepKind::StartMachine, attempt);
    Waterfall {
        begin: at(-110),
        looked_at: at(-50),
        end: at(0),
        live: true,
        bars: vec![
            bar(
                Of::Before,
                "Alarm to first look",
                Look::Note,
                vec![part(Kind::Waiting, -110, -50)],
            ),
            bar(
                step(1),
                "Start the machine, try 1 failed",
                Look::Failed,
                vec![part(Kind::Queued, -50, -40), part(Kind::Failed, -40, -30)],
            ),
            bar(
                Of::Gap,
                "Unaccounted",
                Look::Note,
                vec![part(Kind::Gap, -30, -20)],
            ),
            bar(
                step(2),
                "Start the machine, try 2",
                Look::Active,
                vec![part(Kind::Running, -20, 0)],
            ),
        ],
    }
}

/// Three that are shown of fifteen.
pub fn totals(empty: bool) -> Totals {
    Totals {
        found: if empty { 0 } else { 3 },
        all: 15,
        failed: 1,
        automatic: 2,
        median_s: Some(140),
        newest: Some(at(-101_000)),
    }
}
