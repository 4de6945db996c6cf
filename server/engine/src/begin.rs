//! From a trigger to a stored plan with its first intent, while nobody else may use up the limits.

use crate::intake::plain;
use crate::ports::{NewRecovery, StoreError, Verdict};
use crate::tell::Told;
use crate::{Engine, OrderError, Site};
use domain::alarm::Disposition;
use domain::event::{Event, What};
use domain::guard::{Gate, gate};
use domain::id::RecoveryId;
use domain::plan::{Plan, Refusal, World, make};
use domain::recovery::replay;
use domain::step::{Facts, Move, StepKind};
use domain::target::Target;
use domain::trigger::{Actor, Trigger};
use domain::world::{Healers, MachineFacts, NodeFacts, Reading};
use jiff::Timestamp;

/// What is wanted, with what was just read.
pub(crate) struct Order {
    pub target: Target,
    pub trigger: Trigger,
    pub node: Reading<NodeFacts>,
    pub machine: Reading<MachineFacts>,
    pub healers: Healers,
    /// A tap may be taken back until then.
    pub grace: Option<Timestamp>,
}

impl Engine {
    /// The same decision as for a rule in force, and nothing more: for rules on observe.
    pub(crate) async fn observed(&self, site: &Site, order: &Order) -> Result<Verdict, StoreError> {
        let _turn = self.inner.turn.lock().await;
        let (target, trigger) = (&order.target, &order.trigger);
        let (world, _) = self.decide(site, order).await?;
        let would = match make(trigger, &world, world.scene.now) {
            Err(refusal) => format!("would have done nothing: {refusal}"),
            Ok(_) => {
                // Trouble is trouble, whatever the rule that heard of it may do.
                let gate = self.in_trouble(site, target, trigger, &world).await?;
                let name = format!("{}/{}", target.cluster, target.node);
                match gate {
                    Gate::Open => format!("would have recovered {name}"),
                    Gate::Queued(why)
                    | Gate::Blocked(why)
                    | Gate::Guarded(why)
                    | Gate::Storm(why) => format!("would have held {name} back: {why}"),
                    Gate::Human(why) => format!("would have asked a person about {name}: {why}"),
                }
            }
        };
        let note = format!("rule is on observe: {would}");
        Ok(plain(Disposition::Matched, Some(note)))
    }

    /// One more node in trouble may be the one that trips the breaker, before anything is done about it.
    async fn in_trouble(
        &self,
        site: &Site,
        target: &Target,
        trigger: &Trigger,
        world: &World,
    ) -> Result<Gate, StoreError> {
        self.trouble(site, &target.node).await?;
        let facts = match &world.node {
            Reading::Seen(node) => Some(node),
            Reading::Absent | Reading::Unreadable(_) => None,
        };
        let scene = self.scene(site, &target.node, facts).await?;
        Ok(gate(StepKind::Cordon, trigger, false, &scene))
    }

    /// What a plan is made from, and whether its first step may begin; call it while holding `turn`.
    async fn decide(&self, site: &Site, order: &Order) -> Result<(World, Gate), StoreError> {
        let (target, trigger) = (&order.target, &order.trigger);
        let known = plannable(site, target, trigger, &order.node);
        let (facts, baseline) = match &known {
            Reading::Seen(node) => (Some(node), Self::baseline(site, node)),
            Reading::Absent | Reading::Unreadable(_) => (None, None),
        };
        let mut scene = self.scene(site, &target.node, facts).await?;
        scene.healers.clone_from(&order.healers);
        let open = gate(StepKind::Cordon, trigger, false, &scene);
        let world = World {
            target: target.clone(),
            node: known,
            machine: order.machine.clone(),
            checks: site.planned_checks(),
            scene,
            baseline,
        };
        Ok((world, open))
    }

    /// Makes the plan and stores it together with the first intent.
    pub(crate) async fn begin(
        &self,
        site: &Site,
        order: Order,
    ) -> Result<Result<RecoveryId, Refusal>, StoreError> {
        let turn = self.inner.turn.lock().await;
        let (world, mut open) = self.decide(site, &order).await?;
        let Order {
            target,
            trigger,
            node,
            healers,
            grace,
            machine: _,
        } = order;
        let now = world.scene.now;
        let plan = match make(&trigger, &world, now) {
            Ok(plan) => plan,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if trigger.automatic() {
            open = self.in_trouble(site, &target, &trigger, &world).await?;
        }
        if let Some(old) = trigger.retry_of() {
            self.free_slot(old, &trigger).await?;
        }
        let new = NewRecovery {
            cluster: target.cluster.clone(),
            node: target.node.clone(),
            uid: target.uid.clone(),
        };
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
        self.wake_with(id, grace.is_none().then_some((fresh, healers)));
        Ok(Ok(id))
    }

    /// The recovery that is repeated asks nobody any more, now that nothing refuses the new one.
    async fn free_slot(&self, old: RecoveryId, trigger: &Trigger) -> Result<(), StoreError> {
        let seen = self
            .append_to(old, author(trigger), |recovery| {
                let asks = recovery.human.is_some() && recovery.holds_slot();
                Ok(asks.then_some(What::Acknowledged).into_iter().collect())
            })
            .await;
        match seen {
            Ok(()) => Ok(()),
            Err(OrderError::Store(error)) => Err(error),
            Err(error) => Err(StoreError::Failed(error.to_string())),
        }
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
        if let Some(node) = nodes.iter().find(|node| node.uid == target.uid) {
            return Reading::Seen(node.clone());
        }
    }
    read.clone()
}

/// The plan and, where nothing holds it back, the intent to cordon: one commit before the first patch.
fn first_events(
    id: RecoveryId,
    plan: Plan,
    author: Actor,
    open: &Gate,
    grace: Option<Timestamp>,
    now: Timestamp,
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
