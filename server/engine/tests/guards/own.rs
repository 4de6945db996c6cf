//! Alarms of our own: a watched cluster needs no monitoring, and a source that falls silent is noticed.

use super::{House, alarm, limits, pass};
use domain::alarm::{Disposition, Status};
use domain::guard::Guards;
use domain::recovery::Outcome;
use domain::rule::pattern::Pattern;
use domain::rule::{Mode, shipped};
use domain::watch::{HEARTBEAT, NODE_WATCH};
use engine::fakes::{Fleet, MemoryStore, fleet_ports, source};
use engine::ports::{AlarmFilter, AlarmRow, Page, Store};
use engine::{Engine, Heartbeat};
use jiff::SignedDuration;

const MINUTE: SignedDuration = SignedDuration::from_secs(60);

/// A cluster that raises its own alarms, and a source with a heartbeat.
async fn watched(fleet: &Fleet, store: &MemoryStore) -> Engine {
    let mut ports = fleet_ports(fleet, store, limits());
    ports.setup.sites[0].node_watch = Some(MINUTE);
    ports.setup.heartbeats = vec![Heartbeat {
        source: source(),
        pattern: Pattern::plain("^Watchdog$").unwrap(),
        silent: MINUTE,
    }];
    Engine::start(ports).await.unwrap()
}

async fn house(mode: Mode) -> House {
    let fleet = Fleet::new(10, 1);
    let store = MemoryStore::new(vec![shipped(mode)]);
    let engine = watched(&fleet, &store).await;
    House {
        fleet,
        store,
        engine,
        guards: Guards::default(),
    }
}

async fn of(house: &House, name: &str) -> Vec<AlarmRow> {
    let page = Page {
        after: None,
        limit: 500,
    };
    let rows = house
        .store
        .alarms(&AlarmFilter::default(), page)
        .await
        .unwrap();
    rows.into_iter()
        .rev()
        .filter(|row| row.alarm.source.as_str() == name)
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_watched_cluster_recovers_a_node_without_any_monitoring() {
    let house = house(Mode::Auto).await;
    house.fleet.fail(3);
    pass(50).await;
    assert!(of(&house, NODE_WATCH).await.is_empty(), "too early");
    pass(20).await;
    house.settle(1).await;
    let recovery = house.of(3).unwrap();
    assert_eq!(recovery.outcome(), Some(Outcome::Recovered));
    assert_eq!(house.starts(), [3]);
    pass(60).await;
    let rows = of(&house, NODE_WATCH).await;
    let said: Vec<Status> = rows.iter().map(|row| row.alarm.status).collect();
    assert_eq!(
        rows.len(),
        2,
        "one alarm and one word that it is over: {said:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_cannot_be_seen_raises_no_alarm() {
    let house = house(Mode::Auto).await;
    house.fleet.set_blind(true);
    house.fleet.fail(3);
    pass(600).await;
    assert!(of(&house, NODE_WATCH).await.is_empty());
    house.fleet.set_blind(false);
    pass(5).await;
    assert_eq!(of(&house, NODE_WATCH).await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_restart_neither_repeats_an_alarm_of_our_own_nor_forgets_to_take_it_back() {
    let mut house = house(Mode::Observe).await;
    house.fleet.fail(3);
    pass(70).await;
    assert_eq!(of(&house, NODE_WATCH).await.len(), 1);
    house.store.kill();
    house.store = house.store.reborn(None);
    house.engine = watched(&house.fleet, &house.store).await;
    pass(70).await;
    assert_eq!(of(&house, NODE_WATCH).await.len(), 1, "it was raised again");
    house.fleet.heal(3);
    pass(5).await;
    let rows = of(&house, NODE_WATCH).await;
    assert_eq!(
        rows.last().map(|row| row.alarm.status),
        Some(Status::Resolved)
    );
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_that_stays_away_needs_a_look_until_it_is_back() {
    let house = house(Mode::Auto).await;
    for _ in 0..3 {
        house.text("Watchdog").await;
        pass(40).await;
    }
    assert!(of(&house, HEARTBEAT).await.is_empty(), "it came in time");
    // Other alarms of the source are no heartbeat.
    house.engine.accept(vec![alarm("disk full")]).await.unwrap();
    pass(60).await;
    let rows = of(&house, HEARTBEAT).await;
    let [missing] = &rows[..] else {
        panic!("{rows:?}")
    };
    assert!(missing.verdict.needs_look);
    assert_eq!(missing.verdict.disposition, Disposition::Unmatched);
    pass(600).await;
    assert_eq!(of(&house, HEARTBEAT).await.len(), 1, "it was told again");
    house.text("Watchdog").await;
    pass(5).await;
    let rows = of(&house, HEARTBEAT).await;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| !row.verdict.needs_look), "{rows:?}");
    assert!(house.starts().is_empty());
}
