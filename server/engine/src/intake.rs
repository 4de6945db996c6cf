//! Alarms in: stored first, then matched, resolved to one node, planned and handed to a driver.

use crate::ports::{Accepted, NewRecovery, StoreError, Verdict};
use crate::tell::Told;
use crate::{Engine, Site};
use domain::alarm::{Alarm, Disposition, NewAlarm, Status};
use domain::event::{Event, What};
use domain::guard::gate;
use domain::id::RecoveryId;
use domain::plan::{Plan, Refusal, World, make};
use domain::recovery::{Recovery, replay};
use domain::rule::pattern::answer;
use domain::rule::{Match, Mode, Rule};
use domain::step::{Facts, Move, StepKind};
use domain::target::{Target, resolve};
use domain::trigger::{Actor, Trigger};
use domain::world::{NodeFacts, Reading};
use jiff::SignedDuration;
use tokio::sync::{Semaphore, mpsc};

/// Tries after which an alarm is poison.
pub(crate) const TRIES_MAX: u32 = 5;
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
        let accepted = self.store().accept(alarms, self.now(), ttl).await?;
        for one in &accepted {
            if let Some(alarm) = &one.alarm {
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
            return Ok(plain(Disposition::Unmatched, None));
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
        if rule.draft.mode == Mode::Observe {
            return Ok(plain(
                Disposition::Matched,
                Some(format!(
                    "rule is on observe: would have recovered {}/{}",
                    target.cluster, target.node
                )),
            ));
        }
        let trigger = Trigger::Alarm {
            alarm: alarm.id,
            source: alarm.source.clone(),
            text: alarm.text.clone(),
            starts_at: alarm.starts_at,
            rule: rule.id,
            version: rule.version,
            mode: rule.draft.mode.min(site.most),
        };
        let node = self.read_node(&target).await;
        match self
            .begin(site, target, trigger, node, Reading::Absent, None)
            .await?
        {
            Ok(id) => Ok(Verdict {
                recovery: Some(id),
                ..plain(Disposition::Matched, None)
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
            Refusal::Switched { .. } | Refusal::Excluded => plain(Disposition::Suppressed, note),
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
            Ok(()) | Err(crate::OrderError::Refused(_) | crate::OrderError::NotNow(_)) => {}
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
        let mut of = None;
        let running: Vec<Recovery> = self.running();
        for recovery in running {
            let Some((id, source)) = recovery.plan.trigger.alarm() else {
                continue;
            };
            if *source != alarm.source {
                continue;
            }
            let same = self
                .store()
                .alarm(id)
                .await?
                .is_some_and(|row| row.alarm.fingerprint == alarm.fingerprint);
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

    /// Makes the plan and stores it together with the first intent, while nobody else may use up the limits.
    pub(crate) async fn begin(
        &self,
        site: &Site,
        target: Target,
        trigger: Trigger,
        node: Reading<NodeFacts>,
        machine: Reading<domain::world::MachineFacts>,
        grace: Option<jiff::Timestamp>,
    ) -> Result<Result<RecoveryId, Refusal>, StoreError> {
        let last_ended = self
            .store()
            .last_ended(&target.cluster, &target.node)
            .await?;
        let turn = self.inner.turn.lock().await;
        let scene = self.scene(site, &target.node, last_ended);
        let known = plannable(site, &target, &trigger, &node);
        let baseline = match &known {
            Reading::Seen(node) => Self::baseline(site, node),
            Reading::Absent | Reading::Unreadable(_) => None,
        };
        let now = self.now();
        let world = World {
            target: target.clone(),
            node: known,
            machine,
            scene: scene.clone(),
            baseline,
        };
        let plan = match make(&trigger, &world, now) {
            Ok(plan) => plan,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let new = NewRecovery {
            cluster: target.cluster.clone(),
            node: target.node.clone(),
            uid: target.uid.clone(),
        };
        let open = gate(StepKind::Cordon, &trigger, false, &scene);
        let author = author(&trigger);
        let events = move |id| first_events(id, plan, author, &open, grace, now);
        let id = match self.store().create(&new, Box::new(events)).await {
            Ok(id) => id,
            Err(StoreError::Held(recovery)) => {
                let state = self
                    .load(recovery)
                    .await?
                    .map_or(domain::recovery::State::Running, |one| one.state());
                return Ok(Err(Refusal::AlreadyRecovering { recovery, state }));
            }
            Err(error) => return Err(error),
        };
        self.load(id).await?;
        drop(turn);
        self.tell(Told::Recovery(id));
        let fresh = Facts {
            node,
            machine: Reading::Absent,
            cluster: Reading::Absent,
            others: Vec::new(),
        };
        self.wake_with(id, grace.is_none().then_some(fresh));
        Ok(Ok(id))
    }
}

/// What a plan may be made from: a rule's alarm is not lost while the API stutters, so the watch cache will do for the
/// plan. Nothing is ever done on it: the first step reads anew.
fn plannable(
    site: &Site,
    target: &Target,
    trigger: &Trigger,
    read: &Reading<NodeFacts>,
) -> Reading<NodeFacts> {
    if let (Reading::Unreadable(_), true) = (read, trigger.automatic()) {
        let nodes = site.cluster.nodes();
        if let Some(node) = nodes.into_iter().find(|node| node.uid == target.uid) {
            return Reading::Seen(node);
        }
    }
    read.clone()
}

/// The plan and, where nothing holds it back, the intent to cordon: one commit before the first patch.
fn first_events(
    id: RecoveryId,
    plan: Plan,
    author: Actor,
    open: &domain::guard::Gate,
    grace: Option<jiff::Timestamp>,
    now: jiff::Timestamp,
) -> Vec<Event> {
    let mut events = vec![Event {
        at: now,
        actor: author,
        what: What::Planned {
            id,
            plan: Box::new(plan),
        },
    }];
    if let Some(until) = grace {
        events.push(Event {
            at: now,
            actor: Actor::Uncordon,
            what: What::GraceStarted { until },
        });
    } else if let Ok(recovery) = replay(&events)
        && let Move::Append(what) = recovery.begin(StepKind::Cordon, open, now)
    {
        events.push(Event {
            at: now,
            actor: Actor::Uncordon,
            what,
        });
    }
    events
}

fn author(trigger: &Trigger) -> Actor {
    match trigger {
        Trigger::Alarm { rule, .. } => Actor::Rule(*rule),
        Trigger::Person { name, .. } => Actor::Person(name.clone()),
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
