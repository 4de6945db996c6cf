//! `check_node`: a node that is Ready and yet does not work gets no pods; what only looks bad holds nothing up.

use crate::world::seconds;
use crate::{drive, script};
use domain::event::{Event, What};
use domain::recovery::{Recovery, replay};
use domain::step::{self, Facts, Move, Needs, StepKind};
use domain::world::{ClusterFacts, NodeFacts, PodFacts, PodPhase, Reading, Ready};
use jiff::Timestamp;
use std::sync::Arc;

/// A recovery that has just begun to check the node, and what it reads of a world in which all is well.
fn checking() -> (Recovery, NodeFacts, ClusterFacts, Timestamp) {
    let stage = drive::play(
        &script::read("one\n-0:45 node-12 loses power\n0:00 alarm\n"),
        None,
    );
    let events = &stage.runs[0].events;
    let begun = |event: &Event| matches!(&event.what, What::StepStarted { step, .. } if *step == StepKind::CheckNode);
    let end = events.iter().position(begun).expect("it checks the node");
    let recovery = replay(&events[..=end]).unwrap();
    let read = stage.world.read(
        &recovery,
        Needs {
            node: true,
            machine: false,
            cluster: true,
        },
    );
    let (Reading::Seen(node), Reading::Seen(cluster)) = (read.node, read.cluster) else {
        panic!("the world can be read");
    };
    (recovery, node, cluster, events[end].at)
}

fn pod(cluster: &mut ClusterFacts, name: &str, change: impl Fn(&mut PodFacts)) {
    let mut all = cluster.pods.to_vec();
    let found = all.iter_mut().find(|pod| pod.name == name);
    change(Arc::make_mut(found.expect("the pod is in the world")));
    cluster.pods = all.into();
}

type Break = fn(&mut NodeFacts, &mut ClusterFacts);

#[test]
fn a_node_that_is_ready_and_does_not_work_is_waited_for_and_then_left_to_a_person() {
    let worlds: [(&str, bool, Break); 13] = [
        ("all is well", true, |_, _| {}),
        ("not Ready after all", false, |node, _| {
            node.ready = Ready::False;
        }),
        ("pressure", false, |node, _| {
            node.pressure.push("DiskPressure".to_owned());
        }),
        ("no network", false, |node, _| {
            node.taints
                .push("node.kubernetes.io/network-unavailable:NoSchedule".to_owned());
        }),
        ("out of service", false, |node, _| {
            node.taints
                .push("node.kubernetes.io/out-of-service=nodeshutdown:NoExecute".to_owned());
        }),
        ("a taint of the team's own", true, |node, _| {
            node.taints.push("team.example/gpu:NoSchedule".to_owned());
        }),
        ("half the memory is gone", false, |node, _| {
            node.allocatable.memory /= 2;
        }),
        ("the network's pod is down", false, |_, cluster| {
            pod(cluster, "cni-12", |pod| pod.ready = false);
        }),
        (
            "the network's pod of another node is down",
            true,
            |_, cluster| {
                pod(cluster, "cni-13", |pod| pod.ready = false);
            },
        ),
        (
            "a pod that died with the node is still listed",
            true,
            |_, cluster| {
                pod(cluster, "cni-12", |dead| {
                    (dead.ready, dead.phase) = (false, PodPhase::Failed);
                });
            },
        ),
        ("a pod is on its way out", true, |_, cluster| {
            let seen = cluster.seen_at;
            pod(cluster, "csi-12", |leaves| {
                (leaves.ready, leaves.deleting_since) = (false, Some(seen));
            });
        }),
        (
            "the storage driver is not registered",
            false,
            |node, cluster| {
                Arc::make_mut(&mut cluster.csi).remove(&node.name);
            },
        ),
        (
            "a pod of the workload is not back yet",
            true,
            |_, cluster| {
                pod(cluster, "mysql-0", |pod| pod.ready = false);
            },
        ),
    ];
    let (recovery, node, cluster, at) = checking();
    for (name, works, broken) in worlds {
        let (mut node, mut cluster) = (node.clone(), cluster.clone());
        broken(&mut node, &mut cluster);
        let facts = Facts {
            node: Reading::Seen(node),
            machine: Reading::Absent,
            cluster: Reading::Seen(cluster),
            others: Vec::new(),
        };
        let next = step::decide(&recovery, StepKind::CheckNode, &facts, at + seconds(1));
        match next {
            Move::Append(What::StepSucceeded { exit: None, .. }) => assert!(works, "{name}"),
            Move::NotYet(..) => assert!(!works, "{name}"),
            other => panic!("{name}: {other:?}"),
        }
        let late = step::decide(&recovery, StepKind::CheckNode, &facts, at + seconds(301));
        let person = matches!(
            late,
            Move::Append(What::StepFailed { .. } | What::NeedsHuman { .. })
        );
        assert_eq!(person, !works, "{name}, after its time: {late:?}");
    }
}
