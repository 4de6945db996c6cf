//! Where the time went: every attempt as a bar of its own, waits in front of it, and gaps that nothing explains.

mod told;

use crate::event::{Event, What};
use crate::recovery::{IllegalEvent, Recovery, Status, replay};
use crate::step::StepKind;
use crate::timeline::Look;
use crate::trigger::Trigger;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use told::{Opened, opened, skipped};

/// From so many seconds on, time that nothing explains is a row of its own; less is part of what follows.
const GAP_S: i64 = 5;

/// The bars of a recovery, in the order in which they begin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waterfall {
    /// First signal that the node was down.
    pub begin: Timestamp,
    /// First look: the recovery's first event.
    pub looked_at: Timestamp,
    /// End, or now while it goes on.
    pub end: Timestamp,
    /// Whether it goes on.
    pub live: bool,
    /// The rows.
    pub bars: Vec<Bar>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// What the time was spent on.
    pub of: Of,
    /// In words: `Start the machine, try 1 failed`.
    pub title: String,
    /// How it ended, or that it goes on.
    pub look: Look,
    /// Begin of its first part.
    pub from: Timestamp,
    /// End of its last part.
    pub to: Timestamp,
    /// Its parts, one after the other; none for a step that was skipped.
    pub parts: Vec<Part>,
    /// What was seen, or why not.
    pub text: String,
    /// More that is known, as (what, value).
    pub known: Vec<(String, String)>,
    /// Whether the node had to wait for it.
    pub critical: bool,
}

/// What a row is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Of {
    /// From the first signal to the first look.
    Before,
    /// One attempt of a step.
    Step(StepKind, u32),
    /// A step taken back.
    Undo(StepKind),
    /// Nothing but waiting.
    Wait,
    /// Nothing explains it.
    Gap,
}

/// A stretch of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Kind.
    pub kind: Kind,
    /// Begin.
    pub from: Timestamp,
    /// End.
    pub to: Timestamp,
}

/// Kinds of time; each has a pattern besides its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// For a person, a grace or the time of the next try.
    Waiting,
    /// For a limit, a guard or the switch.
    Queued,
    /// At work.
    Running,
    /// At work in vain.
    Failed,
    /// Nothing explains it.
    Gap,
}

/// Which part of the time the drawing shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scale {
    /// From the first signal.
    #[default]
    Whole,
    /// From the first look.
    Recovery,
}

impl Waterfall {
    /// First moment of the drawing.
    pub fn first(&self, scale: Scale) -> Timestamp {
        match scale {
            Scale::Whole => self.begin,
            Scale::Recovery => self.looked_at,
        }
    }

    /// The rows of a scale, each with its place in the list.
    pub fn rows(&self, scale: Scale) -> impl Iterator<Item = (usize, &Bar)> {
        let all = self.bars.iter().enumerate();
        all.filter(move |(_, bar)| scale == Scale::Whole || bar.of != Of::Before)
    }

    /// Where a moment lies, in thousandths of the drawing: never below 0, never above 1000.
    pub fn place(&self, scale: Scale, at: Timestamp) -> f64 {
        let first = self.first(scale);
        let whole = self.end.duration_since(first).as_secs_f64();
        if whole <= 0.0 {
            return 0.0;
        }
        (at.duration_since(first).as_secs_f64() / whole * 1000.0).clamp(0.0, 1000.0)
    }
}

/// Draws the bars of a log.
pub fn waterfall(events: &[Event], now: Timestamp) -> Result<Waterfall, IllegalEvent> {
    let Some((first, rest)) = events.split_first() else {
        return replay(events).map(|_| Waterfall::default());
    };
    let mut state = replay(std::slice::from_ref(first))?;
    let mut sweep = Sweep::begin(&state);
    for event in rest {
        if !state.holds_slot() {
            break;
        }
        sweep.reach(&state, event.at);
        let next = state.with(event)?;
        sweep.take(&state, event);
        state = next;
    }
    let end = state.ended_at().unwrap_or(now).max(sweep.cursor);
    Ok(sweep.finish(&state, end))
}

/// A walk over the log: everything up to `cursor` is in a row, in `waits` or in the open row.
struct Sweep {
    begin: Timestamp,
    looked_at: Timestamp,
    cursor: Timestamp,
    bars: Vec<Bar>,
    waits: Vec<(Part, String)>,
    open: Option<Opened>,
}

impl Sweep {
    fn begin(state: &Recovery) -> Self {
        let looked_at = state.started_at;
        let (begin, title) = first_signal(state);
        let mut bars = Vec::new();
        if begin < looked_at {
            bars.push(Bar {
                of: Of::Before,
                title: title.to_owned(),
                look: Look::Note,
                from: begin,
                to: looked_at,
                parts: vec![Part {
                    kind: Kind::Waiting,
                    from: begin,
                    to: looked_at,
                }],
                text: String::new(),
                known: Vec::new(),
                critical: true,
            });
        }
        Self {
            begin,
            looked_at,
            cursor: looked_at,
            bars,
            waits: Vec::new(),
            open: None,
        }
    }

    /// Accounts for the time up to `at`.
    fn reach(&mut self, state: &Recovery, at: Timestamp) {
        let at = at.max(self.cursor);
        if self.open.is_none() {
            while self.cursor < at {
                let (kind, until, why) = reason(state, self.cursor);
                let until = until.map_or(at, |until| until.min(at));
                self.wait(kind, until, why);
            }
        }
        self.cursor = at;
    }

    fn wait(&mut self, kind: Kind, until: Timestamp, why: String) {
        let from = self.cursor;
        let long = until.duration_since(from) >= SignedDuration::from_secs(GAP_S);
        if kind == Kind::Gap && long {
            self.flush(Look::Note);
            self.bars.push(told::gap(from, until));
        } else {
            let kind = if kind == Kind::Gap {
                Kind::Waiting
            } else {
                kind
            };
            match self.waits.last_mut() {
                Some((last, reason)) if last.kind == kind && (*reason == why || why.is_empty()) => {
                    last.to = until;
                }
                _ => self.waits.push((
                    Part {
                        kind,
                        from,
                        to: until,
                    },
                    why,
                )),
            }
        }
        self.cursor = until;
    }

    /// Waits that no step followed become a row.
    fn flush(&mut self, look: Look) {
        let waits = std::mem::take(&mut self.waits);
        let Some((end, _)) = waits.last() else { return };
        // A moment that nobody can name is no row: what came before it lasted that much longer.
        let nameless = waits.iter().all(|(_, why)| why.is_empty());
        let before = self.bars.iter_mut().rev().find(|bar| !bar.parts.is_empty());
        match before {
            Some(bar) if nameless => {
                bar.to = end.to;
                if let Some(part) = bar.parts.last_mut() {
                    part.to = end.to;
                }
            }
            Some(_) | None => self.bars.push(told::wait(waits, look)),
        }
    }

    fn take(&mut self, before: &Recovery, event: &Event) {
        match &event.what {
            What::StepStarted { step, attempt, .. } => {
                self.close(event, before);
                let waits = std::mem::take(&mut self.waits);
                self.open = Some(opened(Of::Step(*step, *attempt), waits, event.at));
            }
            What::UndoStarted { step } => {
                self.close(event, before);
                let waits = std::mem::take(&mut self.waits);
                self.open = Some(opened(Of::Undo(*step), waits, event.at));
            }
            What::StepSkipped { step, reason } => {
                self.close(event, before);
                self.flush(Look::Done);
                self.bars.push(skipped(*step, reason, event.at));
            }
            What::StepSucceeded { .. }
            | What::StepFailed { .. }
            | What::StepUndone { .. }
            | What::UndoFailed { .. }
            | What::NeedsHuman { .. }
            | What::Finished { .. } => self.close(event, before),
            What::StepProgressed { .. } | What::StepInDoubt { .. } => {
                if let Some(open) = &mut self.open {
                    open.learn(event);
                }
            }
            What::Planned { .. }
            | What::ApprovalAsked { .. }
            | What::VetoStarted { .. }
            | What::EvidenceSaved { .. }
            | What::Approved
            | What::GraceStarted { .. }
            | What::GraceCancelled
            | What::Queued { .. }
            | What::Blocked { .. }
            | What::Stopped { .. }
            | What::Retried { .. }
            | What::Acknowledged
            | What::Noted { .. }
            | What::Said { .. }
            | What::AlarmResolved => {}
        }
    }

    fn close(&mut self, event: &Event, before: &Recovery) {
        if let Some(open) = self.open.take() {
            let restored = before.step(StepKind::CheckWorkload).status == Status::Succeeded;
            self.bars.push(open.closed(event, !restored));
        }
    }

    fn finish(mut self, state: &Recovery, end: Timestamp) -> Waterfall {
        self.reach(state, end);
        let live = state.holds_slot();
        if let Some(open) = self.open.take() {
            self.bars.push(open.running(end));
        }
        self.flush(if live { Look::Waiting } else { Look::Done });
        Waterfall {
            begin: self.begin,
            looked_at: self.looked_at,
            end,
            live,
            bars: self.bars,
        }
    }
}

/// When the node first seemed down, and what the time from then to the first look is called.
fn first_signal(state: &Recovery) -> (Timestamp, &'static str) {
    let plan = &state.plan;
    let (alarm, title) = match &plan.trigger {
        Trigger::Alarm { starts_at, .. } => (Some(*starts_at), "Alarm to first look"),
        Trigger::Person { .. } => (None, "Down until somebody asked"),
    };
    let first = plan.down_since.into_iter().chain(alarm).min();
    let title = match (plan.down_since, alarm) {
        (Some(down), Some(alarm)) if down < alarm => "Down to first look",
        _ => title,
    };
    (
        first.map_or(state.started_at, |at| at.min(state.started_at)),
        title,
    )
}

/// What the time from `at` on is spent on while no step is at work, until when at most, and why.
fn reason(state: &Recovery, at: Timestamp) -> (Kind, Option<Timestamp>, String) {
    let ahead = |until: Option<Timestamp>| until.filter(|until| at < *until);
    if let Some(why) = &state.human {
        return (Kind::Waiting, None, format!("A person is needed: {why}"));
    }
    if let Some(hold) = &state.hold {
        return (Kind::Queued, None, hold.words().to_owned());
    }
    if let Some(until) = ahead(state.grace_until) {
        let why = "may be taken back".to_owned();
        return (Kind::Waiting, Some(until), why);
    }
    let asked = state.asked_until.is_some() && !state.consented() && state.exit.is_none();
    if asked {
        return (Kind::Waiting, None, "for a yes".to_owned());
    }
    if let Some(until) = ahead(state.veto_until.filter(|_| !state.approved())) {
        let why = "may be stopped".to_owned();
        return (Kind::Waiting, Some(until), why);
    }
    let retry = state.steps.values().filter_map(|step| step.retry_at).max();
    if let Some(until) = ahead(retry) {
        let why = "until the next try".to_owned();
        return (Kind::Waiting, Some(until), why);
    }
    (Kind::Gap, None, String::new())
}
