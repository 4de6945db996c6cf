//! Looks at the store, not at messages: the path after a crash is the normal path.

use crate::Engine;
use crate::ports::StoreError;
use crate::tell::Told;
use domain::event::Event;
use domain::recovery::{State, restart};
use domain::trigger::Actor;
use jiff::SignedDuration;
use std::time::Duration;

/// How often the store is looked at.
const TICK: Duration = Duration::from_secs(1);
/// Time between two summaries of a cluster.
const SUMMARY: SignedDuration = SignedDuration::from_secs(60);
/// Alarms found without a final word, per look.
const SWEEP: u32 = 256;
/// An alarm younger than this is still in the queue.
const QUEUED_FOR: Duration = Duration::from_secs(5);

impl Engine {
    /// Takes over every recovery that holds a slot: what was in flight is in doubt.
    pub(crate) async fn adopt(&self) -> Result<(), StoreError> {
        for row in self.store().active().await? {
            let Some(recovery) = self.load(row.id).await? else {
                continue;
            };
            if let Some(what) = restart::found(&recovery, self.now()) {
                self.set_back(&recovery, &what).await?;
                let event = Event {
                    at: self.now(),
                    actor: Actor::Uncordon,
                    what,
                };
                self.store()
                    .append(row.id, recovery.n + 1, &[event])
                    .await?;
                self.load(row.id).await?;
            }
        }
        let ids: Vec<_> = self
            .live()
            .values()
            .filter(|one| one.state() != State::NeedsHuman)
            .map(|one| one.id)
            .collect();
        ids.into_iter().for_each(|id| self.wake(id));
        Ok(())
    }

    pub(crate) async fn supervise(self) {
        let mut sweep_at = tokio::time::Instant::now();
        loop {
            self.summarise();
            self.part();
            self.readopt();
            if let Err(error) = self.raise_own_alarms().await {
                tracing::warn!(%error, "Alarms of our own could not be stored; they are raised again");
            }
            if let Err(error) = self.look_around().await {
                tracing::warn!(%error, "The guards' book cannot be read or written");
            }
            if sweep_at.elapsed() >= QUEUED_FOR
                || self.inner.queue.capacity() == self.inner.queue.max_capacity()
            {
                sweep_at = tokio::time::Instant::now();
                if let Err(error) = self.sweep().await {
                    tracing::warn!(%error, "Alarms without a final word cannot be read");
                }
            }
            self.inner.pulse.beat();
            tokio::time::sleep(TICK).await;
        }
    }

    /// Takes each cluster's summary when it is due: one that cannot be read yet is tried at each tick, and takes nothing
    /// from what is kept of the others.
    fn summarise(&self) {
        let now = self.now();
        for site in self.sites().iter() {
            let newest = site.cluster.baselines().last().map(|one| one.taken_at);
            if newest.is_none_or(|at| now.duration_since(at) >= SUMMARY) {
                site.cluster.take_baseline();
            }
        }
    }

    /// Hosts, storms and blocking alarms, which nobody's own recovery would notice, and what is seen for those who come after us.
    async fn look_around(&self) -> Result<(), StoreError> {
        self.refresh_blocking().await?;
        for site in self.sites().iter() {
            self.learn_hosts(site);
            let _turn = self.inner.turn.lock().await;
            self.weather(site).await?;
        }
        for site in self.sites().iter() {
            self.remember_seen(site).await?;
        }
        Ok(())
    }

    /// A driver that died is replaced.
    fn readopt(&self) {
        let driven: Vec<_> = self
            .inner
            .drivers
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .keys()
            .copied()
            .collect();
        let alone: Vec<_> = self
            .live()
            .values()
            .filter(|one| one.state() != State::NeedsHuman && !driven.contains(&one.id))
            .map(|one| one.id)
            .collect();
        alone.into_iter().for_each(|id| self.wake(id));
    }

    /// Alarms that were stored but not worked on: after a crash, or when the queue was full.
    async fn sweep(&self) -> Result<(), StoreError> {
        let now = self.now();
        for alarm in self.store().undisposed(SWEEP).await? {
            let waited =
                now.duration_since(alarm.received_at).as_secs_f64() / self.inner.clock.speed();
            if waited < QUEUED_FOR.as_secs_f64() {
                continue;
            }
            let id = alarm.id;
            let tries = self.store().tried(id).await?;
            if tries > crate::intake::TRIES_MAX {
                let verdict = crate::intake::plain(
                    domain::alarm::Disposition::Poison,
                    Some("it could not be worked on".to_owned()),
                );
                self.store().dispose(id, &verdict).await?;
                self.tell(Told::Alarm(id));
                continue;
            }
            // In its own task: a panic must not end the supervisor.
            let engine = self.clone();
            let done = tokio::spawn(async move { engine.work_alarm(alarm).await }).await;
            if let Err(error) = done {
                tracing::error!(alarm.id = %id, %error, "Alarm could not be worked on");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(
        clippy::unwrap_used,
        reason = "a test that cannot go on must say where"
    )]

    use super::*;
    use crate::fakes::{FakeWorld, MemoryStore, ports};

    #[tokio::test(start_paused = true)]
    async fn a_loop_that_hangs_is_seen_to_be_silent_until_it_turns_again() {
        let (world, store) = (FakeWorld::new(), MemoryStore::new(Vec::new()));
        let engine = Engine::start(ports(&world, &store)).await.unwrap();
        let (minute, soon) = (Duration::from_secs(60), Duration::from_secs(3));
        tokio::time::sleep(minute).await;
        assert!(engine.silent_for() < soon);
        let turn = engine.inner.turn.lock().await;
        tokio::time::sleep(minute).await;
        assert!(engine.silent_for() > minute - soon);
        drop(turn);
        tokio::time::sleep(soon).await;
        assert!(engine.silent_for() < soon);
    }
}
