//! One node with its machine and one alarm: cluster, cloud and alarm source at once, with a ledger of accepted calls.

use super::{FakeCheck, FakeGauge, VirtualClock};
use crate::ports::{AlarmSource, Clock, Cloud, Cluster, Marking};
use async_trait::async_trait;
use domain::alarm::Alarm;
use domain::baseline::Baseline;
use domain::id::{ClusterName, NodeName, NodeUid, SourceName};
use domain::step::Answer;
use domain::target::Target;
use domain::world::{
    Allocatable, ClusterFacts, Cordon, Healer, Healers, MachineFacts, MachineState, NodeFacts,
    NodeRecord, OwnerMark, PodFacts, PodPhase, Reading, Ready, Sight, WorkloadKind,
};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Accepted calls, in order.
pub type Ledger = Vec<String>;

/// Seconds from an accepted start to a Ready node.
const BOOT_S: i64 = 20;

struct State {
    version: u64,
    boot: u32,
    up_since: Option<Timestamp>,
    cordon: Cordon,
    ledger: Ledger,
    /// Answers to give instead of doing it, first one first; the flag says whether it is done all the same.
    answers: Vec<(Answer, bool)>,
    unreadable: bool,
    /// Not seen once by the process that looks now.
    unseen: bool,
    healers: Healers,
    baselines: Vec<Arc<Baseline>>,
    checks: Vec<FakeCheck>,
    gauge: Option<FakeGauge>,
}

/// The world; clones share it.
#[derive(Clone)]
pub struct FakeWorld {
    name: ClusterName,
    clock: VirtualClock,
    state: Arc<Mutex<State>>,
}

/// The name of its alarm source.
pub fn source() -> SourceName {
    SourceName::parse("fake").expect("a plain name is valid")
}

impl FakeWorld {
    /// Node `node-12` of cluster `prod`, well since long ago.
    pub fn new() -> Self {
        let clock = VirtualClock::new();
        let state = State {
            version: 1,
            boot: 1,
            up_since: Some(clock.now() - SignedDuration::from_hours(1)),
            cordon: Cordon::Open,
            ledger: Vec::new(),
            answers: Vec::new(),
            unreadable: false,
            healers: Healers::default(),
            unseen: false,
            baselines: Vec::new(),
            checks: Vec::new(),
            gauge: None,
        };
        Self {
            name: ClusterName::parse("prod").expect("a plain name is valid"),
            clock,
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Its clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.clock)
    }

    /// One more check of the team.
    pub fn add_check(&self, check: FakeCheck) {
        self.state().checks.push(check);
    }

    /// Its impact is measured from now on.
    pub fn set_gauge(&self, gauge: FakeGauge) {
        self.state().gauge = Some(gauge);
    }

    /// The gauge of its impact, as a site has it.
    pub fn impact(&self) -> Option<crate::SiteImpact> {
        let gauge = self.state().gauge?;
        Some(gauge.site())
    }

    /// The checks of the team, as a site has them.
    pub fn checks(&self) -> Vec<crate::SiteCheck> {
        let checks = self.state().checks.clone();
        checks.iter().map(|one| one.site(self)).collect()
    }

    /// Notes that something was done outside.
    pub(super) fn note(&self, line: String) {
        self.state().ledger.push(line);
    }

    /// Turns the machine off.
    pub fn power_off(&self) {
        self.state().up_since = None;
    }

    /// The machine is on and its node Ready again, without us.
    pub fn come_back(&self) {
        let now = self.clock.now();
        let mut state = self.state();
        state.boot += 1;
        state.up_since = Some(now);
    }

    /// Somebody else's cordon.
    pub fn cordon_by_hand(&self) {
        self.state().cordon = Cordon::FOREIGN;
    }

    /// The next call gets this answer; `done` says whether it happens all the same.
    pub fn answer_next(&self, answer: Answer, done: bool) {
        self.state().answers.push((answer, done));
    }

    /// Whether reads fail from now on.
    pub fn set_unreadable(&self, unreadable: bool) {
        self.state().unreadable = unreadable;
    }

    /// Who else heals the node from now on.
    pub fn set_healers(&self, healers: Healers) {
        self.state().healers = healers;
    }

    /// Neither reads nor watches work, and the process that looks is a new one: it knows no node.
    pub fn set_unseen(&self, unseen: bool) {
        let mut state = self.state();
        state.unseen = unseen;
        state.unreadable = unseen;
    }

    /// Accepted calls so far.
    pub fn ledger(&self) -> Ledger {
        self.state().ledger.clone()
    }

    /// The cordon as it stands.
    pub fn cordon_now(&self) -> Cordon {
        self.state().cordon.clone()
    }

    /// The one node as a target.
    pub fn target(&self) -> Target {
        Target::of(&self.name, &self.node())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ready(&self) -> bool {
        self.state()
            .up_since
            .is_some_and(|at| at <= self.clock.now())
    }

    fn node(&self) -> NodeFacts {
        let now = self.clock.now();
        let ready = self.ready();
        let state = self.state();
        NodeFacts {
            name: NodeName::parse("node-12").expect("a plain name is valid"),
            uid: NodeUid::parse("uid-12").expect("a plain uid is valid"),
            resource_version: state.version.to_string(),
            addresses: vec!["10.0.0.12".to_owned()],
            provider_id: Some("openstack:///m-12".to_owned()),
            boot_id: format!("boot-{}", state.boot),
            ready: if ready { Ready::True } else { Ready::Unknown },
            ready_since: state
                .up_since
                .filter(|at| *at <= now)
                .unwrap_or(now - SignedDuration::from_secs(60)),
            lease_renewed: ready.then_some(now),
            cordon: state.cordon.clone(),
            pressure: Vec::new(),
            taints: Vec::new(),
            roles: Vec::new(),
            zone: Some("a".to_owned()),
            host: None,
            excluded: false,
            allocatable: Allocatable {
                cpu_milli: 4000,
                memory: 8 << 30,
                pods: 110,
            },
            created_at: now - SignedDuration::from_hours(100),
        }
    }

    fn all(&self) -> ClusterFacts {
        let node = self.node();
        let ready = node.ready == Ready::True;
        let pod = PodFacts {
            namespace: "db".to_owned(),
            name: "mysql-0".to_owned(),
            node: Some(node.name.clone()),
            owner: Some((WorkloadKind::StatefulSet, "mysql".to_owned())),
            phase: PodPhase::Running,
            ready,
            reason: None,
            since: node.ready_since,
            deleting_since: None,
            pinned: None,
            critical: false,
        };
        ClusterFacts {
            cluster: self.name.clone(),
            seen_at: self.clock.now(),
            sight: Sight::Live,
            nodes: [node].into(),
            pods: [Arc::new(pod)].into(),
            workloads: [].into(),
            csi: Arc::default(),
        }
    }

    /// Writes a call down and does it, unless another answer was ordered.
    fn call(&self, line: &str, effect: impl FnOnce(&mut State)) -> Answer {
        let mut state = self.state();
        let (answer, done) = if state.answers.is_empty() {
            (Answer::Done("1".to_owned()), true)
        } else {
            state.answers.remove(0)
        };
        if done {
            state.ledger.push(line.to_owned());
            state.version += 1;
            effect(&mut state);
        }
        answer
    }
}

impl Default for FakeWorld {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Cluster for FakeWorld {
    fn name(&self) -> &ClusterName {
        &self.name
    }

    fn nodes(&self) -> Arc<[NodeFacts]> {
        if self.state().unseen {
            return Vec::new().into();
        }
        [self.node()].into()
    }

    fn facts(&self) -> ClusterFacts {
        ClusterFacts {
            sight: self.sight(),
            nodes: self.nodes(),
            ..self.all()
        }
    }

    fn baselines(&self) -> Vec<Arc<Baseline>> {
        self.state().baselines.clone()
    }

    fn take_baseline(&self) {
        let baseline = Baseline::of(&self.all());
        self.state().baselines.push(Arc::new(baseline));
    }

    fn sight(&self) -> Sight {
        if !self.state().unseen {
            return Sight::Live;
        }
        Sight::Blind {
            since: self.clock.now(),
            why: "refused".to_owned(),
        }
    }

    async fn mark(&self, target: &Target, resource_version: &str, mark: &Marking) -> Answer {
        if self.state().version.to_string() != resource_version {
            return Answer::Conflict("changed meanwhile".to_owned());
        }
        let to = match mark {
            Marking::Recovery(mark) => Cordon::Ours(*mark),
            Marking::Person(mark) => Cordon::Held(mark.clone()),
            Marking::Nobody => Cordon::FOREIGN,
        };
        self.call(&format!("mark {}", target.node), |state| state.cordon = to)
    }

    async fn record(&self, _target: &Target) -> Reading<NodeRecord> {
        Reading::Seen(NodeRecord::default())
    }

    async fn read_node(&self, _target: &Target) -> Reading<NodeFacts> {
        if self.state().unreadable {
            Reading::Unreadable("refused".to_owned())
        } else {
            Reading::Seen(self.node())
        }
    }

    async fn read_all(&self) -> Reading<ClusterFacts> {
        if self.state().unreadable {
            Reading::Unreadable("refused".to_owned())
        } else {
            Reading::Seen(self.all())
        }
    }

    async fn healers(&self, _target: &Target, _own: &[Healer]) -> Healers {
        self.state().healers.clone()
    }

    async fn cordon(&self, _target: &Target, resource_version: &str, mark: OwnerMark) -> Answer {
        if self.state().version.to_string() != resource_version {
            return Answer::Conflict("changed meanwhile".to_owned());
        }
        self.call("cordon", |state| state.cordon = Cordon::Ours(mark))
    }

    async fn uncordon(&self, _target: &Target, resource_version: &str) -> Answer {
        if self.state().version.to_string() != resource_version {
            return Answer::Conflict("changed meanwhile".to_owned());
        }
        let foreign = matches!(self.cordon_now(), Cordon::Foreign(_));
        self.call(
            if foreign {
                "uncordon foreign"
            } else {
                "uncordon"
            },
            |state| state.cordon = Cordon::Open,
        )
    }
}

#[async_trait]
impl Cloud for FakeWorld {
    async fn console(&self, _machine: &str) -> Reading<String> {
        Reading::Seen("login:".to_owned())
    }

    async fn machine(&self, _target: &Target) -> Reading<MachineFacts> {
        if self.state().unreadable {
            return Reading::Unreadable("refused".to_owned());
        }
        let (state, detail) = if self.state().up_since.is_some() {
            (MachineState::On, "ACTIVE")
        } else {
            (MachineState::Off, "SHUTOFF")
        };
        Reading::Seen(MachineFacts::new("m-12", state, detail))
    }

    async fn start(&self, _machine: &str, _key: &str) -> Answer {
        let up = self.clock.now() + SignedDuration::from_secs(BOOT_S);
        self.call("start", |state| {
            state.boot += 1;
            state.up_since = Some(up);
        })
    }
}

#[async_trait]
impl AlarmSource for FakeWorld {
    async fn close(&self, _alarm: &Alarm, _now: Timestamp) -> Answer {
        self.call("close", |_| {})
    }
}
