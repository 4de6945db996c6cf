//! Another config while everything runs: what began ends, what is new begins, and what is blocked stays blocked.

use super::{alarm, pass};
use domain::alarm::Disposition;
use domain::recovery::{Outcome, State};
use domain::rule::{Mode, shipped};
use engine::fakes::{FakeWorld, Fleet, MemoryStore, fleet_ports, ports};
use engine::ports::{AlarmFilter, Cluster, Page, Store};
use engine::{Engine, Setup};
use std::collections::BTreeMap;

const DOWN: &str = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";

/// A config that names nothing.
fn nothing() -> Setup {
    Setup {
        sites: Vec::new(),
        sources: BTreeMap::new(),
        heartbeats: Vec::new(),
    }
}

async fn broken() -> (FakeWorld, MemoryStore, Engine) {
    let world = FakeWorld::new();
    world.take_baseline();
    pass(70).await;
    world.power_off();
    pass(50).await;
    let store = MemoryStore::new(vec![shipped(Mode::Auto)]);
    let engine = Engine::start(ports(&world, &store)).await.unwrap();
    (world, store, engine)
}

#[tokio::test(start_paused = true)]
async fn a_cluster_taken_out_of_the_config_is_kept_until_its_recovery_has_ended_and_no_longer() {
    // Before the start, while it boots, and while it has to hold Ready.
    for after in [1, 15, 25] {
        let (world, store, engine) = broken().await;
        engine.accept(vec![alarm(DOWN)]).await.unwrap();
        pass(after).await;
        assert_eq!(
            store.recoveries_now()[0].state(),
            State::Running,
            "after {after} s"
        );
        engine.change(nothing()).await.unwrap();
        assert!(engine.sites().is_empty());
        assert_eq!(engine.leaving().len(), 1, "after {after} s");
        pass(300).await;
        let recovery = store.recoveries_now().remove(0);
        assert_eq!(
            recovery.outcome(),
            Some(Outcome::Recovered),
            "after {after} s: {:?}",
            recovery.human
        );
        assert!(
            world.ledger().contains(&"close".to_owned()),
            "closed where it came from"
        );
        assert!(engine.leaving().is_empty(), "after {after} s");

        world.power_off();
        pass(60).await;
        engine
            .accept(vec![alarm(
                "HOST 10.0.0.12 down again, IP: 10.0.0.12 Cluster prod",
            )])
            .await
            .unwrap();
        pass(60).await;
        assert_eq!(
            store.recoveries_now().len(),
            1,
            "it is nobody's business here any more"
        );
        engine.change(ports(&world, &store).setup).await.unwrap();
        assert_eq!(
            (engine.sites().len(), engine.leaving().len()),
            (1, 0),
            "and may come back"
        );
        store.kill();
    }
}

#[tokio::test(start_paused = true)]
async fn an_alarm_that_fires_already_blocks_from_the_moment_a_config_says_so() {
    let (world, store, engine) = broken().await;
    engine
        .accept(vec![alarm("etcd of prod lost its quorum")])
        .await
        .unwrap();
    pass(5).await;
    let mut setup = ports(&world, &store).setup;
    setup.sites[0].guards.blocking_alarms = vec!["etcd.*quorum".to_owned()];
    engine.change(setup).await.unwrap();
    engine.accept(vec![alarm(DOWN)]).await.unwrap();
    pass(120).await;
    assert!(
        !world.ledger().contains(&"start".to_owned()),
        "{:?}",
        world.ledger()
    );
    engine.change(ports(&world, &store).setup).await.unwrap();
    // What was suppressed stays so; the next word of it counts.
    engine
        .accept(vec![alarm(&format!("{DOWN}, still"))])
        .await
        .unwrap();
    pass(120).await;
    let newest = Page {
        after: None,
        limit: 10,
    };
    let alarms = store.alarms(&AlarmFilter::default(), newest).await.unwrap();
    assert!(
        alarms
            .iter()
            .all(|row| row.verdict.disposition != Disposition::Poison)
    );
    assert_eq!(
        world.ledger().iter().filter(|one| *one == "start").count(),
        1,
        "and no longer when it does not"
    );
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_cannot_be_read_takes_nothing_from_what_is_remembered_of_the_others() {
    let (world, fleet) = (FakeWorld::new(), Fleet::new(3, 1));
    let store = MemoryStore::new(vec![shipped(Mode::Auto)]);
    let mut all = ports(&world, &store);
    all.setup
        .sites
        .extend(fleet_ports(&fleet, &store, super::loose()).setup.sites);
    fleet.set_blind(true);
    let _engine = Engine::start(all).await.unwrap();
    pass(301).await;
    let kept = world.baselines().len();
    assert!((5..=7).contains(&kept), "{kept} summaries in five minutes");
}
