//! Alarms in: stored first, then matched, resolved to one node, planned and handed to a driver.

use crate::Engine;
use crate::begin::Order;
use crate::ports::{Accepted, StoreError, Verdict};
use crate::tell::Told;
use domain::alarm::{Alarm, Disposition, NewAlarm, Status};
use domain::event::What;
use domain::id::RecoveryId;
use domain::plan::Refusal;
use domain::recovery::Recovery;
use domain::rule::pattern::answer;
use domain::rule::{Match, Mode, Rule};
use domain::target::{Target, resolve};
use domain::trigger::{Actor, Trigger};
use domain::watch::HEARTBEAT;
use domain::world::Reading;
use jiff::SignedDuration;
use tokio::sync::{Semaphore, mpsc};

/// Tries after which an alarm is poison.
pub(crate) const TRIES_MAX: u32 = 5;
/// How far a source's clock may run ahead of ours.
const AHEAD: SignedDuration = SignedDuration::from_secs(120);
/// Alarms worked on at the same time.
const AT_ONCE: usize = 16;

impl Engine {
    /// Stores alarms and answers after the commit; the final word follows.
    pub async fn accept(&self, alarms: Vec<NewAlarm>) -> Result<Vec<Accepted>, StoreError> {
        let ttl = self
            .sites()
            .iter()
            .map(|site| site.guards.alarm_ttl_s)
            .min()
            .unwrap_or(900);
        let beats = self.beats_in(&alarms);
        let accepted = self.store().accept(alarms, self.now(), ttl).await?;
        self.beat(&beats);
        for one in &accepted {
            if let Some(alarm) = &one.alarm {
                self.note_blocking(alarm);
                // A full queue loses nothing: the supervisor finds the alarm in the store.
                let _ = self.inner.queue.try_send(alarm.clone());
            }
        }
        Ok(accepted)
    }

    pub(crate) async fn work_alarms(self, mut queue: mpsc::Receiver<Alarm>) {
        let places = std::sync::Arc::new(Semaphore::new(AT_ONCE));
        while let Some(alarm) = queue.recv().await {
            let Ok(place) = std::sync::Arc::clone(&places).acquire_owned().await else {
                return;
            };
            let engine = self.clone();
            tokio::spawn(async move {
                engine.work_alarm(alarm).await;
                drop(place);
            });
        }
    }

    /// Works on one stored alarm to its final word.
    pub(crate) async fn work_alarm(&self, alarm: Alarm) {
        let id = alarm.id;
        // Whoever stored it may not have lived to do this.
        self.note_blocking(&alarm);
        let verdict = match alarm.status {
            Status::Firing => self.firing(&alarm).await,
            Status::Resolved | Status::Closed => self.resolved(&alarm).await,
        };
        let stored = match verdict {
            Ok(verdict) => self.store().dispose(id, &verdict).await,
            Err(error) => Err(error),
        };
        match stored {
            Ok(()) => self.tell(Told::Alarm(id)),
            Err(error) => {
                tracing::error!(alarm.id = %id, %error, "Alarm could not be worked on; it is tried again");
            }
        }
    }

    async fn firing(&self, alarm: &Alarm) -> Result<Verdict, StoreError> {
        let rules = self.rules();
        let Some((rule, found)) = answer(&rules, &alarm.text, &alarm.labels) else {
            return Ok(unmatched(alarm));
        };
        let mut verdict = self.matched(alarm, rule, &found).await?;
        verdict.rule = Some(rule.id);
        Ok(verdict)
    }

    async fn matched(
        &self,
        alarm: &Alarm,
        rule: &Rule,
        found: &Match,
    ) -> Result<Verdict, StoreError> {
        let target = match self
            .with_known(|known| resolve(&found.captures, rule.draft.cluster.as_ref(), known))
        {
            Ok(target) => target,
            Err(problem) => {
                let note = format!("{problem}; nothing was touched");
                return Ok(Verdict {
                    needs_look: true,
                    ..plain(Disposition::Matched, Some(note))
                });
            }
        };
        let Some(site) = self.site_of(&target) else {
            return Ok(plain(Disposition::Unmatched, None));
        };
        let since = self.now() - SignedDuration::from_secs(site.guards.refire_s.into());
        if let Some((_, recovery)) = self.store().closed_since(alarm, since).await? {
            return self.fired_again(recovery, &target).await;
        }
        self.refresh_blocking().await?;
        // A source whose clock runs ahead must not keep its alarm young for ever.
        let ahead = alarm.starts_at > alarm.received_at + AHEAD;
        let starts_at = if ahead {
            alarm.received_at
        } else {
            alarm.starts_at
        };
        let trigger = Trigger::Alarm {
            alarm: alarm.id,
            source: alarm.source.clone(),
            text: alarm.text.clone(),
            starts_at,
            rule: rule.id,
            version: rule.version,
            mode: rule.draft.mode,
            veto_s: rule.draft.veto_s,
            silence: rule.draft.silence,
        };
        let (node, healers) = tokio::join!(self.read_node(&target), self.healers(&site, &target));
        let order = Order {
            target,
            trigger,
            node,
            healers,
            machine: Reading::Absent,
            grace: None,
        };
        if rule.draft.mode == Mode::Observe {
            return self.observed(&site, &order).await;
        }
        match self.begin(&site, order).await? {
            Ok(id) => Ok(Verdict {
                recovery: Some(id),
                ..plain(
                    Disposition::Matched,
                    ahead.then(|| {
                        "its start lies in the future; its age counts from its receipt".to_owned()
                    }),
                )
            }),
            Err(refusal) => Ok(self.refused(alarm, &refusal)),
        }
    }

    fn refused(&self, alarm: &Alarm, refusal: &Refusal) -> Verdict {
        let note = Some(refusal.to_string());
        match refusal {
            Refusal::AlreadyRecovering { recovery, .. } => {
                let own = self.live().get(recovery).is_some_and(|one| {
                    one.plan
                        .trigger
                        .alarm()
                        .is_some_and(|(id, _)| id == alarm.id)
                });
                let disposition = if own {
                    Disposition::Matched
                } else {
                    Disposition::Duplicate
                };
                Verdict {
                    recovery: Some(*recovery),
                    ..plain(disposition, None)
                }
            }
            Refusal::Expired { .. } => plain(Disposition::Expired, note),
            Refusal::Switched { .. }
            | Refusal::Excluded
            | Refusal::OtherHealer { .. }
            | Refusal::Maintenance { .. }
            | Refusal::BlockedByAlarm { .. } => plain(Disposition::Suppressed, note),
            Refusal::StoppedOnPurpose { .. } => Verdict {
                needs_look: true,
                ..plain(Disposition::Suppressed, note)
            },
            Refusal::AlreadyHealthy { .. }
            | Refusal::RunningNotReady { .. }
            | Refusal::Blind { .. }
            | Refusal::Gone { .. }
            | Refusal::NotStartable { .. }
            | Refusal::ConfirmNeeded { .. } => Verdict {
                needs_look: true,
                ..plain(Disposition::Matched, note)
            },
        }
    }

    /// The same alarm shortly after we closed it: a start did not cure the cause.
    async fn fired_again(&self, id: RecoveryId, target: &Target) -> Result<Verdict, StoreError> {
        // Somebody is at work on the node again already: this belongs to that recovery.
        let again = self
            .running()
            .into_iter()
            .find(|one| one.plan.target == *target);
        if let Some(recovery) = again.filter(|one| one.id != id) {
            let note = "fired again while another recovery is at work".to_owned();
            return Ok(Verdict {
                recovery: Some(recovery.id),
                ..plain(Disposition::Duplicate, Some(note))
            });
        }
        let reason = "The alarm fired again shortly after it was closed. Look for the cause before starting the node again.";
        let appended = self
            .append_to(id, Actor::Uncordon, |recovery| {
                if recovery.human.is_some() {
                    Ok(Vec::new())
                } else {
                    Ok(vec![What::NeedsHuman {
                        reason: reason.to_owned(),
                    }])
                }
            })
            .await;
        match appended {
            Ok(())
            | Err(
                crate::OrderError::Refused(_)
                | crate::OrderError::NotNow(_)
                | crate::OrderError::Held(_)
                | crate::OrderError::Wordless,
            ) => {}
            Err(crate::OrderError::Store(error)) => return Err(error),
        }
        Ok(Verdict {
            recovery: Some(id),
            ..plain(
                Disposition::Duplicate,
                Some("fired again shortly after it was closed".to_owned()),
            )
        })
    }

    async fn resolved(&self, alarm: &Alarm) -> Result<Verdict, StoreError> {
        if alarm.source.as_str() == HEARTBEAT {
            self.heard_again(alarm).await?;
        }
        let mut of = None;
        let running: Vec<Recovery> = self.running();
        for recovery in running {
            let Some((id, source)) = recovery.plan.trigger.alarm() else {
                continue;
            };
            if *source != alarm.source {
                continue;
            }
            // A late word about an older episode says nothing about this one.
            let same = self.store().alarm(id).await?.is_some_and(|row| {
                row.alarm.fingerprint == alarm.fingerprint && row.alarm.starts_at <= alarm.starts_at
            });
            if same {
                of = Some(recovery.id);
                let once = |now: &Recovery| {
                    if now.resolved {
                        Ok(Vec::new())
                    } else {
                        Ok(vec![What::AlarmResolved])
                    }
                };
                if let Err(crate::OrderError::Store(error)) = self
                    .append_to(recovery.id, Actor::Source(alarm.source.clone()), once)
                    .await
                {
                    return Err(error);
                }
            }
        }
        let disposition = if of.is_some() {
            Disposition::Matched
        } else {
            // The alarm it ends is over already, by our close or before any rule took it.
            Disposition::Duplicate
        };
        Ok(Verdict {
            recovery: of,
            ..plain(disposition, Some("resolved at the source".to_owned()))
        })
    }
}

/// No rule took it; only that a source fell silent is shown to a person all the same.
fn unmatched(alarm: &Alarm) -> Verdict {
    Verdict {
        needs_look: alarm.source.as_str() == HEARTBEAT,
        ..plain(Disposition::Unmatched, None)
    }
}

/// A verdict without rule and recovery.
pub(crate) const fn plain(disposition: Disposition, note: Option<String>) -> Verdict {
    Verdict {
        disposition,
        rule: None,
        recovery: None,
        note,
        needs_look: false,
    }
}
