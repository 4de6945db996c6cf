//! Plays a story: what the engine does, over the domain's functions alone.

use crate::script::{Beat, Story, zero};
use crate::world::{World, domain_clock, prod, seconds};
use domain::access::Door;
use domain::event::{Event, What};
use domain::guard::{Guards, Scene, Switch, gate};
use domain::id::{AlarmId, PersonName, RecoveryId, RuleId, SourceName};
use domain::plan::{self, Refusal};
use domain::recovery::{Next, Recovery, State, replay, restart};
use domain::rule::pattern::{Armed, answer};
use domain::rule::{Mode, Rule, shipped};
use domain::step::{self, Move, StepKind};
use domain::target::{Known, Target, resolve};
use domain::trigger::{Actor, Trigger};
use jiff::Timestamp;

/// Where a sweep interrupts, and how.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    pub point: usize,
    pub how: How,
}

/// A way to interrupt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    Restart,
    Throw(Switch),
}

/// A recovery and its log.
pub struct Run {
    pub events: Vec<Event>,
    pub headlines: Vec<String>,
    wake: Option<Timestamp>,
}

impl Run {
    pub fn recovery(&self) -> Recovery {
        replay(&self.events).unwrap_or_else(|error| panic!("{error}: {:#?}", self.events))
    }
}

/// The product and its world.
pub struct Stage {
    pub world: World,
    pub runs: Vec<Run>,
    /// What happened without a recovery.
    pub asides: Vec<String>,
    pub rule: Mode,
    pub guards: Guards,
    pub switch: Switch,
    /// Points passed: after each event and each call.
    pub points: usize,
    /// What was done at the point of the cut.
    pub cut_at: Option<String>,
    cut: Option<Cut>,
    lift: Option<Timestamp>,
}

/// Plays a story to its end.
pub fn play(story: &Story, cut: Option<Cut>) -> Stage {
    let mut stage = Stage {
        world: World::new(zero() - seconds(300)),
        runs: Vec::new(),
        asides: Vec::new(),
        rule: Mode::Auto,
        guards: Guards::default(),
        switch: Switch::Run,
        points: 0,
        cut_at: None,
        cut,
        lift: None,
    };
    let end = zero() + seconds(6 * 3600);
    let mut beats = story.beats.iter().peekable();
    let mut now = stage.world.now;
    while now < end {
        stage.world.advance(now);
        while let Some(beat) = beats.next_if(|beat| beat.at <= now) {
            stage.beat(beat);
        }
        if stage.lift.is_some_and(|at| at <= now) {
            (stage.lift, stage.switch) = (None, Switch::Run);
        }
        (0..stage.runs.len()).for_each(|at| stage.drive(at));
        if beats.peek().is_none()
            && stage.lift.is_none()
            && stage.runs.iter().all(|run| run.wake.is_none())
        {
            break;
        }
        let warm_up = (now < zero()).then(|| now + seconds(10));
        let next = stage
            .runs
            .iter()
            .filter_map(|run| run.wake)
            .chain(beats.peek().map(|beat| beat.at))
            .chain(stage.lift)
            .chain(warm_up)
            .min();
        now = next.map_or(end, |next| next.max(now + seconds(1)));
    }
    stage
}

impl Stage {
    pub fn now(&self) -> Timestamp {
        self.world.now
    }

    pub fn aside(&mut self, text: &str) {
        self.asides
            .push(format!("{} {text}", domain_clock(self.now())));
    }

    fn scene(&self, at: Option<usize>, target: &Target) -> Scene {
        let others: Vec<Recovery> = self
            .runs
            .iter()
            .enumerate()
            .filter(|(other, _)| Some(*other) != at)
            .map(|(_, run)| run.recovery())
            .collect();
        let acting = u32::try_from(others.iter().filter(|one| one.acting()).count()).unwrap();
        let same = |one: &&Recovery| one.plan.target.uid == target.uid;
        let id = at.map_or(RecoveryId(0), |at| RecoveryId(at as u64 + 1));
        Scene {
            switch: self.switch,
            guards: self.guards.clone(),
            own_node: None,
            active: others
                .iter()
                .filter(same)
                .find(|one| one.holds_slot())
                .map(|one| (one.id, one.state())),
            nodes: u32::try_from(self.world.nodes.len()).unwrap(),
            cordoned: self.world.cordoned_by_others(id),
            acting_cluster: acting,
            acting_total: acting,
            last_ended: others
                .iter()
                .filter(same)
                .filter_map(Recovery::ended_at)
                .max(),
        }
    }

    /// An alarm's whole way to a plan, or what became of it instead.
    pub fn alarm(&mut self, text: &str) {
        let rule = Rule {
            id: RuleId(1),
            version: 1,
            draft: shipped(self.rule),
        };
        let rules = [Armed::new(rule).expect("the shipped rule is valid")];
        let Some((rule, found)) = answer(&rules, text, &std::collections::BTreeMap::new()) else {
            return self.aside("the alarm is unmatched: no rule takes it");
        };
        let nodes: Vec<_> = self
            .world
            .nodes
            .iter()
            .map(|node| node.facts.clone())
            .collect();
        let (prod, test) = (prod(), domain::id::ClusterName::parse("test").unwrap());
        let aliases = ["production".to_owned()];
        let known = [
            Known {
                cluster: &prod,
                aliases: &aliases,
                nodes: &nodes,
            },
            Known {
                cluster: &test,
                aliases: &[],
                nodes: &self.world.other,
            },
        ];
        let target = match resolve(&found.captures, None, &known) {
            Ok(target) => target,
            Err(why) => return self.aside(&format!("no act, a person is asked: {why}")),
        };
        let trigger = Trigger::Alarm {
            alarm: AlarmId(7),
            source: SourceName::parse("monitoring").unwrap(),
            text: text.to_owned(),
            starts_at: self.now(),
            rule: rule.id,
            version: rule.version,
            mode: rule.draft.mode,
        };
        if rule.draft.mode == Mode::Observe {
            return self.aside(&format!("observed: it would have started {}", target.node));
        }
        if self.fired_again(&target) {
            return;
        }
        self.plan(&trigger, target, Actor::Rule(RuleId(1)));
    }

    /// The same alarm shortly after our close goes to a person, not to a new recovery.
    fn fired_again(&mut self, target: &Target) -> bool {
        let now = self.now();
        let closed = self.runs.iter().position(|run| {
            let recovery = run.recovery();
            let ended = recovery.step(StepKind::CloseAlarm).ended_at;
            recovery.plan.target.uid == target.uid
                && recovery.finished.is_some()
                && ended.is_some_and(|at| now <= at + seconds(self.guards.refire_s.into()))
        });
        if let Some(at) = closed {
            let reason = "the alarm fired again within 5 min of its close; look at the node before another start";
            self.push(
                at,
                Actor::Uncordon,
                What::NeedsHuman {
                    reason: reason.to_owned(),
                },
            );
        }
        closed.is_some()
    }

    pub fn plan(&mut self, trigger: &Trigger, target: Target, actor: Actor) {
        let node = self.world.read_node(&target);
        let since = match &node {
            domain::world::Reading::Seen(node) if node.ready != domain::world::Ready::True => {
                node.ready_since
            }
            _ => self.now(),
        };
        let before = domain::baseline::before(&self.world.baselines, since);
        let world = plan::World {
            node,
            machine: self.world.read_machine(&target),
            scene: self.scene(None, &target),
            baseline: before.map(|one| one.node(&target.node)),
            target,
        };
        match plan::make(trigger, &world, self.now()) {
            Ok(plan) => {
                let id = RecoveryId(self.runs.len() as u64 + 1);
                self.runs.push(Run {
                    events: Vec::new(),
                    headlines: Vec::new(),
                    wake: None,
                });
                let what = What::Planned {
                    id,
                    plan: Box::new(plan),
                };
                self.push(self.runs.len() - 1, actor, what);
            }
            Err(Refusal::AlreadyRecovering {
                recovery,
                state: State::Waiting,
            }) if !trigger.automatic() => {
                let at = usize::try_from(recovery.0).unwrap() - 1;
                self.aside(&format!("the start is a yes to recovery {recovery}"));
                self.push(at, actor, What::Approved);
            }
            Err(why) => self.aside(&format!("nothing begins: {why}")),
        }
    }

    pub fn person(&self, name: &str, confirmed: bool, retry_of: Option<RecoveryId>) -> Trigger {
        let old = retry_of.map(|id| self.runs[usize::try_from(id.0).unwrap() - 1].recovery());
        let alarm = old.and_then(|old| {
            let (id, source) = old.plan.trigger.alarm()?;
            Some((id, source.clone()))
        });
        Trigger::Person {
            name: PersonName::parse(name).unwrap(),
            door: Door::Page,
            alarm,
            retry_of,
            confirmed,
            reason: None,
        }
    }

    pub fn push(&mut self, at: usize, actor: Actor, what: What) {
        let now = self.now();
        let run = &mut self.runs[at];
        let label = match what.step() {
            Some(step) => format!("{} {}", what.kind(), step.word()),
            None => what.kind().to_owned(),
        };
        run.events.push(Event {
            at: now,
            actor,
            what,
        });
        let json = serde_json::to_string(&run.events).expect("events can be written");
        run.events = serde_json::from_str(&json).expect("what was written can be read");
        let headline = domain::timeline::headline(&run.recovery(), now);
        run.headlines.push(headline);
        run.wake = Some(now);
        self.point(at, &label);
    }

    /// A point at which the process may die or the switch be thrown.
    fn point(&mut self, at: usize, label: &str) {
        self.points += 1;
        let Some(cut) = self.cut.filter(|cut| cut.point == self.points) else {
            return;
        };
        self.cut_at = Some(label.to_owned());
        self.cut = None;
        match cut.how {
            How::Restart => self.restart(at),
            How::Throw(switch) => {
                self.switch = switch;
                self.lift = Some(self.now() + seconds(600));
            }
        }
    }

    pub fn restart(&mut self, at: usize) {
        if let Some(what) = restart::found(&self.runs[at].recovery()) {
            self.push(at, Actor::Uncordon, what);
        }
    }

    fn drive(&mut self, at: usize) {
        for _ in 0..200 {
            match self.turn(at) {
                Turn::Again => {}
                Turn::Wait(until) if until <= self.now() => {}
                Turn::Wait(until) => return self.runs[at].wake = Some(until),
                Turn::Rest => return self.runs[at].wake = None,
            }
        }
        panic!(
            "a recovery goes round in circles: {:#?}",
            self.runs[at]
                .events
                .iter()
                .rev()
                .take(6)
                .collect::<Vec<_>>()
        );
    }

    fn turn(&mut self, at: usize) -> Turn {
        let now = self.now();
        let recovery = self.runs[at].recovery();
        let trigger = recovery.plan.trigger.clone();
        let scene = self.scene(Some(at), &recovery.plan.target);
        let next = match recovery.next(now) {
            Next::Append(what) => Move::Append(what),
            Next::Begin(step) => {
                recovery.begin(step, &gate(step, &trigger, recovery.approved, &scene), now)
            }
            Next::BeginUndo => {
                let held = gate(StepKind::Uncordon, &trigger, recovery.approved, &scene);
                recovery.begin_undo(&held, now)
            }
            Next::Work(step) => {
                let mut facts = self.world.read(&recovery, step.needs());
                facts.others = self.others(at);
                step::decide(&recovery, step, &facts, now)
            }
            Next::Settle => step::settle(
                &recovery,
                &self.world.read(&recovery, StepKind::Cordon.needs()),
                now,
            ),
            Next::WorkUndo => step::undo(
                &recovery,
                &self.world.read(&recovery, StepKind::Cordon.needs()),
                now,
            ),
            Next::Wait(until) => return Turn::Wait(until),
            Next::Human | Next::Finished => return Turn::Rest,
        };
        self.carry_out(at, &recovery, next)
    }

    fn carry_out(&mut self, at: usize, recovery: &Recovery, next: Move) -> Turn {
        match next {
            Move::Append(what) => {
                self.push(at, Actor::Uncordon, what);
                Turn::Again
            }
            Move::Later(until) => Turn::Wait(until),
            Move::Call(call) => {
                if let Some(wait) = self.held(at, recovery) {
                    return self.carry_out(at, recovery, wait);
                }
                assert_ne!(self.switch, Switch::Freeze, "a call while frozen: {call:?}");
                let undoing =
                    recovery.step(StepKind::Cordon).status == domain::recovery::Status::Undoing;
                let now = self.now();
                let answer = self.world.call(&call);
                let events = self.runs[at].events.len();
                let died = self
                    .cut
                    .is_some_and(|cut| cut.how == How::Restart && cut.point == self.points + 1);
                self.point(at, "call");
                if died || self.runs[at].events.len() > events {
                    return Turn::Again;
                }
                let next = if undoing {
                    step::undo_answered(recovery, answer, now)
                } else {
                    let Next::Work(step) = recovery.next(now) else {
                        return Turn::Again;
                    };
                    step::answered(recovery, step, answer, now)
                };
                self.carry_out(at, recovery, next)
            }
        }
    }

    /// The switch may have been thrown since the step began.
    fn held(&self, at: usize, recovery: &Recovery) -> Option<Move> {
        let step = match recovery.next(self.now()) {
            Next::Work(step) => step,
            _ => StepKind::Uncordon,
        };
        let scene = self.scene(Some(at), &recovery.plan.target);
        let gate = gate(step, &recovery.plan.trigger, recovery.approved, &scene);
        recovery.hold_call(step, &gate, self.now())
    }

    fn others(&self, at: usize) -> Vec<domain::id::NodeName> {
        let held = self
            .runs
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at);
        held.map(|(_, run)| run.recovery())
            .filter(Recovery::holds_slot)
            .map(|one| one.plan.target.node)
            .collect()
    }

    fn beat(&mut self, beat: &Beat) {
        crate::tell::happen(self, &beat.what);
    }
}

enum Turn {
    Again,
    Wait(Timestamp),
    Rest,
}
