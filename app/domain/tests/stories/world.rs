//! A small world that keeps time: machines boot, kubelets renew leases, silence makes a node not Ready.

use domain::baseline::Baseline;
use domain::id::{ClusterName, NodeName, NodeUid};
use domain::step::{Answer, Call};
use domain::target::Target;
use domain::world::{
    Allocatable, Cordon, MachineFacts, MachineState, NodeFacts, OwnerMark, Reading, Ready,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;

use crate::pods::Pod;
use crate::team::Team;
use std::sync::Arc;

pub const BOOT_S: i64 = 20;
pub const SILENT_S: i64 = 40;

/// One node with its machine.
pub struct Node {
    pub facts: NodeFacts,
    pub machine: MachineState,
    pub machine_since: Timestamp,
    /// When the kubelet came up; `None` while it is silent.
    pub alive: Option<Timestamp>,
    /// While it boots.
    pub boots_at: Option<Timestamp>,
    pub boots: u32,
    /// Ready is as the script says.
    pub forced: bool,
}

/// All there is outside.
pub struct World {
    pub now: Timestamp,
    pub nodes: Vec<Node>,
    /// Another cluster, only there to be named.
    pub other: Vec<NodeFacts>,
    pub pods: Vec<Pod>,
    pub team: Team,
    pub baselines: Vec<Arc<Baseline>>,
    pub keeps_baselines: bool,
    pub cloud: bool,
    pub cluster: bool,
    /// A machine that takes a start never runs.
    pub boots: bool,
    pub answers: VecDeque<String>,
    /// Calls that had an effect.
    pub ledger: Vec<String>,
}

pub fn seconds(of: i64) -> SignedDuration {
    SignedDuration::from_secs(of)
}

pub fn prod() -> ClusterName {
    ClusterName::parse("prod").unwrap()
}

impl World {
    pub fn new(now: Timestamp) -> Self {
        let mut nodes: Vec<Node> = (1..=3).map(|n| node(n, "control-plane", now)).collect();
        nodes.extend((11..=19).map(|n| node(n, "worker", now)));
        let pods = crate::pods::all(now);
        Self {
            now,
            nodes,
            other: Vec::new(),
            pods,
            team: Team::default(),
            baselines: Vec::new(),
            keeps_baselines: true,
            cloud: true,
            cluster: true,
            boots: true,
            answers: VecDeque::new(),
            ledger: Vec::new(),
        }
    }

    pub fn node(&mut self, name: &str) -> &mut Node {
        self.nodes
            .iter_mut()
            .find(|node| node.facts.name.as_str() == name)
            .unwrap_or_else(|| panic!("the world has no node {name}"))
    }

    /// Moves time on.
    pub fn advance(&mut self, now: Timestamp) {
        self.now = now;
        for node in &mut self.nodes {
            node.tick(now);
        }
        self.tick_pods();
        let due = self
            .baselines
            .last()
            .is_none_or(|one| one.taken_at + seconds(60) <= now);
        if self.keeps_baselines && due {
            self.baselines.push(Arc::new(Baseline::of(&self.facts())));
        }
    }

    pub fn read_node(&self, target: &Target) -> Reading<NodeFacts> {
        if !self.cluster {
            return Reading::Unreadable("connection refused".to_owned());
        }
        let found = self
            .nodes
            .iter()
            .find(|node| node.facts.name == target.node);
        found.map_or(Reading::Absent, |node| Reading::Seen(node.facts.clone()))
    }

    pub fn read_machine(&self, target: &Target) -> Reading<MachineFacts> {
        if !self.cloud {
            return Reading::Unreadable("503".to_owned());
        }
        let found = self
            .nodes
            .iter()
            .find(|node| node.facts.name == target.node);
        found.map_or(Reading::Absent, |node| {
            Reading::Seen(MachineFacts {
                id: format!("vm-{}", target.node.as_str().trim_start_matches("node-")),
                state: node.machine,
                detail: match node.machine {
                    MachineState::On => "ACTIVE",
                    MachineState::Off => "SHUTOFF",
                    MachineState::Starting => "SHUTOFF, powering-on",
                    MachineState::Stopping => "ACTIVE, powering-off",
                    MachineState::Error => "ERROR",
                    MachineState::Other => "SHELVED",
                }
                .to_owned(),
                since: Some(node.machine_since),
                host: None,
                zone: None,
                group: None,
                purpose: None,
            })
        })
    }

    /// Makes a call: its effect, and the answer that comes back.
    pub fn call(&mut self, call: &Call) -> Answer {
        let (word, target) = match call {
            Call::Cordon { target, .. } => ("cordon", Some(target)),
            Call::Uncordon { target, .. } => ("uncordon", Some(target)),
            Call::Start { target, .. } => ("start", Some(target)),
            Call::Close { .. } => ("close", None),
        };
        let planned = self.planned(word);
        if let Some(answer) = planned
            .as_ref()
            .and_then(|text| crate::script::answer(text))
        {
            return answer;
        }
        let at = domain_clock(self.now);
        let name = target
            .map(|target| format!(" {}", target.node))
            .unwrap_or_default();
        self.ledger.push(format!("{at} {word}{name}"));
        match call {
            Call::Cordon { target, mark, .. } => self.patch(target, Cordon::Ours(*mark)),
            Call::Uncordon { target, .. } => {
                let now = &self.node(target.node.as_str()).facts.cordon;
                assert!(
                    matches!(now, Cordon::Ours(_)),
                    "a cordon that is not ours was taken off"
                );
                self.patch(target, Cordon::Open);
            }
            Call::Start { target, .. } => self.start(target),
            Call::Close { .. } => {}
        }
        match planned.as_deref() {
            Some("lose") => Answer::Unknown("no answer within 8 s".to_owned()),
            _ => Answer::Done(match call {
                Call::Start { .. } => "req-1".to_owned(),
                Call::Close { .. } => "closed at the source".to_owned(),
                Call::Cordon { .. } | Call::Uncordon { .. } => "7".to_owned(),
            }),
        }
    }

    fn planned(&mut self, word: &str) -> Option<String> {
        let at = self.answers.iter().position(|one| one.starts_with(word))?;
        let text = self.answers.remove(at)?;
        Some(text[word.len()..].trim().to_owned())
    }

    fn patch(&mut self, target: &Target, cordon: Cordon) {
        self.node(target.node.as_str()).facts.cordon = cordon;
    }

    fn start(&mut self, target: &Target) {
        let (now, boots) = (self.now, self.boots);
        let node = self.node(target.node.as_str());
        node.machine = MachineState::Starting;
        node.machine_since = now;
        node.boots_at = boots.then(|| now + seconds(BOOT_S));
    }

    /// Nodes other recoveries than `id` keep cordoned.
    pub fn cordoned_by_others(&self, id: domain::id::RecoveryId) -> u32 {
        let theirs = |mark: &OwnerMark| mark.recovery != id;
        let count = self
            .nodes
            .iter()
            .filter(|node| matches!(&node.facts.cordon, Cordon::Ours(mark) if theirs(mark)))
            .count();
        u32::try_from(count).unwrap()
    }
}

impl Node {
    pub fn power_off(&mut self, now: Timestamp) {
        self.machine = MachineState::Off;
        self.machine_since = now;
        self.alive = None;
        self.boots_at = None;
    }

    pub fn set_ready(&mut self, ready: Ready, at: Timestamp) {
        if self.facts.ready != ready {
            self.facts.ready = ready;
            self.facts.ready_since = at;
        }
    }

    fn tick(&mut self, now: Timestamp) {
        if let Some(at) = self.boots_at.filter(|at| *at <= now) {
            self.boots_at = None;
            self.machine = MachineState::On;
            self.machine_since = at;
            self.boots += 1;
            self.facts.boot_id = boot_id(&self.facts.name, self.boots);
            self.alive = Some(at + seconds(5));
        }
        match self.alive {
            Some(up) if up <= now => {
                self.facts.lease_renewed = Some(now);
                if !self.forced && self.facts.ready != Ready::True {
                    self.set_ready(Ready::True, up.max(self.facts.ready_since));
                }
            }
            Some(_) | None => {
                let silent = self.facts.lease_renewed.map(|at| at + seconds(SILENT_S));
                if let Some(since) = silent.filter(|since| *since <= now) {
                    self.set_ready(Ready::Unknown, since);
                }
            }
        }
    }
}

fn node(n: u32, role: &str, now: Timestamp) -> Node {
    let days_ago = now - SignedDuration::from_hours(24 * 30);
    let name = NodeName::parse(&format!("node-{n}")).unwrap();
    let host = match n {
        11..=14 => Some("rack-a".to_owned()),
        _ => None,
    };
    Node {
        facts: NodeFacts {
            uid: NodeUid::parse(&format!("uid-{n}")).unwrap(),
            resource_version: "1".to_owned(),
            addresses: vec![format!("10.0.0.{n}"), name.to_string()],
            provider_id: Some(format!("openstack:///vm-{n}")),
            boot_id: boot_id(&name, 1),
            ready: Ready::True,
            ready_since: days_ago,
            lease_renewed: Some(now),
            cordon: Cordon::Open,
            pressure: Vec::new(),
            taints: Vec::new(),
            roles: vec![role.to_owned()],
            zone: None,
            host,
            excluded: false,
            allocatable: Allocatable {
                cpu_milli: 4000,
                memory: 8 << 30,
                pods: 110,
            },
            created_at: days_ago,
            name,
        },
        machine: MachineState::On,
        machine_since: days_ago,
        alive: Some(days_ago),
        boots_at: None,
        boots: 1,
        forced: false,
    }
}

fn boot_id(name: &NodeName, boots: u32) -> String {
    format!("boot-{boots}-of-{name}")
}

/// `09:40:00`.
pub fn domain_clock(at: Timestamp) -> String {
    at.to_string()[11..19].to_owned()
}
