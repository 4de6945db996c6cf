//! Plays a run, and keeps what the world saw and what people did.

use super::{Op, Run};
use crate::{House, alarm, limits, pass, person};
use domain::alarm::{NewAlarm, Status};
use domain::guard::{Gate, Guards, Switch};
use domain::recovery::{Recovery, State};
use domain::rule::{Draft, Mode, Silence, shipped};
use domain::world::Cordon;
use engine::fakes::{Death, Entry, Fleet, Outage};
use engine::orders::Start;
use engine::ports::SwitchRow;
use jiff::Timestamp;

/// Seconds of the veto window.
pub(super) const VETO_S: u32 = 15;
const MODES: [Switch; 3] = [Switch::Run, Switch::Pause, Switch::Freeze];

/// What the judge is shown.
pub(super) struct Seen {
    /// Nodes of the cluster, and zones they are dealt to.
    pub nodes: usize,
    pub zones: usize,
    /// Limits, each since when.
    pub guards: Vec<(Timestamp, Guards)>,
    /// Whether the rule only asks.
    pub asks: bool,
    /// The control plane, if there is one apart.
    pub control: Option<usize>,
    /// What was done outside.
    pub ledger: Vec<Entry>,
    /// What was without power, and when.
    pub outages: Vec<Outage>,
    /// What happened, when, to which node.
    pub acts: Vec<(Timestamp, Op, usize)>,
    /// Processes that cannot have died before the next one began: from when to when.
    pub lives: Vec<(Timestamp, Timestamp)>,
    /// Modes of the switch, each since when.
    pub switches: Vec<(Timestamp, Switch)>,
    /// Times at which a person closed the breaker.
    pub closed: Vec<Timestamp>,
    /// Recoveries at the end.
    pub recoveries: Vec<Recovery>,
    /// Cordons at the end.
    pub cordons: Vec<Cordon>,
}

/// Limits as three configurations have them; times are short, so that hours fit into a run.
fn guards(number: usize) -> Guards {
    let short = Guards {
        cool_down_s: 120,
        confirm_s: 60,
        start_s: 60,
        capacity_s: 120,
        ready_s: 120,
        check_node_s: 60,
        check_workload_s: 60,
        small_step_s: 60,
        approval_s: 600,
        storm_calm_s: 60,
        new_node_s: 30,
        ..limits()
    };
    match number {
        0 => short,
        1 => Guards {
            starts_per_hour: 2,
            cordon_percent: 50,
            storm_percent: 50,
            flap_max: 2,
            ..short
        },
        _ => Guards {
            acting_per_cluster: 3,
            acting_per_zone: 1,
            cordon_max: 2,
            cordon_percent: 100,
            storm_nodes: 0,
            alarm_ttl_s: 120,
            ..short
        },
    }
}

fn rule(number: usize) -> Draft {
    let mut draft = shipped(if number == 1 { Mode::Ask } else { Mode::Auto });
    match number {
        2 => (draft.veto_s, draft.silence) = (VETO_S, Silence::Act),
        3 => (draft.veto_s, draft.silence) = (VETO_S, Silence::Ask),
        _ => {}
    }
    draft
}

/// Plays it in virtual time.
pub(super) fn play(run: &Run) -> Seen {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    runtime.block_on(Stage::play(run))
}

struct Stage {
    house: House,
    asks: bool,
    control: Option<usize>,
    nodes: usize,
    zones: usize,
    acts: Vec<(Timestamp, Op, usize)>,
    guards: Vec<(Timestamp, Guards)>,
    lives: Vec<(Timestamp, Timestamp)>,
    born: Option<Timestamp>,
    switches: Vec<(Timestamp, Switch)>,
    closed: Vec<Timestamp>,
}

impl Stage {
    async fn play(run: &Run) -> Seen {
        let fleet = Fleet::new(run.nodes, run.zones);
        // In a larger cluster the last node of those that things happen to carries the control plane.
        let control = (run.nodes >= 5).then_some(5);
        if let Some(number) = control {
            fleet.change(number, |node| node.control = true);
        }
        let house = House::new(fleet, guards(run.guards), rule(run.rule)).await;
        let began = house.engine.now();
        let mut stage = Self {
            asks: run.rule == 1 || run.rule == 3,
            control,
            nodes: run.nodes,
            zones: run.zones,
            acts: Vec::new(),
            guards: vec![(began, guards(run.guards))],
            lives: Vec::new(),
            born: Some(began),
            switches: Vec::new(),
            closed: Vec::new(),
            house,
        };
        pass(2).await;
        for (pause, op) in &run.ops {
            pass(*pause).await;
            stage.act(*op).await;
        }
        for op in [
            Op::Restart(run.guards),
            Op::Switch(0),
            Op::Unreadable(false),
        ] {
            stage.act(op).await;
        }
        stage.rest().await;
        stage.seen()
    }

    /// Time goes by until nothing moves any more, for at most three hours.
    async fn rest(&self) {
        let moves = |one: &Recovery| {
            let storm = matches!(&one.hold, Some(hold) if matches!(hold.gate, Gate::Storm(_)));
            matches!(one.state(), State::Running | State::Waiting) && !storm
        };
        for _ in 0..540 {
            pass(20).await;
            if !self.house.all().iter().any(moves) {
                return;
            }
        }
    }

    fn seen(mut self) -> Seen {
        let now = self.house.engine.now();
        self.lives.extend(self.born.map(|from| (from, now)));
        Seen {
            nodes: self.nodes,
            zones: self.zones,
            guards: self.guards,
            asks: self.asks,
            control: self.control,
            ledger: self.house.fleet.ledger(),
            outages: self.house.fleet.outages(),
            acts: self.acts,
            lives: self.lives,
            switches: self.switches,
            closed: self.closed,
            recoveries: self.house.all(),
            cordons: (1..=self.nodes)
                .map(|number| self.house.fleet.cordon(number))
                .collect(),
        }
    }

    /// The node an operation means.
    fn node(&self, number: usize) -> usize {
        number % self.nodes + 1
    }

    async fn act(&mut self, op: Op) {
        let node = match op {
            Op::Incident(n)
            | Op::Fail(n)
            | Op::Alarm(n)
            | Op::Resolve(n)
            | Op::Heal(n)
            | Op::Break(n)
            | Op::Deafen(n)
            | Op::Taint(n)
            | Op::Exclude(n)
            | Op::Replace(n)
            | Op::Cordon(n)
            | Op::Uncordon(n)
            | Op::Start(n)
            | Op::Approve(n)
            | Op::Stop(n)
            | Op::Acknowledge(n) => self.node(n),
            Op::Storm(_)
            | Op::HealAll
            | Op::Switch(_)
            | Op::Close
            | Op::Unreadable(_)
            | Op::Restart(_)
            | Op::Die(..) => 0,
        };
        self.acts.push((self.house.engine.now(), op, node));
        match op {
            Op::Start(_)
            | Op::Approve(_)
            | Op::Stop(_)
            | Op::Acknowledge(_)
            | Op::Switch(_)
            | Op::Close => {
                // A dead process answers nobody; the tap is lost, as it is on a phone.
                let order = self.order(op, node);
                let answer = tokio::time::timeout(std::time::Duration::from_millis(1), order);
                let taken = answer.await == Ok(true);
                let now = self.house.engine.now();
                match op {
                    Op::Close if taken => self.closed.push(now),
                    Op::Switch(number) if taken => self.switches.push((now, MODES[number])),
                    _ => {}
                }
            }
            Op::Restart(number) => self.restart(guards(number), None).await,
            Op::Die(n, before) => {
                let death = if before {
                    Death::Before(n)
                } else {
                    Death::After(n)
                };
                let same = self.house.guards.clone();
                self.restart(same, Some(death)).await;
            }
            Op::Incident(_) | Op::Alarm(_) | Op::Resolve(_) => {
                if matches!(op, Op::Incident(_)) {
                    self.house.fleet.fail(node);
                }
                let status = match op {
                    Op::Resolve(_) => Status::Resolved,
                    _ => Status::Firing,
                };
                let sent = NewAlarm {
                    status,
                    ..alarm(&Fleet::text(node))
                };
                let accepted = self.house.engine.accept(vec![sent]);
                let _ = tokio::time::timeout(std::time::Duration::from_millis(1), accepted).await;
            }
            _ => self.befall(op, node),
        }
    }

    /// What people do; whether it was taken.
    async fn order(&self, op: Op, node: usize) -> bool {
        let (engine, who) = (&self.house.engine, person());
        let held = self.house.of(node).filter(Recovery::holds_slot);
        match (op, held) {
            (Op::Start(_), _) => {
                let start = Start {
                    target: self.house.fleet.target(node),
                    confirmed: true,
                    reason: None,
                    retry_of: None,
                };
                engine.order_start(&who, start).await.is_ok()
            }
            (Op::Approve(_), Some(one)) => engine.order_approve(&who, one.id, true).await.is_ok(),
            (Op::Stop(_), Some(one)) => engine.order_stop(&who, one.id, None).await.is_ok(),
            (Op::Acknowledge(_), Some(one)) => {
                one.state() == State::NeedsHuman
                    && engine.order_acknowledge(&who, one.id).await.is_ok()
            }
            (Op::Switch(number), _) => {
                let row = SwitchRow {
                    cluster: None,
                    mode: MODES[number],
                    set_by: who.name.clone(),
                    set_at: engine.now(),
                    reason: Some("a run".to_owned()),
                    in_flight: None,
                };
                engine.throw_switch(row).await.is_ok()
            }
            (Op::Close, _) => {
                let cluster = self.house.fleet.target(1).cluster;
                engine
                    .order_close_breaker(&who, &cluster, "seen")
                    .await
                    .is_ok()
            }
            _ => false,
        }
    }

    async fn restart(&mut self, next: Guards, death: Option<Death>) {
        let now = self.house.engine.now();
        self.lives.extend(self.born.map(|from| (from, now)));
        // When a process that may die really does is not known.
        self.born = death.is_none().then_some(now);
        self.guards.push((now, next.clone()));
        self.house.guards = next;
        let reborn = self.house.restart(death);
        // It may die while it begins.
        let _ = tokio::time::timeout(std::time::Duration::from_millis(1), reborn).await;
    }

    fn befall(&self, op: Op, node: usize) {
        let (fleet, now) = (&self.house.fleet, self.house.engine.now());
        match op {
            Op::Fail(_) => fleet.fail(node),
            Op::Storm(count) => (1..=count.min(self.nodes)).for_each(|one| fleet.fail(one)),
            Op::Heal(_) => heal(fleet, node),
            Op::HealAll => (1..=self.nodes.min(6)).for_each(|one| heal(fleet, one)),
            Op::Break(_) => fleet.change(node, |one| one.broken = true),
            Op::Deafen(_) => fleet.change(node, |one| one.deaf = true),
            Op::Taint(_) => fleet.change(node, |one| {
                one.taints =
                    vec!["node.cloudprovider.kubernetes.io/shutdown:NoSchedule".to_owned()];
            }),
            Op::Exclude(_) => fleet.change(node, |one| one.excluded = true),
            Op::Replace(_) => fleet.change(node, |one| {
                one.created_at = now;
                one.uid.push('x');
                one.provider.push('x');
                one.cordon = Cordon::Open;
            }),
            Op::Cordon(_) => fleet.change(node, |one| one.cordon = Cordon::FOREIGN),
            Op::Uncordon(_) => fleet.change(node, |one| one.cordon = Cordon::Open),
            Op::Unreadable(unreadable) => fleet.set_unreadable(unreadable),
            _ => {}
        }
    }
}

/// A machine that is on is not started twice by anybody.
fn heal(fleet: &Fleet, node: usize) {
    let off = fleet
        .outages()
        .iter()
        .any(|one| one.node == node && one.to.is_none());
    if off {
        fleet.heal(node);
    }
}
