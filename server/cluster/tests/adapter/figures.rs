//! Figures for the record: printed, never judged (`--nocapture` shows them).

use crate::house::{House, clock, settings};
use cluster::Kube;
use domain::id::RecoveryId;
use domain::world::{OwnerMark, Sight};
use engine::ports::Cluster;
use jiff::Timestamp;
use sandbox::{WorldConfig, WorldSize};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn read_and_cordon_are_measured() {
    let house = House::open(1.0).await;
    let begun = Instant::now();
    let kube = Kube::connect(settings(Some(house.world.kubeconfig())), clock(1.0))
        .await
        .unwrap();
    let mut changes = kube.changes();
    while kube.facts().sight != Sight::Live {
        changes.changed().await.unwrap();
    }
    println!("connect to live: {:?}", begun.elapsed());
    let target = house.target("node-15");
    let mark = OwnerMark {
        recovery: RecoveryId(1),
        at: Timestamp::UNIX_EPOCH,
    };
    let (mut reads, mut patches) = (Vec::new(), Vec::new());
    for _ in 0..100 {
        let begun = Instant::now();
        let node = house.read(&target).await;
        reads.push(begun.elapsed());
        let begun = Instant::now();
        house
            .kube
            .cordon(&target, &node.resource_version, mark)
            .await;
        patches.push(begun.elapsed());
    }
    println!("read_node: {}", told(&mut reads));
    println!("cordon:    {}", told(&mut patches));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_view_of_a_large_cluster_is_measured() {
    let size = WorldSize::Generated {
        nodes: 500,
        pods: 5000,
    };
    let house = House::of(WorldConfig {
        size,
        ..WorldConfig::default()
    })
    .await;
    let mut views: Vec<Duration> = Vec::new();
    for _ in 0..20 {
        let begun = Instant::now();
        let facts = house.kube.facts();
        views.push(begun.elapsed());
        assert!(facts.pods.len() > 5000);
    }
    println!("facts() of 500 nodes and 5,000 pods: {}", told(&mut views));
    let begun = Instant::now();
    house.kube.read_all().await;
    println!("read_all(): {:?}", begun.elapsed());
}

fn told(all: &mut [Duration]) -> String {
    all.sort_unstable();
    format!(
        "p50 {:?}, p99 {:?}",
        all[all.len() / 2],
        all[(all.len() * 99 / 100).min(all.len() - 1)]
    )
}
