//! The pods of the world: they follow their node, and come back after it.

use crate::world::{World, prod, seconds};
use domain::id::NodeName;
use domain::step::Facts;
use domain::world::{
    ClusterFacts, Cordon, Pin, PodFacts, PodPhase, Reading, Ready, Sight, WorkloadFacts,
    WorkloadKind,
};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// How long a pod needs on a node that is Ready.
const WARM_UP_S: i64 = 5;

/// One pod.
pub struct Pod {
    pub facts: PodFacts,
    /// Never becomes Ready.
    pub broken: bool,
}

/// Everything that runs at the beginning.
pub fn all(now: Timestamp) -> Vec<Pod> {
    let mut pods = Vec::new();
    for n in (1..=3).chain(11..=19) {
        for name in ["cni", "csi"] {
            let mut pod = pod("kube-system", &format!("{name}-{n}"), n, now);
            pod.facts.owner = Some((WorkloadKind::DaemonSet, name.to_owned()));
            pod.facts.critical = true;
            pods.push(pod);
        }
    }
    for (i, n) in [11, 12, 13, 14, 15, 16].into_iter().enumerate() {
        let mut pod = pod("default", &format!("web-{}", i + 1), n, now);
        pod.facts.owner = Some((WorkloadKind::Deployment, "web".to_owned()));
        pods.push(pod);
    }
    let mut mysql = pod("default", "mysql-0", 12, now);
    mysql.facts.owner = Some((WorkloadKind::StatefulSet, "mysql".to_owned()));
    mysql.facts.pinned = Some(Pin {
        node: name(12),
        why: "node affinity".to_owned(),
    });
    pods.push(mysql);
    pods
}

fn pod(namespace: &str, called: &str, node: u32, now: Timestamp) -> Pod {
    Pod {
        facts: PodFacts {
            namespace: namespace.to_owned(),
            name: called.to_owned(),
            node: Some(name(node)),
            owner: None,
            phase: PodPhase::Running,
            ready: true,
            reason: None,
            since: now - SignedDuration::from_hours(24 * 20),
            deleting_since: None,
            pinned: None,
            critical: false,
        },
        broken: false,
    }
}

fn name(n: u32) -> NodeName {
    NodeName::parse(&format!("node-{n}")).unwrap()
}

impl World {
    /// A pod on node-12 that has crashed since `at`.
    pub fn add_broken(&mut self, at: Timestamp) {
        let mut report = pod("default", "report-1", 12, at);
        report.facts.owner = Some((WorkloadKind::Deployment, "report".to_owned()));
        report.broken = true;
        report.facts.ready = false;
        report.facts.reason = Some("CrashLoopBackOff".to_owned());
        report.facts.since = at;
        self.pods.push(report);
    }

    /// The pod loses its node and must be placed anew.
    pub fn evict(&mut self, name: &str) {
        let now = self.now;
        let found = self.pods.iter_mut().find(|pod| pod.facts.name == name);
        let pod = found.expect("the pod is in the world");
        pod.facts.node = None;
        pod.facts.phase = PodPhase::Pending;
        pod.facts.ready = false;
        pod.facts.reason = Some("Unschedulable".to_owned());
        pod.facts.since = now;
    }

    pub fn tick_pods(&mut self) {
        let now = self.now;
        for pod in &mut self.pods {
            let nodes = &self.nodes;
            let of = |name: &NodeName| nodes.iter().find(|node| &node.facts.name == name);
            if pod.facts.node.is_none() {
                let wanted = pod
                    .facts
                    .pinned
                    .as_ref()
                    .map_or(name(15), |pin| pin.node.clone());
                let free = of(&wanted).is_some_and(|node| {
                    node.facts.ready == Ready::True && node.facts.cordon == Cordon::Open
                });
                if free {
                    pod.facts.node = Some(wanted);
                    pod.facts.phase = PodPhase::Running;
                    pod.facts.reason = None;
                    pod.facts.since = now;
                }
                continue;
            }
            let node = pod
                .facts
                .node
                .as_ref()
                .and_then(of)
                .expect("its node is in the world");
            let warm = now >= node.facts.ready_since.max(pod.facts.since) + seconds(WARM_UP_S);
            let up = node.facts.ready == Ready::True;
            let ready = !pod.broken && up && (pod.facts.ready || warm);
            if ready != pod.facts.ready {
                pod.facts.ready = ready;
                pod.facts.since = now;
            }
        }
    }

    pub fn facts(&self) -> ClusterFacts {
        let pods: Arc<[Arc<PodFacts>]> = self
            .pods
            .iter()
            .map(|pod| Arc::new(pod.facts.clone()))
            .collect();
        let mut workloads: Vec<WorkloadFacts> = Vec::new();
        for pod in pods.iter() {
            let Some((kind, name)) = &pod.owner else {
                continue;
            };
            let at = workloads
                .iter()
                .position(|one| one.kind == *kind && one.name == *name);
            let at = at.unwrap_or_else(|| {
                workloads.push(WorkloadFacts {
                    kind: *kind,
                    namespace: pod.namespace.clone(),
                    name: name.clone(),
                    desired: 0,
                    ready: 0,
                });
                workloads.len() - 1
            });
            workloads[at].desired += 1;
            workloads[at].ready += u32::from(pod.ready);
        }
        ClusterFacts {
            cluster: prod(),
            seen_at: self.now,
            sight: Sight::Live,
            nodes: self.nodes.iter().map(|node| node.facts.clone()).collect(),
            pods,
            workloads: workloads.into(),
            csi: Arc::new(
                self.nodes
                    .iter()
                    .filter(|node| node.facts.ready == Ready::True)
                    .map(|node| (node.facts.name.clone(), vec!["disk.csi".to_owned()]))
                    .collect(),
            ),
        }
    }

    /// Reads what a step needs, no more.
    pub fn read(&self, recovery: &domain::recovery::Recovery, needs: domain::step::Needs) -> Facts {
        let target = &recovery.plan.target;
        Facts {
            node: if needs.node {
                self.read_node(target)
            } else {
                Reading::Absent
            },
            machine: if needs.machine {
                self.read_machine(target)
            } else {
                Reading::Absent
            },
            cluster: match (needs.cluster, self.cluster) {
                (false, _) => Reading::Absent,
                (true, true) => Reading::Seen(self.facts()),
                (true, false) => Reading::Unreadable("connection refused".to_owned()),
            },
            others: Vec::new(),
        }
    }
}
