//! Carries out what the domain decided; knows other systems only as ports.

mod act;
mod begin;
mod blocking;
mod change;
pub mod cordons;
mod drive;
mod flight;
mod healers;
mod impact;
mod incidents;
mod intake;
mod look;
pub mod orders;
pub mod ports;
mod pulse;
mod rules;
mod scene;
mod seen;
mod self_alarms;
mod set_back;
mod supervise;
pub mod tell;
mod try_check;
mod waits;
pub mod weather;

#[cfg(feature = "fakes")]
pub mod fakes;

pub use flight::{Flight, Receipt};
pub use healers::View;
pub use orders::OrderError;

use domain::baseline::NodeBaseline;
use domain::check::TeamCheck;
use domain::guard::{Guards, Switch};
use domain::id::{ClusterName, NodeName, RecoveryId, SourceName};
use domain::recovery::Recovery;
use domain::rule::pattern::{Armed, Pattern};
use domain::target::Known;
use domain::world::{Healer, NodeFacts};
use jiff::{SignedDuration, Timestamp};
use ports::{AlarmSource, Check, Clock, Cloud, Cluster, Gauge, Store, StoreError, SwitchRow};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;
use tell::Told;
use tokio::sync::{Notify, broadcast, mpsc};

/// One configured cluster with its cloud and limits.
pub struct Site {
    /// The cluster.
    pub cluster: Arc<dyn Cluster>,
    /// Its cloud; without one nothing can be started.
    pub cloud: Option<Arc<dyn Cloud>>,
    /// Other names people use.
    pub aliases: Vec<String>,
    /// Its limits.
    pub guards: Guards,
    /// The node this process runs on, if it runs in this cluster.
    pub own_node: Option<NodeName>,
    /// Healers whose nodes the owner gave to us.
    pub own_recovery: Vec<Healer>,
    /// Physical hosts of nodes, where the owner says them.
    pub hosts: BTreeMap<NodeName, String>,
    /// The cloud account; clusters that share it share its limit on starts.
    pub account: Option<String>,
    /// Checks of the team, in their order.
    pub checks: Vec<SiteCheck>,
    /// What people feel of a failure; `None`: it is not measured.
    pub impact: Option<SiteImpact>,
    /// A node not Ready for so long is an alarm by itself; `None`: alarms come from outside only.
    pub node_watch: Option<SignedDuration>,
}

/// One check of the team with its adapter.
pub struct SiteCheck {
    /// What plans know of it.
    pub planned: TeamCheck,
    /// How long one try may take.
    pub timeout: Duration,
    /// What it does, in words for people: `GET https://shop.example/healthz`.
    pub what: String,
    /// Carries it out.
    pub port: Arc<dyn Check>,
}

/// What people feel of a failure.
pub struct SiteImpact {
    /// What is measured, in words.
    pub what: String,
    /// Measures it.
    pub gauge: Arc<dyn Gauge>,
}

impl Site {
    /// What plans know of its checks.
    pub fn planned_checks(&self) -> Vec<TeamCheck> {
        self.checks.iter().map(|one| one.planned.clone()).collect()
    }

    /// A node as the watch cache has it: to find it, never to decide about it.
    pub fn known(&self, node: &NodeName) -> Option<NodeFacts> {
        let nodes = self.cluster.nodes();
        nodes.iter().find(|one| one.name == *node).cloned()
    }
}

/// An alarm that arrives again and again as long as its source works.
#[derive(Clone)]
pub struct Heartbeat {
    /// Whose.
    pub source: SourceName,
    /// What it looks like.
    pub pattern: Pattern,
    /// Absent for so long it is an alarm by itself.
    pub silent: SignedDuration,
}

/// All ports, chosen by the wiring.
pub struct Ports {
    /// What survives a restart.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// What a config names.
    pub setup: Setup,
}

/// What a config names, and another config may change while everything runs.
pub struct Setup {
    /// The clusters.
    pub sites: Vec<Site>,
    /// The alarm sources.
    pub sources: BTreeMap<SourceName, Arc<dyn AlarmSource>>,
    /// Heartbeats that must not stay away.
    pub heartbeats: Vec<Heartbeat>,
}

/// How many alarms may wait in memory; more wait in the store.
const QUEUE: usize = 4096;

/// The engine: a handle that is cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    setup: RwLock<Arc<change::InForce>>,
    rules: RwLock<Arc<Vec<Armed>>>,
    switches: RwLock<Vec<SwitchRow>>,
    /// Recoveries that hold a slot, as last written.
    live: Mutex<HashMap<RecoveryId, Recovery>>,
    /// A bell per running driver.
    drivers: Mutex<HashMap<RecoveryId, Arc<Notify>>>,
    /// Held from looking at the limits until what uses them up is stored.
    turn: tokio::sync::Mutex<()>,
    /// Held while a switch is thrown, until what is in force is what is stored.
    throwing: tokio::sync::Mutex<()>,
    /// The same for rules.
    reading_rules: tokio::sync::Mutex<()>,
    queue: mpsc::Sender<domain::alarm::Alarm>,
    told: broadcast::Sender<Told>,
    /// Calls that are under way.
    flights: Mutex<HashMap<RecoveryId, Flight>>,
    /// Troubles and the open breaker, per cluster, as the store has them.
    skies: Mutex<HashMap<ClusterName, weather::Sky>>,
    /// Per cluster, patterns of blocking alarms and those of them that fire.
    blocking: Mutex<HashMap<ClusterName, blocking::Watch>>,
    /// What was last seen of each cluster, as the store has it.
    seen: Mutex<HashMap<ClusterName, ports::ClusterSeen>>,
    /// What our own alarms were raised about.
    own: Mutex<self_alarms::Own>,
    /// Hosts of nodes, and the incidents on them that are open.
    hosts: Mutex<incidents::Hosts>,
    /// What running steps wait for.
    waits: Mutex<HashMap<RecoveryId, String>>,
    /// Of the loop that leads recoveries.
    pulse: pulse::Pulse,
}

impl Engine {
    /// Reads rules, switches and running recoveries from the store and begins to work.
    pub async fn start(ports: Ports) -> Result<Self, StoreError> {
        let (queue, alarms) = mpsc::channel(QUEUE);
        let (told, _) = broadcast::channel(4096);
        let Ports {
            store,
            clock,
            setup,
        } = ports;
        let rules = rules::armed(store.rules().await?);
        let switches = store.switches().await?;
        let skies = weather::remembered(store.as_ref(), &setup.sites, clock.now()).await?;
        let blocking = blocking::watches(&setup.sites);
        let own = self_alarms::Own::new(&setup.heartbeats, clock.now());
        let mut incidents = store.incidents(500).await?;
        incidents.retain(|one| one.closed_at.is_none());
        let seen = seen::remembered(store.as_ref()).await?;
        let engine = Self {
            inner: Arc::new(Inner {
                store,
                clock,
                setup: RwLock::new(Arc::new(change::InForce::new(setup))),
                rules: RwLock::new(Arc::new(rules)),
                switches: RwLock::new(switches),
                live: Mutex::new(HashMap::new()),
                drivers: Mutex::new(HashMap::new()),
                turn: tokio::sync::Mutex::default(),
                throwing: tokio::sync::Mutex::default(),
                reading_rules: tokio::sync::Mutex::default(),
                queue,
                told,
                flights: Mutex::default(),
                skies: Mutex::new(skies),
                blocking: Mutex::new(blocking),
                seen: Mutex::new(seen),
                own: Mutex::new(own),
                hosts: Mutex::new(incidents::Hosts::new(incidents)),
                waits: Mutex::default(),
                pulse: pulse::Pulse::new(),
            }),
        };
        // Before the first driver: what blocks starts must be known by then.
        engine.recall_blocking().await?;
        engine.adopt().await?;
        tokio::spawn(engine.clone().work_alarms(alarms));
        tokio::spawn(engine.clone().supervise());
        tokio::spawn(engine.clone().follow_impact());
        Ok(engine)
    }

    /// The store, for lists.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.inner.store
    }

    /// Now, on the product's clock.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// How many alarms of the last day fire that nobody has acknowledged: the number on an app's icon.
    pub async fn badge(&self) -> Result<u32, StoreError> {
        let day = SignedDuration::from_hours(24);
        self.store().firing(self.now() - day).await
    }

    /// The configured clusters.
    pub fn sites(&self) -> Arc<[Arc<Site>]> {
        Arc::clone(&self.setup().sites)
    }

    /// The cluster of a name or alias.
    pub fn site(&self, name: &str) -> Option<Arc<Site>> {
        let called = |site: &&Arc<Site>| {
            site.cluster.name().as_str().eq_ignore_ascii_case(name)
                || site
                    .aliases
                    .iter()
                    .any(|one| one.eq_ignore_ascii_case(name))
        };
        self.sites().iter().find(called).cloned()
    }

    /// How long the loop that takes over recoveries and looks around has not turned, on the monotonic clock. It turns about
    /// once a second; one that hangs or is dead is silent for ever.
    pub fn silent_for(&self) -> Duration {
        self.inner.pulse.silent_for()
    }

    /// How much faster than the wall its clock runs.
    pub fn speed(&self) -> f64 {
        self.inner.clock.speed()
    }

    /// Numbers of running recoveries that are so.
    pub(crate) fn live_ids(&self, so: impl Fn(&Recovery) -> bool) -> Vec<RecoveryId> {
        let live = self.live();
        let some = live.values().filter(|one| so(one));
        some.map(|one| one.id).collect()
    }

    /// Running recoveries as last written.
    pub fn running(&self) -> Vec<Recovery> {
        self.live().values().cloned().collect()
    }

    /// The stricter of the global and the cluster's switch.
    pub fn switch(&self, cluster: &ClusterName) -> Switch {
        let rows = self
            .inner
            .switches
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        rows.iter()
            .filter(|row| row.cluster.as_ref().is_none_or(|one| one == cluster))
            .map(|row| row.mode)
            .max()
            .unwrap_or_default()
    }

    fn live(&self) -> MutexGuard<'_, HashMap<RecoveryId, Recovery>> {
        self.inner
            .live
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `search` over all clusters with their cached nodes.
    pub fn with_known<T>(&self, search: impl FnOnce(&[Known<'_>]) -> T) -> T {
        let sites = self.sites();
        let nodes: Vec<Arc<[NodeFacts]>> = sites.iter().map(|site| site.cluster.nodes()).collect();
        let known: Vec<Known<'_>> = sites
            .iter()
            .zip(&nodes)
            .map(|(site, nodes)| Known {
                cluster: site.cluster.name(),
                aliases: &site.aliases,
                nodes,
            })
            .collect();
        search(&known)
    }

    fn baseline(site: &Site, node: &NodeFacts) -> Option<NodeBaseline> {
        let kept = site.cluster.baselines();
        let well_until = if node.ready == domain::world::Ready::True {
            Timestamp::MAX
        } else {
            node.ready_since
        };
        domain::baseline::before(&kept, well_until).map(|one| one.node(&node.name))
    }
}
