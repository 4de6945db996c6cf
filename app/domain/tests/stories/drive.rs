//! Plays a story: what the engine does, over the domain's functions alone.

use crate::script::{Beat, Story, zero};
use crate::world::{World, domain_clock, seconds};
use domain::event::{Event, What};
use domain::guard::{Guards, Switch, gate};
use domain::recovery::{Next, Recovery, replay, restart};
use domain::rule::{Mode, Silence};
use domain::step::{self, Move, StepKind};
use domain::trigger::Actor;
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
    pub wake: Option<Timestamp>,
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
    /// The rule's veto window and what silence in it means.
    pub veto: (u32, Silence),
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
        veto: (0, Silence::Act),
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
        if let Some(what) = restart::found(&self.runs[at].recovery(), self.now()) {
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
            Next::Begin(step) => recovery.begin(
                step,
                &gate(step, &trigger, recovery.approved(), &scene),
                now,
            ),
            Next::Gather => Move::Append(What::EvidenceSaved {
                snapshot: Box::default(),
            }),
            Next::BeginUndo => {
                let held = gate(StepKind::Uncordon, &trigger, recovery.approved(), &scene);
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
            Move::Later(until) | Move::NotYet(until, _) => Turn::Wait(until),
            Move::Check(ask) => {
                let step = self.team_step(&ask);
                if step.acts()
                    && let Some(wait) = self.held(at, recovery)
                {
                    return self.carry_out(at, recovery, wait);
                }
                let frozen = step.acts() && self.switch == Switch::Freeze;
                assert!(!frozen, "a run while frozen: {ask:?}");
                let tried = self.world.team.try_once(step, &ask, self.world.now);
                let events = self.runs[at].events.len();
                let died = self
                    .cut
                    .is_some_and(|cut| cut.how == How::Restart && cut.point == self.points + 1);
                self.point(at, "try");
                if died || self.runs[at].events.len() > events {
                    return Turn::Again;
                }
                let next = step::tried(recovery, step, tried, self.now());
                self.carry_out(at, recovery, next)
            }
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
        let gate = gate(step, &recovery.plan.trigger, recovery.approved(), &scene);
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
