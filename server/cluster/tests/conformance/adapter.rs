//! Our own adapter on this server.

use crate::door::Door;
use crate::suite::Went;
use cluster::Kube;
use domain::id::{PersonName, RecoveryId};
use domain::step::Answer;
use domain::target::Target;
use domain::world::{Cordon, HolderMark, NodeFacts, OwnerMark, Reading, Sight};
use engine::ports::{Clock, Cluster, Marking};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

struct Wall;

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

async fn read(kube: &Kube, target: &Target) -> NodeFacts {
    match kube.read_node(target).await {
        Reading::Seen(node) => node,
        other => panic!("{other:?}"),
    }
}

pub async fn our_adapter_reads_cordons_and_uncordons(door: &Door) -> Went {
    let kube = Kube::connect(door.settings.clone(), Arc::new(Wall))
        .await
        .unwrap();
    let mut changes = kube.changes();
    let live = async {
        while kube.facts().sight != Sight::Live {
            changes.changed().await.unwrap();
        }
    };
    tokio::time::timeout(Duration::from_secs(30), live)
        .await
        .unwrap_or_else(|_| panic!("{:?}", kube.facts().sight));
    let nodes = kube.nodes();
    let node = nodes
        .iter()
        .find(|node| node.name.as_str() == door.node("a"))
        .expect("node a is in the cache");
    assert_eq!(
        node.lease_renewed.unwrap().to_string(),
        "2026-01-02T03:04:05.678901Z"
    );
    let target = Target::of(kube.name(), node);
    let mark = OwnerMark {
        recovery: RecoveryId(1),
        at: "2026-01-02T03:04:05Z".parse().unwrap(),
    };
    until_done(async || {
        kube.cordon(&target, &read(&kube, &target).await.resource_version, mark)
            .await
    })
    .await;
    assert_eq!(read(&kube, &target).await.cordon, Cordon::Ours(mark));
    let held = HolderMark {
        person: PersonName::parse("ada").unwrap(),
        at: mark.at,
    };
    for (marking, expected) in [
        (Marking::Person(held.clone()), Cordon::Held(held)),
        (Marking::Nobody, Cordon::FOREIGN),
        (Marking::Recovery(mark), Cordon::Ours(mark)),
    ] {
        until_done(async || {
            let version = read(&kube, &target).await.resource_version;
            kube.mark(&target, &version, &marking).await
        })
        .await;
        assert_eq!(read(&kube, &target).await.cordon, expected);
    }
    until_done(async || {
        kube.uncordon(&target, &read(&kube, &target).await.resource_version)
            .await
    })
    .await;
    assert_eq!(read(&kube, &target).await.cordon, Cordon::Open);
    match kube.record(&target).await {
        Reading::Seen(record) => assert!(record.missing.is_empty(), "{:?}", record.missing),
        other => panic!("{other:?}"),
    }
    match kube.read_all().await {
        Reading::Seen(facts) => assert!(facts.nodes.len() >= 3),
        other => panic!("{other:?}"),
    }
    Went::Well
}

/// A controller may write in between: read and try again, as the engine does.
async fn until_done(act: impl AsyncFn() -> Answer) {
    for _ in 0..5 {
        match act().await {
            Answer::Done(_) => return,
            Answer::Conflict(_) => {}
            other => panic!("{other:?}"),
        }
    }
    panic!("the node changes too often");
}
