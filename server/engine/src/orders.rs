//! What persons order: start, yes, cancel, stop, retry, seen, note. Each becomes an event.

use crate::Engine;
use crate::begin::Order;
use crate::ports::StoreError;
use crate::tell::Told;
use domain::access::{Door, Person};
use domain::event::{Event, What};
use domain::guard::{Switch, Warning};
use domain::id::{AlarmId, RecoveryId, SourceName};
use domain::plan::Refusal;
use domain::recovery::{Recovery, replay};
use domain::rule::pattern::answer;
use domain::target::{Target, resolve};
use domain::trigger::{Actor, Trigger};
use jiff::{SignedDuration, Timestamp};

/// Seconds on the wall clock in which a tap on a page may be taken back.
pub const GRACE_S: i64 = 5;
/// How often an order is tried again when somebody else wrote first.
const RACES_MAX: u32 = 20;

/// Why an order was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// No plan can be made.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It does not fit the recovery's state.
    #[error("{0}")]
    NotNow(String),
    /// A guard holds it; the words say which and until when.
    #[error("{0}")]
    Held(String),
    /// Lifting the switch needs a reason.
    #[error("lifting the switch needs a reason")]
    Wordless,
    /// It could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a person orders with a start.
#[derive(Debug, Clone)]
pub struct Start {
    /// The node.
    pub target: Target,
    /// The node's short name was typed.
    pub confirmed: bool,
    /// Why.
    pub reason: Option<String>,
    /// The recovery this one repeats.
    pub retry_of: Option<RecoveryId>,
}

impl Engine {
    /// Starts a node, or says yes to the recovery that waits for exactly that.
    pub async fn order_start(&self, who: &Person, order: Start) -> Result<RecoveryId, OrderError> {
        let target = order.target;
        let waiting = self
            .live()
            .values()
            .find(|one| {
                one.plan.target.cluster == target.cluster
                    && one.plan.target.node == target.node
                    && Some(one.id) != order.retry_of
            })
            .cloned();
        if let Some(recovery) = waiting {
            if recovery.takes_yes() {
                self.order_approve(who, recovery.id, order.confirmed)
                    .await?;
                return Ok(recovery.id);
            }
            return Err(Refusal::AlreadyRecovering {
                recovery: recovery.id,
                state: recovery.state(),
            }
            .into());
        }
        let site = self.site_of(&target).ok_or_else(|| {
            OrderError::NotNow(format!("cluster {} is not configured", target.cluster))
        })?;
        let crate::View {
            node,
            machine,
            healers,
        } = self.view(&site, &target).await;
        let open = self.open_alarm(&target).await?;
        let alarm = open.as_ref().map(|(id, _)| *id);
        let trigger = Trigger::Person {
            name: who.name.clone(),
            door: who.door,
            alarm: open,
            retry_of: order.retry_of,
            confirmed: order.confirmed,
            reason: order.reason,
        };
        let order = Order {
            target,
            trigger,
            node,
            machine,
            healers,
            grace: self.grace(who),
        };
        match self.begin(&site, order).await? {
            Ok(id) => {
                self.hand_over(alarm, id).await?;
                Ok(id)
            }
            Err(refusal) => Err(refusal.into()),
        }
    }

    /// The open alarm belongs to this recovery from now on, so that its close is known as ours.
    async fn hand_over(&self, alarm: Option<AlarmId>, id: RecoveryId) -> Result<(), StoreError> {
        let Some(alarm) = alarm else { return Ok(()) };
        let Some(row) = self.store().alarm(alarm).await? else {
            return Ok(());
        };
        let verdict = crate::ports::Verdict {
            disposition: domain::alarm::Disposition::Matched,
            recovery: Some(id),
            needs_look: false,
            ..row.verdict
        };
        self.store().dispose(alarm, &verdict).await?;
        self.tell(Told::Alarm(alarm));
        Ok(())
    }

    /// Says yes to a recovery that waits for it.
    pub async fn order_approve(
        &self,
        who: &Person,
        id: RecoveryId,
        confirmed: bool,
    ) -> Result<(), OrderError> {
        let grace = self.grace(who);
        self.append_to(id, who.into(), |recovery| {
            // A yes may come while the cordon is still under way; once given it is not given again.
            let early = !recovery.consented() && recovery.human.is_none() && !recovery.stopped;
            if !early && !recovery.takes_yes() {
                return Err(OrderError::NotNow("nobody is asked for a yes".to_owned()));
            }
            let switch = self.switch(&recovery.plan.target.cluster);
            if switch == Switch::Freeze {
                return Err(Refusal::Switched { switch }.into());
            }
            // A yes to a recovery that the breaker holds is "just this one": its card says why it is held.
            let mut warnings = recovery.plan.warnings.clone();
            warnings.retain(|one| !matches!(one, Warning::Storm { .. }));
            if switch == Switch::Pause && !warnings.contains(&Warning::Paused) {
                warnings.push(Warning::Paused);
            }
            if !warnings.is_empty() && !confirmed {
                return Err(Refusal::ConfirmNeeded {
                    node: recovery.plan.target.node.to_string(),
                    warnings,
                }
                .into());
            }
            let mut events = vec![What::Approved];
            events.extend(grace.map(|until| What::GraceStarted { until }));
            Ok(events)
        })
        .await
    }

    /// Takes a tap back within its grace.
    pub async fn order_cancel(&self, who: &Person, id: RecoveryId) -> Result<(), OrderError> {
        let now = self.now();
        self.append_to(id, who.into(), |recovery| match recovery.grace_until {
            Some(until) if now < until => Ok(vec![What::GraceCancelled]),
            _ => Err(OrderError::NotNow(
                "the grace is over; stop the recovery instead".to_owned(),
            )),
        })
        .await
    }

    /// Stops a recovery: the call in flight finishes, nothing new begins.
    pub async fn order_stop(
        &self,
        who: &Person,
        id: RecoveryId,
        reason: Option<&str>,
    ) -> Result<(), OrderError> {
        self.append_to(id, who.into(), |recovery| {
            if recovery.stopped || recovery.human.is_some() {
                return Err(OrderError::NotNow("there is nothing to stop".to_owned()));
            }
            Ok(vec![What::Stopped {
                reason: reason.map(str::to_owned),
            }])
        })
        .await
    }

    /// Begins anew on the same node; the old one frees its slot. Refused, it leaves the old one as it is: a person is still needed.
    pub async fn order_retry(
        &self,
        who: &Person,
        id: RecoveryId,
        confirmed: bool,
    ) -> Result<RecoveryId, OrderError> {
        let old = self
            .load(id)
            .await?
            .ok_or_else(|| StoreError::Absent(format!("recovery {id}")))?;
        if old.holds_slot() && old.human.is_none() {
            return Err(Refusal::AlreadyRecovering {
                recovery: id,
                state: old.state(),
            }
            .into());
        }
        let order = Start {
            target: old.plan.target.clone(),
            confirmed,
            reason: None,
            retry_of: Some(id),
        };
        let new = self.order_start(who, order).await?;
        self.append_to(id, who.into(), |_| Ok(vec![What::Retried { by: new }]))
            .await?;
        Ok(new)
    }

    /// Says that the need for help was seen.
    pub async fn order_acknowledge(&self, who: &Person, id: RecoveryId) -> Result<(), OrderError> {
        self.append_to(id, who.into(), |recovery| {
            if recovery.human.is_none() || recovery.acknowledged {
                return Err(OrderError::NotNow("nobody is asked for help".to_owned()));
            }
            Ok(vec![What::Acknowledged])
        })
        .await
    }

    /// Adds a note.
    pub async fn order_note(
        &self,
        who: &Person,
        id: RecoveryId,
        text: &str,
        happened_at: Option<Timestamp>,
    ) -> Result<(), OrderError> {
        self.append_to(id, who.into(), |_| {
            Ok(vec![What::Noted {
                text: text.to_owned(),
                happened_at,
            }])
        })
        .await
    }

    /// Keeps what a person said about it in a chat.
    pub async fn order_said(
        &self,
        who: &Person,
        id: RecoveryId,
        said: &What,
    ) -> Result<(), OrderError> {
        self.append_to(id, who.into(), |_| Ok(vec![said.clone()]))
            .await
    }

    /// Appends what `choose` says of the newest state, again if somebody else wrote first.
    pub(crate) async fn append_to(
        &self,
        id: RecoveryId,
        actor: Actor,
        choose: impl Fn(&Recovery) -> Result<Vec<What>, OrderError>,
    ) -> Result<(), OrderError> {
        for _ in 0..RACES_MAX {
            let mut events = self.store().events(id).await?;
            let recovery =
                replay(&events).map_err(|_| StoreError::Absent(format!("recovery {id}")))?;
            let chosen = choose(&recovery)?;
            if chosen.is_empty() {
                return Ok(());
            }
            let at = self.now();
            let new: Vec<Event> = chosen
                .into_iter()
                .map(|what| Event {
                    at,
                    actor: actor.clone(),
                    what,
                })
                .collect();
            events.extend(new.iter().cloned());
            let after = replay(&events).map_err(|error| OrderError::NotNow(error.why))?;
            match self.store().append(id, recovery.n + 1, &new).await {
                Ok(()) => {
                    self.keep(&after);
                    self.wake(id);
                    self.tell(Told::Recovery(id));
                    return Ok(());
                }
                Err(StoreError::Raced { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(OrderError::NotNow(
            "others keep changing this recovery; try again".to_owned(),
        ))
    }

    /// The end of the grace for a tap on a page or the command page, on the product's clock.
    fn grace(&self, who: &Person) -> Option<Timestamp> {
        let wall = match who.door {
            Door::Page | Door::Command => SignedDuration::from_secs(GRACE_S),
            Door::Api | Door::Chat => return None,
        };
        let seconds = wall.as_secs_f64() * self.inner.clock.speed();
        Some(self.now() + SignedDuration::try_from_secs_f64(seconds).unwrap_or(wall))
    }

    /// The newest firing alarm that names this node: a person's start closes it at the end.
    pub async fn open_alarm(
        &self,
        target: &Target,
    ) -> Result<Option<(AlarmId, SourceName)>, StoreError> {
        let filter = crate::ports::AlarmFilter {
            status: Some(domain::alarm::Status::Firing),
            ..Default::default()
        };
        let rows = self
            .store()
            .alarms(
                &filter,
                crate::ports::Page {
                    after: None,
                    limit: 50,
                },
            )
            .await?;
        let rules = self.rules();
        let names = |row: &crate::ports::AlarmRow| {
            let (rule, found) = answer(&rules, &row.alarm.text, &row.alarm.labels)?;
            self.with_known(|known| resolve(&found.captures, rule.draft.cluster.as_ref(), known))
                .ok()
        };
        let open = rows.iter().find(|row| {
            names(row)
                .is_some_and(|named| named.uid == target.uid && named.cluster == target.cluster)
        });
        Ok(open.map(|row| (row.alarm.id, row.alarm.source.clone())))
    }
}
