//! Drives one recovery: append the intent, do it, append the outcome, ask the domain what comes next.

mod others;
mod outcome;

use crate::Engine;
use crate::flight::Landing;
use crate::ports::StoreError;
use crate::tell::Told;
use domain::event::{Event, What};
use domain::guard::Gate;
use domain::id::RecoveryId;
use domain::recovery::{Next, Recovery, Status, replay};
use domain::step::{self, Answer, Call, Facts, Move, StepKind};
use domain::trigger::Actor;
use domain::world::Healers;
use jiff::Timestamp;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;

/// Pause after the store failed: nothing may be done that cannot be stored.
const STORE_PAUSE: Duration = Duration::from_millis(500);

/// What a driver has in its hands.
struct Drive {
    engine: Engine,
    bell: Arc<Notify>,
    recovery: Recovery,
    /// What was read a moment ago, for the first step of a new recovery.
    fresh: Option<Fresh>,
    /// Who else was found to have the node, and when: only a no may be that old.
    others: Option<(Timestamp, Healers)>,
}

/// Facts, and who else heals the node.
pub(crate) type Fresh = (Facts, Healers);

/// What became of a call.
enum Sent {
    Answered(Answer),
    Held(Move),
}

/// Whether the driver goes on.
enum Flow {
    On,
    Over,
}

impl Engine {
    /// Makes sure somebody drives this recovery, and that they look at it now.
    pub(crate) fn wake(&self, id: RecoveryId) {
        self.wake_with(id, None);
    }

    pub(crate) fn wake_with(&self, id: RecoveryId, fresh: Option<Fresh>) {
        let mut drivers = self
            .inner
            .drivers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(bell) = drivers.get(&id) {
            bell.notify_one();
            return;
        }
        let bell = Arc::new(Notify::new());
        drivers.insert(id, Arc::clone(&bell));
        drop(drivers);
        tokio::spawn(self.clone().drive(id, bell, fresh));
    }

    pub(crate) fn wake_all(&self) {
        let drivers = self
            .inner
            .drivers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        drivers.values().for_each(|bell| bell.notify_one());
    }

    async fn drive(self, id: RecoveryId, bell: Arc<Notify>, fresh: Option<Fresh>) {
        let _leave = Leave {
            engine: self.clone(),
            id,
        };
        let recovery = match self.load(id).await {
            Ok(Some(recovery)) => recovery,
            Ok(None) => return,
            Err(error) => {
                tracing::error!(recovery.id = %id, %error, "Recovery cannot be read");
                return;
            }
        };
        let mut drive = Drive {
            engine: self,
            bell,
            recovery,
            fresh,
            others: None,
        };
        loop {
            match drive.once().await {
                Ok(Flow::On) => {}
                Ok(Flow::Over) => return,
                Err(StoreError::Raced { .. }) => {
                    if !drive.reload().await {
                        return;
                    }
                }
                Err(error) => {
                    tracing::error!(recovery.id = %id, %error, "Recovery cannot be stored; nothing is done until it can");
                    tokio::time::sleep(STORE_PAUSE).await;
                    if !drive.reload().await {
                        return;
                    }
                }
            }
        }
    }

    /// A recovery from its stored events, kept among the live ones while it holds its slot.
    pub(crate) async fn load(&self, id: RecoveryId) -> Result<Option<Recovery>, StoreError> {
        let events = self.store().events(id).await?;
        if events.is_empty() {
            return Ok(None);
        }
        let recovery = replay(&events).map_err(|error| StoreError::Failed(error.to_string()))?;
        self.keep(&recovery);
        Ok(Some(recovery))
    }

    pub(crate) fn keep(&self, recovery: &Recovery) {
        let mut live = self.live();
        if !recovery.holds_slot() {
            live.remove(&recovery.id);
        } else if live
            .get(&recovery.id)
            .is_none_or(|kept| kept.n <= recovery.n)
        {
            live.insert(recovery.id, recovery.clone());
        }
    }
}

/// Takes the driver off the list, also when it panics.
struct Leave {
    engine: Engine,
    id: RecoveryId,
}

impl Drop for Leave {
    fn drop(&mut self) {
        self.engine.end_wait(self.id);
        self.engine
            .inner
            .drivers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.id);
    }
}

impl Drive {
    async fn once(&mut self) -> Result<Flow, StoreError> {
        let now = self.engine.now();
        match self.recovery.next(now) {
            Next::Append(what) => self.append(what).await?,
            Next::Begin(step) => self.begin(step).await?,
            Next::Gather => {
                let snapshot = Box::new(self.engine.gather(&self.recovery.plan.target).await);
                self.append(What::EvidenceSaved { snapshot }).await?;
            }
            Next::Work(step) => self.work(step).await?,
            Next::Settle => {
                let facts = self
                    .engine
                    .look(&self.recovery, StepKind::Uncordon.needs())
                    .await;
                let next = step::settle(&self.recovery, &facts, self.engine.now());
                self.follow(next).await?;
            }
            Next::BeginUndo => {
                let engine = self.engine.clone();
                let _turn = engine.inner.turn.lock().await;
                let gate = engine
                    .gate(&self.recovery, StepKind::Uncordon, None, None)
                    .await?;
                let next = self.recovery.begin_undo(&gate, self.engine.now());
                self.follow(next).await?;
            }
            Next::WorkUndo => self.work_undo().await?,
            Next::Wait(until) => self.rest(until).await?,
            Next::Human | Next::Finished => return Ok(Flow::Over),
        }
        Ok(Flow::On)
    }

    /// Steps that use up a limit begin one at a time; reading steps need no turn.
    async fn begin(&mut self, step: StepKind) -> Result<(), StoreError> {
        let engine = self.engine.clone();
        let turn = if step.acts() {
            Some(engine.inner.turn.lock().await)
        } else {
            None
        };
        let gate = if step.acts() {
            if let Some(site) = engine.site_of(&self.recovery.plan.target) {
                engine.weather(&site).await?;
            }
            engine.gate(&self.recovery, step, None, None).await?
        } else {
            Gate::Open
        };
        let next = self.recovery.begin(step, &gate, self.engine.now());
        if let Move::Later(at) = next {
            drop(turn);
            return self.rest(at).await;
        }
        self.follow(next).await
    }

    async fn work(&mut self, step: StepKind) -> Result<(), StoreError> {
        let facts = match self.fresh.take() {
            Some((facts, healers)) if step == StepKind::Cordon => {
                self.others = Some((self.engine.now(), healers));
                facts
            }
            _ => self.engine.look(&self.recovery, step.needs()).await,
        };
        match step::decide(&self.recovery, step, &facts, self.engine.now()) {
            Move::Call(call) => {
                let answer = match self.call(step, call, &facts).await? {
                    Sent::Answered(answer) => answer,
                    Sent::Held(held) => return self.follow(held).await,
                };
                tracing::info!(recovery.id = %self.recovery.id, %step, ?answer, "Call answered");
                self.outcome((step, Status::Started), |recovery, now| {
                    step::answered(recovery, step, answer.clone(), now)
                })
                .await
            }
            Move::Check(ask) => match self.try_check(step, &ask, &facts).await? {
                Ok(tried) => {
                    self.outcome((step, Status::Started), |recovery, now| {
                        step::tried(recovery, step, tried.clone(), now)
                    })
                    .await
                }
                Err(held) => self.follow(held).await,
            },
            other => self.follow(other).await,
        }
    }

    /// Makes a call unless the switch was thrown or a guard closed since the intent was stored.
    async fn call(
        &mut self,
        step: StepKind,
        call: Call,
        facts: &Facts,
    ) -> Result<Sent, StoreError> {
        let healers = self.healers(step, facts).await;
        match self.cleared(step, facts, healers.as_ref()).await? {
            Ok(landing) => {
                let answer = self.engine.act(call).await;
                drop(landing);
                Ok(Sent::Answered(answer))
            }
            Err(held) => Ok(Sent::Held(held)),
        }
    }

    /// A place among the calls under way, or how the step waits.
    async fn cleared(
        &self,
        step: StepKind,
        facts: &Facts,
        healers: Option<&Healers>,
    ) -> Result<Result<Landing<'_>, Move>, StoreError> {
        let engine = &self.engine;
        loop {
            let asked = engine.switch(&self.recovery.plan.target.cluster);
            let gate = engine
                .gate(&self.recovery, step, Some(&facts.node), healers)
                .await?;
            if let Some(held) = self.recovery.hold_call(step, &gate, engine.now()) {
                return Ok(Err(held));
            }
            if let Some(landing) = engine.take_off(&self.recovery, step, asked) {
                return Ok(Ok(landing));
            }
        }
    }

    async fn work_undo(&mut self) -> Result<(), StoreError> {
        let facts = self
            .engine
            .look(&self.recovery, StepKind::Uncordon.needs())
            .await;
        match step::undo(&self.recovery, &facts, self.engine.now()) {
            Move::Call(call) => {
                let answer = match self.call(StepKind::Uncordon, call, &facts).await? {
                    Sent::Answered(answer) => answer,
                    Sent::Held(held) => return self.follow(held).await,
                };
                self.outcome((StepKind::Cordon, Status::Undoing), |recovery, now| {
                    step::undo_answered(recovery, answer.clone(), now)
                })
                .await
            }
            other => self.follow(other).await,
        }
    }

    async fn follow(&mut self, next: Move) -> Result<(), StoreError> {
        match next {
            Move::Append(what) => self.append(what).await,
            Move::Later(at) => self.rest(at).await,
            Move::NotYet(at, why) => {
                self.engine.set_wait(self.recovery.id, why);
                self.rest(at).await
            }
            // A call is made only right after a step was judged on fresh facts.
            Move::Call(_) | Move::Check(_) => Ok(()),
        }
    }

    async fn append(&mut self, what: What) -> Result<(), StoreError> {
        self.engine.set_back(&self.recovery, &what).await?;
        let event = Event {
            at: self.engine.now(),
            actor: Actor::Uncordon,
            what,
        };
        let n = self.recovery.n + 1;
        self.engine.end_wait(self.recovery.id);
        self.engine
            .store()
            .append(self.recovery.id, n, std::slice::from_ref(&event))
            .await?;
        tracing::info!(recovery.id = %self.recovery.id, n, kind = event.what.kind(), step = event.what.step().map(String::from), "Event stored");
        let applied = self.recovery.with(&event);
        match applied {
            Ok(recovery) => {
                self.recovery = recovery;
                self.engine.keep(&self.recovery);
                self.engine.tell(Told::Recovery(self.recovery.id));
                Ok(())
            }
            Err(error) => Err(StoreError::Failed(error.to_string())),
        }
    }

    /// Sleeps until then or until the bell rings, then reads what others appended.
    async fn rest(&mut self, until: Timestamp) -> Result<(), StoreError> {
        let pause = self.engine.until(until);
        let rung = tokio::select! {
            () = self.bell.notified() => true,
            () = tokio::time::sleep(pause) => false,
        };
        if rung && !self.reload().await {
            return Err(StoreError::Absent(format!("recovery {}", self.recovery.id)));
        }
        Ok(())
    }

    async fn reload(&mut self) -> bool {
        match self.engine.load(self.recovery.id).await {
            Ok(Some(recovery)) => {
                self.recovery = recovery;
                true
            }
            Ok(None) => false,
            Err(error) => {
                tracing::error!(recovery.id = %self.recovery.id, %error, "Recovery cannot be read");
                tokio::time::sleep(STORE_PAUSE).await;
                true
            }
        }
    }
}
