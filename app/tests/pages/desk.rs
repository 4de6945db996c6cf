//! A desk that answers every question with the same hostile world.

use app::desk::Desk;
use app::desk::views::{
    AlarmView, ClusterCard, CommandReply, List, NodeState, NodeView, NowView, Offer, Paging,
    RecoveryFilter, RecoveryItem, RuleVersion, SettingsView, StartOrder, SwitchView, Tried,
    TriedText, TryOrder,
};
use app::error::AppError;
use async_trait::async_trait;
use domain::access::{Person, Role};
use domain::event::Event;
use domain::guard::{Guards, Switch, Warning};
use domain::health::{
    BrokenPod, Health, NodeCounts, Pinned, Pods, ShortWorkload, SickNode, Verdict,
};
use domain::id::{AlarmId, ClusterName, NodeName, PersonName, RecoveryId, RuleId, SourceName};
use domain::receipt::Receipt;
use domain::recovery::State;
use domain::rule::{Captures, Draft, Match, Mode, PatternError, Rule, shipped};
use domain::step::{Finding, Mark, StepKind};
use domain::timeline::{Can, Line, Look, StepLine, Timeline};
use domain::trigger::{Actor, Trigger};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Text that would break out of every element and attribute if it were written as it is.
pub const HOSTILE: &str =
    "</textarea></title></style></script><script>alert(1)</script>\" onload=\"x' <b>&amp;";

/// What the desk says about its one recovery and its one node.
#[derive(Clone)]
pub struct Fake {
    /// State of the recovery.
    pub state: State,
    /// What may be done with it.
    pub can: Vec<Can>,
    /// What the node page offers.
    pub offer: Offer,
    /// Warnings of the recovery.
    pub warnings: Vec<Warning>,
    /// Every question is refused with this.
    pub refused: Option<AppError>,
    /// Whether the pattern is taken.
    pub fault: Option<PatternError>,
    /// The switch.
    pub switch: Switch,
    /// Nothing has happened yet.
    pub empty: bool,
}

impl Default for Fake {
    fn default() -> Self {
        Self {
            state: State::Waiting,
            can: vec![Can::Approve, Can::Stop],
            offer: Offer::Start,
            warnings: Vec::new(),
            refused: None,
            fault: None,
            switch: Switch::Run,
            empty: false,
        }
    }
}

pub fn at(seconds: i64) -> Timestamp {
    "2026-11-22T09:41:07Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(seconds)
}

pub fn cluster() -> ClusterName {
    ClusterName::parse("prod").unwrap()
}

fn node() -> NodeName {
    NodeName::parse("node-12").unwrap()
}

pub fn person(role: Role) -> Person {
    Person {
        name: PersonName::parse("M. <Ito>").unwrap(),
        role,
        door: domain::access::Door::Page,
    }
}

fn rule() -> Rule {
    let mut draft = shipped(Mode::Ask);
    draft.labels = BTreeMap::from([("severity".to_owned(), HOSTILE.to_owned())]);
    draft.pattern = format!("(?P<ip>{HOSTILE})");
    Rule {
        id: RuleId(3),
        version: 2,
        draft,
    }
}

fn trigger() -> Trigger {
    Trigger::Alarm {
        alarm: AlarmId(7),
        source: SourceName::parse("sandbox").unwrap(),
        text: HOSTILE.to_owned(),
        starts_at: at(-60),
        rule: RuleId(3),
        version: 2,
        mode: Mode::Ask,
    }
}

fn alarm() -> AlarmView {
    AlarmView {
        id: AlarmId(7),
        source: SourceName::parse("sandbox").unwrap(),
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

fn item(id: u64) -> RecoveryItem {
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
    }
}

fn health() -> Health {
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
    }
}

fn node_view() -> NodeView {
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
    fn timeline(&self) -> Timeline {
        let steps = StepKind::ALL
            .into_iter()
            .enumerate()
            .map(|(n, step)| StepLine {
                step,
                look: [Look::Done, Look::Done, Look::Active, Look::Pending][n.min(3)],
                started_at: (n < 3).then(|| at(-50 + n as i64 * 10)),
                ended_at: (n < 2).then(|| at(-42 + n as i64 * 10)),
                text: HOSTILE.to_owned(),
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
            human: Some(HOSTILE.to_owned()),
            asked_until: Some(at(3000)),
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
        }
    }

    fn answer<T>(&self, value: T) -> Result<T, AppError> {
        self.refused.clone().map_or(Ok(value), Err)
    }

    fn many<T>(&self, value: Vec<T>) -> Vec<T> {
        if self.empty { Vec::new() } else { value }
    }

    fn card(&self) -> ClusterCard {
        ClusterCard {
            name: cluster(),
            health: health(),
            switch: self.switch,
        }
    }
}

#[async_trait]
impl Desk for Fake {
    async fn now(&self, _: &Person) -> Result<NowView, AppError> {
        let waits = self.state == State::Waiting || self.state == State::NeedsHuman;
        let (needs, running) = if waits {
            (self.many(vec![self.timeline()]), Vec::new())
        } else {
            (Vec::new(), self.many(vec![self.timeline()]))
        };
        self.answer(NowView {
            at: at(0),
            needs_you: needs,
            running,
            unclear: self.many(vec![alarm()]),
            cordoned: self.many(vec![node_view()]),
            recent: self.many(vec![item(11)]),
            clusters: self.many(vec![self.card()]),
            last_alarm: Some(at(-50)),
            switch: None,
            breakable: self.many(vec![(cluster(), node())]),
        })
    }
    async fn clusters(&self, _: &Person) -> Result<Vec<ClusterCard>, AppError> {
        self.answer(self.many(vec![self.card()]))
    }
    async fn health(&self, _: &Person, _: &ClusterName) -> Result<Health, AppError> {
        self.answer(health())
    }
    async fn nodes(&self, _: &Person, _: &ClusterName) -> Result<Vec<NodeView>, AppError> {
        self.answer(self.many(vec![node_view()]))
    }
    async fn node(&self, _: &Person, _: &ClusterName, _: &NodeName) -> Result<NodeState, AppError> {
        self.answer(NodeState {
            node: node_view(),
            machine_text: "powered off (SHUTOFF)".to_owned(),
            checked_at: at(-4),
            offer: self.offer.clone(),
            pods: self.many(vec![HOSTILE.to_owned()]),
            recoveries: self.many(vec![item(11)]),
        })
    }
    async fn recoveries(
        &self,
        _: &Person,
        _: &RecoveryFilter,
        _: Paging,
    ) -> Result<List<RecoveryItem>, AppError> {
        let items = self.many(vec![item(11), item(10), item(9)]);
        self.answer(List {
            items,
            next: Some(9),
        })
    }
    async fn recovery(&self, _: &Person, _: RecoveryId) -> Result<Timeline, AppError> {
        self.answer(self.timeline())
    }
    async fn recovery_events(&self, _: &Person, _: RecoveryId) -> Result<Vec<Event>, AppError> {
        self.answer(Vec::new())
    }
    async fn report(&self, _: &Person, _: RecoveryId) -> Result<String, AppError> {
        self.answer(String::new())
    }
    async fn alarms(&self, _: &Person, _: Paging) -> Result<List<AlarmView>, AppError> {
        self.answer(List {
            items: self.many(vec![alarm()]),
            next: None,
        })
    }
    async fn alarm(&self, _: &Person, _: AlarmId) -> Result<AlarmView, AppError> {
        self.answer(alarm())
    }
    async fn rules(&self, _: &Person) -> Result<Vec<Rule>, AppError> {
        self.answer(self.many(vec![rule()]))
    }
    async fn rule(&self, _: &Person, _: RuleId) -> Result<Rule, AppError> {
        self.answer(rule())
    }
    async fn rule_versions(&self, _: &Person, _: RuleId) -> Result<Vec<RuleVersion>, AppError> {
        let old = Rule {
            version: 1,
            ..rule()
        };
        let versions = [rule(), old].map(|rule| RuleVersion {
            rule,
            author: person(Role::Admin).name,
            at: at(-4000),
        });
        self.answer(versions.to_vec())
    }
    async fn try_rule(&self, _: &Person, order: &TryOrder) -> Result<Tried, AppError> {
        let text = |text: &str| TriedText {
            text: text.to_owned(),
            found: Some(Match {
                start: 0,
                end: 11,
                captures: Captures {
                    ip: Some(HOSTILE.to_owned()),
                    ..Captures::default()
                },
            }),
            node: Some("prod/node-12".to_owned()),
            problem: None,
        };
        if let Some(error) = &self.fault {
            return Ok(Tried {
                error: Some(error.clone()),
                text: None,
                alarms: Vec::new(),
                looked_at: 0,
                matched: 0,
            });
        }
        self.answer(Tried {
            error: None,
            text: order.text.as_deref().map(text),
            alarms: vec![(alarm(), text(HOSTILE))],
            looked_at: 1204,
            matched: 37,
        })
    }
    async fn switches(&self, _: &Person) -> Result<Vec<SwitchView>, AppError> {
        Ok(vec![SwitchView {
            cluster: None,
            mode: self.switch,
            set_by: Some(person(Role::Admin).name),
            set_at: Some(at(-30)),
            reason: Some(HOSTILE.to_owned()),
        }])
    }
    async fn settings(&self, who: &Person) -> Result<SettingsView, AppError> {
        self.answer(SettingsView {
            version: "0.1.0".to_owned(),
            sandbox: true,
            speed: "10 times".to_owned(),
            you: who.name.clone(),
            role: who.role,
            guards: Guards::default(),
            switches: self.switches(who).await?,
            clusters: vec![(
                cluster(),
                "http://127.0.0.1:1".to_owned(),
                "connected".to_owned(),
            )],
            sources: vec![(
                SourceName::parse("sandbox").unwrap(),
                "/hooks/sandbox".to_owned(),
            )],
        })
    }
    async fn start(&self, _: &Person, _: &StartOrder) -> Result<RecoveryId, AppError> {
        self.answer(RecoveryId(12))
    }
    async fn approve(&self, _: &Person, _: RecoveryId, _: Option<&str>) -> Result<(), AppError> {
        self.answer(())
    }
    async fn cancel(&self, _: &Person, _: RecoveryId) -> Result<(), AppError> {
        self.answer(())
    }
    async fn stop(&self, _: &Person, _: RecoveryId, _: Option<&str>) -> Result<(), AppError> {
        self.answer(())
    }
    async fn retry(
        &self,
        _: &Person,
        _: RecoveryId,
        _: Option<&str>,
    ) -> Result<RecoveryId, AppError> {
        self.answer(RecoveryId(13))
    }
    async fn acknowledge(&self, _: &Person, _: RecoveryId) -> Result<(), AppError> {
        self.answer(())
    }
    async fn note(
        &self,
        _: &Person,
        _: RecoveryId,
        _: &str,
        _: Option<Timestamp>,
    ) -> Result<(), AppError> {
        self.answer(())
    }
    async fn acknowledge_alarm(&self, _: &Person, _: AlarmId) -> Result<(), AppError> {
        self.answer(())
    }
    async fn command(&self, _: &Person, _: &str) -> Result<CommandReply, AppError> {
        self.answer(CommandReply {
            reply: HOSTILE.to_owned(),
            recovery_id: None,
        })
    }
    async fn add_rule(&self, _: &Person, _: &Draft) -> Result<Rule, AppError> {
        self.answer(rule())
    }
    async fn change_rule(
        &self,
        _: &Person,
        _: RuleId,
        _: u32,
        _: &Draft,
    ) -> Result<Rule, AppError> {
        self.answer(rule())
    }
    async fn remove_rule(&self, _: &Person, _: RuleId) -> Result<(), AppError> {
        self.answer(())
    }
    async fn restore_rule(&self, _: &Person, _: RuleId, _: u32) -> Result<Rule, AppError> {
        self.answer(rule())
    }
    async fn set_switch(
        &self,
        _: &Person,
        _: Option<&ClusterName>,
        _: Switch,
        _: Option<&str>,
    ) -> Result<(), AppError> {
        self.answer(())
    }
    async fn break_node(&self, _: &Person, _: &ClusterName, _: &NodeName) -> Result<(), AppError> {
        self.answer(())
    }
}
