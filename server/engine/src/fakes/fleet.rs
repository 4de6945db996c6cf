//! Many nodes in zones and on hosts, with their machines: a cluster and its cloud that can fail in every way at once.

mod ports;
mod view;

use super::VirtualClock;
use crate::ports::Clock;
use domain::baseline::Baseline;
use domain::id::ClusterName;
use domain::step::Answer;
use domain::target::Target;
use domain::world::{Cordon, Group, Healers, NodeFacts};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Seconds from an accepted start to a Ready node.
const BOOT_S: i64 = 20;

/// One accepted call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// `cordon`, `uncordon`, `mark`, `start` or `close`.
    pub what: &'static str,
    /// Number of the node; 0 for a close.
    pub node: usize,
    /// Whether it took off a cordon that no recovery of ours placed.
    pub foreign: bool,
    /// Whether the machine was on at that moment.
    pub on: bool,
}

/// What never answers again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hang {
    /// Reads of a node.
    ReadNode,
    /// Reads of everything.
    ReadAll,
    /// Reads of a machine.
    ReadMachine,
    /// Patches of a node.
    Patch,
    /// Starts.
    Start,
    /// Closes of an alarm.
    Close,
    /// The record and the console, which nothing may wait for.
    Record,
}

/// What a test may change of a node.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Machine and kubelet are up since; `None` while the machine is off.
    pub up_since: Option<Timestamp>,
    /// When it went down.
    pub down_since: Timestamp,
    /// Its cordon.
    pub cordon: Cordon,
    /// Its UID.
    pub uid: String,
    /// Its machine.
    pub provider: String,
    /// Why its machine counts as stopped on purpose.
    pub purpose: Option<String>,
    /// Taints.
    pub taints: Vec<String>,
    /// Carries the exclusion label.
    pub excluded: bool,
    /// Carries the control plane.
    pub control: bool,
    /// When the Node object was made.
    pub created_at: Timestamp,
    /// Who else heals it, as the cluster tells.
    pub healers: Healers,
    /// The group of the cloud its machine belongs to.
    pub group: Option<Group>,
    /// Comes up and never becomes Ready.
    pub broken: bool,
    /// Only its cloud tells its host, no label.
    pub cloud_host: bool,
    /// Its host refuses every start.
    pub no_host: bool,
    /// Its cloud takes starts, and the machine stays off.
    pub deaf: bool,
    version: u64,
    boot: u32,
}

/// A time without power.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// Number of the node.
    pub node: usize,
    /// Since when.
    pub from: Timestamp,
    /// When it was up again.
    pub to: Option<Timestamp>,
}

struct State {
    nodes: Vec<Spec>,
    ledger: Vec<Entry>,
    outages: Vec<Outage>,
    hang: Option<Hang>,
    stale: Option<Arc<[NodeFacts]>>,
    /// As last looked at, with the moment; nothing has changed since.
    view: Option<(Timestamp, Arc<[NodeFacts]>)>,
    unreadable: bool,
    blind: bool,
    slow: u64,
    poison: Option<usize>,
    baselines: Vec<Arc<Baseline>>,
}

/// The fleet; clones share it. Nodes are numbered from 1 and called `node-1`, `10.0.0.1`, ..
#[derive(Clone)]
pub struct Fleet {
    name: ClusterName,
    clock: VirtualClock,
    zones: usize,
    state: Arc<Mutex<State>>,
}

impl State {
    /// The node with this index, about to be changed.
    fn edit(&mut self, index: usize) -> &mut Spec {
        self.view = None;
        &mut self.nodes[index]
    }
}

impl Fleet {
    /// The cluster `prod` with so many nodes.
    pub fn new(nodes: usize, zones: usize) -> Self {
        Self::called("prod", nodes, zones)
    }

    /// So many nodes, dealt round robin to so many zones, four to a host.
    pub fn called(name: &str, nodes: usize, zones: usize) -> Self {
        let clock = VirtualClock::new();
        let long_ago = clock.now() - SignedDuration::from_hours(100);
        let spec = |number: usize| Spec {
            up_since: Some(long_ago),
            down_since: long_ago,
            cordon: Cordon::Open,
            uid: format!("uid-{number}"),
            provider: format!("openstack:///m-{number}"),
            purpose: None,
            taints: Vec::new(),
            excluded: false,
            control: false,
            created_at: long_ago,
            healers: Healers::default(),
            group: None,
            broken: false,
            cloud_host: false,
            no_host: false,
            deaf: false,
            version: 1,
            boot: 1,
        };
        let state = State {
            nodes: (1..=nodes).map(spec).collect(),
            ledger: Vec::new(),
            outages: Vec::new(),
            hang: None,
            stale: None,
            view: None,
            unreadable: false,
            blind: false,
            slow: 0,
            poison: None,
            baselines: Vec::new(),
        };
        Self {
            name: ClusterName::parse(name).expect("a plain name is valid"),
            clock,
            zones,
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Its clock.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.clock)
    }

    /// Changes a node.
    pub fn change(&self, number: usize, change: impl FnOnce(&mut Spec)) {
        let mut state = self.state();
        let node = state.edit(number - 1);
        node.version += 1;
        change(node);
    }

    /// Its machine loses power.
    pub fn fail(&self, number: usize) {
        let now = self.clock.now();
        self.change(number, |node| {
            (node.up_since, node.down_since) = (None, now);
        });
        let mut state = self.state();
        end_outage(&mut state.outages, number, now);
        state.outages.push(Outage {
            node: number,
            from: now,
            to: None,
        });
    }

    /// It comes back without us.
    pub fn heal(&self, number: usize) {
        let now = self.clock.now();
        self.change(number, |node| {
            node.up_since = Some(now);
            node.boot += 1;
        });
        end_outage(&mut self.state().outages, number, now);
    }

    /// From now on this never answers.
    pub fn hang(&self, hang: Option<Hang>) {
        self.state().hang = hang;
    }

    /// The watch cache stands still.
    pub fn freeze_view(&self) {
        let nodes = self.facts_now();
        self.state().stale = Some(nodes);
    }

    /// Whether fresh reads fail.
    pub fn set_unreadable(&self, unreadable: bool) {
        self.state().unreadable = unreadable;
    }

    /// Whoever reads this node breaks down.
    pub fn set_poison(&self, number: usize) {
        self.state().poison = Some(number);
    }

    /// So many seconds a read of a node takes from now on.
    pub fn set_slow(&self, seconds: u64) {
        self.state().slow = seconds;
    }

    /// Only the cloud tells on which host a machine is, not a label of its node.
    pub fn hosts_by_cloud(&self) {
        let mut state = self.state();
        state.view = None;
        state
            .nodes
            .iter_mut()
            .for_each(|node| node.cloud_host = true);
    }

    /// Whether the watch says it is blind.
    pub fn set_blind(&self, blind: bool) {
        self.state().blind = blind;
    }

    /// Accepted calls so far.
    pub fn ledger(&self) -> Vec<Entry> {
        self.state().ledger.clone()
    }

    /// Every time without power, in order of their beginning.
    pub fn outages(&self) -> Vec<Outage> {
        self.state().outages.clone()
    }

    /// Accepted calls of a kind, as numbers of nodes.
    pub fn done(&self, what: &str) -> Vec<usize> {
        let entries = self.ledger();
        let of = entries.iter().filter(|entry| entry.what == what);
        of.map(|entry| entry.node).collect()
    }

    /// The cordon of a node as it stands.
    pub fn cordon(&self, number: usize) -> Cordon {
        self.state().nodes[number - 1].cordon.clone()
    }

    /// A node as a target.
    pub fn target(&self, number: usize) -> Target {
        Target::of(&self.name, &self.one_now(number))
    }

    /// The physical host of a node.
    fn host_of(number: usize) -> String {
        format!("host-{}", (number - 1) / 4)
    }

    /// The text of an alarm for a node.
    pub fn text(number: usize) -> String {
        let (a, b) = (number / 250, number % 250);
        format!("HOST 10.0.{a}.{b} down, IP: 10.0.{a}.{b} Cluster prod")
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn hangs(&self, what: Hang) {
        if self.state().hang == Some(what) {
            std::future::pending::<()>().await;
        }
    }

    fn number(target: &Target) -> usize {
        let digits = target.node.as_str().trim_start_matches("node-");
        digits.parse().expect("its own nodes are numbered")
    }

    /// Does it and writes it down, if the version is still the one that was read.
    fn patch(&self, target: &Target, version: &str, what: &'static str, to: Cordon) -> Answer {
        let number = Self::number(target);
        let at = self.clock.now();
        let mut state = self.state();
        let node = state.edit(number - 1);
        if node.version.to_string() != version {
            return Answer::Conflict("changed meanwhile".to_owned());
        }
        node.version += 1;
        let before = std::mem::replace(&mut node.cordon, to);
        let foreign = what == "uncordon" && matches!(before, Cordon::Foreign(_));
        let on = node.up_since.is_some_and(|since| since <= at);
        state.ledger.push(Entry {
            at,
            what,
            node: number,
            foreign,
            on,
        });
        Answer::Done("1".to_owned())
    }
}

fn end_outage(outages: &mut [Outage], node: usize, at: Timestamp) {
    let open = outages
        .iter_mut()
        .rfind(|one| one.node == node && one.to.is_none());
    if let Some(open) = open {
        open.to = Some(at);
    }
}
