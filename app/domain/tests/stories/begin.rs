//! How a recovery begins, or why not: from an alarm's text or a person's tap to a plan.

use crate::drive::{Run, Stage};
use crate::world::{prod, seconds};
use domain::access::Door;
use domain::event::What;
use domain::guard::Scene;
use domain::id::{AlarmId, ClusterName, PersonName, RecoveryId, RuleId, SourceName};
use domain::plan::{self, Refusal};
use domain::recovery::{Recovery, State};
use domain::rule::pattern::{Armed, answer};
use domain::rule::{Mode, Rule, shipped};
use domain::step::StepKind;
use domain::target::{Known, Target, resolve};
use domain::trigger::{Actor, Trigger};
use domain::world::{Healers, Reading, Ready};

impl Stage {
    pub fn scene(&self, at: Option<usize>, target: &Target) -> Scene {
        let others: Vec<Recovery> = self
            .runs
            .iter()
            .enumerate()
            .filter(|(other, _)| Some(*other) != at)
            .map(|(_, run)| run.recovery())
            .collect();
        let acting =
            u32::try_from(others.iter().filter(|one| one.acting(self.now())).count()).unwrap();
        let same = |one: &&Recovery| one.plan.target.uid == target.uid;
        let id = at.map_or(RecoveryId(0), |at| RecoveryId(at as u64 + 1));
        let scene = Scene {
            cluster: target.cluster.clone(),
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
            now: self.now(),
            zone: None,
            acting_zone: 0,
            breaker: None,
            starts_cluster: 0,
            starts_account: 0,
            recent: 0,
            blocking: None,
            created_at: None,
            shutdown: None,
            purpose: None,
            excluded: false,
            host_down: None,
            healers: Healers::default(),
        };
        let known = self
            .world
            .nodes
            .iter()
            .find(|node| node.facts.uid == target.uid);
        match known {
            Some(node) => scene.of_node(&node.facts),
            None => scene,
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
        let (prod, test) = (prod(), ClusterName::parse("test").unwrap());
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
            veto_s: self.veto.0,
            silence: self.veto.1,
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
        let held = self.scene(None, target).active.is_some();
        if let Some(at) = closed.filter(|at| !held && self.runs[*at].recovery().human.is_none()) {
            let reason = "the alarm fired again within 5 min of its close; look at the node before another start";
            self.push(
                at,
                Actor::Uncordon,
                What::NeedsHuman {
                    reason: reason.to_owned(),
                },
            );
        }
        closed.is_some() && !held
    }

    pub fn plan(&mut self, trigger: &Trigger, target: Target, actor: Actor) {
        let node = self.world.read_node(&target);
        let since = match &node {
            Reading::Seen(node) if node.ready != Ready::True => node.ready_since,
            _ => self.now(),
        };
        let before = domain::baseline::before(&self.world.baselines, since);
        let world = plan::World {
            node,
            machine: self.world.read_machine(&target),
            checks: self.world.team.checks.clone(),
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
}
