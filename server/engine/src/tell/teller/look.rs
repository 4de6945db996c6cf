//! Looks at what changed, and writes the letters it calls for. A restart looks at everything again: who has a letter
//! for the same state gets no second one.

use super::Teller;
use crate::ports::{AlarmFilter, Page, Recipient, RecoveryFilter, StoreError};
use crate::tell::Told;
use domain::alarm::Status;
use domain::event::{Event, What};
use domain::id::RecoveryId;
use domain::incident::Member;
use domain::message::{About, Message, of_alarm, of_device, of_incident, of_recovery, of_storm};
use jiff::SignedDuration;
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::time::{MissedTickBehavior, interval};

/// Changes come in bursts: one look serves them all.
const GATHER: Duration = Duration::from_millis(300);
/// How often everything that waits is looked at, whatever is told meanwhile: calls for help are repeated and carried on.
const ROUND: Duration = Duration::from_secs(60);
/// The same where time runs fast, at least.
const ROUND_MIN: Duration = Duration::from_secs(1);
/// Pause after the store failed.
const PAUSE: Duration = Duration::from_secs(1);
/// Most recoveries, storms and alarms looked at in one list.
const LIST: u32 = 50;
/// A device is warned after so many days of silence, and forgotten after so many.
const WARN_DAYS: i64 = 55;
const DROP_DAYS: i64 = 60;
/// How long letters are kept.
const LETTER_DAYS: i64 = 30;

/// What is to be looked at.
#[derive(Default)]
struct Agenda {
    everything: bool,
    /// Storms and incidents.
    storms: bool,
    some: BTreeSet<About>,
}

impl Agenda {
    fn add(&mut self, told: Told) {
        match told {
            Told::Recovery(id) => {
                self.some.insert(About::Recovery(id));
            }
            Told::Alarm(id) => {
                self.some.insert(About::Alarm(id));
            }
            Told::Breaker | Told::Incident => self.storms = true,
            Told::Switch | Told::Cordon | Told::Waits(_) | Told::Words(_) => {}
        }
    }
}

impl Teller {
    pub(super) async fn watch(self, mut told: Receiver<Told>) {
        let mut agenda = Agenda {
            everything: true,
            ..Agenda::default()
        };
        let speed = self.inner.engine.speed().max(1.0);
        let mut rounds = interval(ROUND.div_f64(speed).max(ROUND_MIN));
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            if let Err(error) = self.work(&agenda).await {
                tracing::warn!(%error, "Messages could not be written; tried again");
                agenda.everything = true;
                tokio::time::sleep(PAUSE).await;
                continue;
            }
            agenda = Agenda::default();
            tokio::select! {
                one = told.recv() => match one {
                    Ok(one) => agenda.add(one),
                    Err(RecvError::Lagged(_)) => agenda.everything = true,
                    Err(RecvError::Closed) => return,
                },
                _ = rounds.tick() => {
                    agenda.storms = true;
                    if let Err(error) = self.waiting(&mut agenda).await {
                        tracing::warn!(%error, "The round of the messages was left out");
                    }
                }
            }
            tokio::time::sleep(GATHER).await;
            loop {
                match told.try_recv() {
                    Ok(one) => agenda.add(one),
                    Err(TryRecvError::Lagged(_)) => agenda.everything = true,
                    Err(TryRecvError::Empty | TryRecvError::Closed) => break,
                }
            }
        }
    }

    async fn work(&self, agenda: &Agenda) -> Result<(), StoreError> {
        let mut some = agenda.some.clone();
        if agenda.everything || agenda.storms {
            let breakers = self.inner.engine.store().breakers(LIST).await?;
            some.extend(breakers.iter().map(|row| About::Storm(row.breaker.id)));
            let incidents = self.inner.engine.store().incidents(LIST).await?;
            some.extend(incidents.iter().map(|one| About::Incident(one.id)));
        }
        if agenda.everything {
            some.extend(self.all().await?);
        }
        let mut new = 0;
        for about in some {
            if let Some(message) = self.current(about).await? {
                new += self.post(&message).await?;
            }
            new += self.escalate(about).await?;
        }
        if new > 0 {
            self.inner.bell.notify_one();
        }
        Ok(())
    }

    /// What may have something to say after a restart: recoveries that run or ended just now, and alarms to look at.
    async fn all(&self) -> Result<BTreeSet<About>, StoreError> {
        let store = self.inner.engine.store();
        let page = Page {
            after: None,
            limit: LIST,
        };
        let mut some = BTreeSet::new();
        for row in store.active().await? {
            some.insert(About::Recovery(row.id));
        }
        let filter = RecoveryFilter::default();
        for row in store.recoveries(&filter, page).await? {
            some.insert(About::Recovery(row.id));
        }
        let filter = AlarmFilter {
            needs_look: true,
            ..AlarmFilter::default()
        };
        for row in store.alarms(&filter, page).await? {
            some.insert(About::Alarm(row.alarm.id));
        }
        Ok(some)
    }

    /// Calls for help that are repeated, and devices that were silent for too long.
    async fn waiting(&self, agenda: &mut Agenda) -> Result<(), StoreError> {
        let engine = &self.inner.engine;
        let human = engine.live_ids(|recovery| recovery.human.is_some());
        agenda.some.extend(human.into_iter().map(About::Recovery));
        let now = engine.now();
        let days = |count: i64| now - SignedDuration::from_hours(24 * count);
        self.inner
            .outbox
            .forget(days(DROP_DAYS), days(LETTER_DAYS))
            .await?;
        for (id, seen) in self.inner.outbox.silent(days(WARN_DAYS)).await? {
            let end = seen + SignedDuration::from_hours(24 * DROP_DAYS);
            let to = Recipient::Device(id);
            let message = of_device(id, seen, end);
            if self.inner.outbox.post_to(&to, &message, now).await? > 0 {
                self.inner.bell.notify_one();
            }
        }
        Ok(())
    }

    /// What there is to say about it now; nothing where it is over.
    pub(super) async fn current(&self, about: About) -> Result<Option<Message>, StoreError> {
        let store = self.inner.engine.store();
        let now = self.inner.engine.now();
        Ok(match about {
            About::Recovery(id) => self.recovery(id).await?,
            About::Storm(id) => {
                let rows = store.breakers(LIST).await?;
                let row = rows.into_iter().find(|row| row.breaker.id == id);
                row.and_then(|row| of_storm(&row.breaker, row.closed.map(|end| end.at), now))
            }
            About::Incident(id) => self.incident(id).await?,
            About::Alarm(id) => {
                let row = store.alarm(id).await?.filter(|row| {
                    row.verdict.needs_look
                        && row.acknowledged.is_none()
                        && row.alarm.status == Status::Firing
                });
                row.and_then(|row| of_alarm(&row.alarm, row.verdict.note.as_deref(), now))
            }
            About::Device(_) | About::Test => None,
        })
    }

    /// One message for all nodes of a host. In a storm that one was told already, and names the host.
    pub(super) async fn incident(&self, id: u64) -> Result<Option<Message>, StoreError> {
        let engine = &self.inner.engine;
        let Some(incident) = engine.store().incident(id).await? else {
            return Ok(None);
        };
        let stormy = |one: &Member| engine.breaker(&one.cluster).is_some();
        if incident.closed_at.is_none() && incident.members.iter().any(stormy) {
            return Ok(None);
        }
        let needs = engine.live_ids(|one| one.human.is_some() && incident.holds(one.id));
        Ok(of_incident(&incident, needs.len(), engine.now()))
    }

    /// Whether somebody is told of this recovery by its incident.
    pub(super) async fn told_together(
        &self,
        events: &[Event],
        id: RecoveryId,
    ) -> Result<bool, StoreError> {
        let engine = &self.inner.engine;
        if let Some(What::Planned { plan, .. }) = events.first().map(|one| &one.what)
            && engine
                .incident_of(&plan.target.cluster, &plan.target.node)
                .is_some()
        {
            return Ok(true);
        }
        let incidents = engine.store().incidents(LIST).await?;
        Ok(incidents.iter().any(|one| one.holds(id)))
    }

    async fn recovery(&self, id: RecoveryId) -> Result<Option<Message>, StoreError> {
        let events = self.inner.engine.store().events(id).await?;
        if self.told_together(&events, id).await? {
            return Ok(None);
        }
        of_recovery(&events, self.inner.engine.now())
            .map_err(|illegal| StoreError::Failed(illegal.to_string()))
    }

    async fn post(&self, message: &Message) -> Result<u32, StoreError> {
        let standing = self.inner.standing.iter();
        let wanting = standing.filter(|one| one.wants.takes(message));
        let others: Vec<Recipient> = wanting.map(|one| one.to.clone()).collect();
        let now = self.inner.engine.now();
        self.inner.outbox.post(message, &others, now).await
    }
}
