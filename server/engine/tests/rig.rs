//! Runs every shipped plan against the fake world, with deaths wherever a test wants them.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

mod crash;
mod impact;
mod team;
mod twice;
mod unwind;

use domain::access::{Door, Person, Role};
use domain::alarm::{NewAlarm, Status, fingerprint};
use domain::id::PersonName;
use domain::recovery::{Outcome, Recovery, State};
use domain::rule::{Mode, shipped};
use engine::Engine;
use engine::fakes::{Death, FakeWorld, MemoryStore, ports, source};
use engine::orders::Start;
use std::collections::BTreeMap;
use std::time::Duration;

/// The plans that are shipped: what sets each off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shipped {
    /// An alarm and an armed rule.
    Auto,
    /// An alarm, and a person who says yes.
    Ask,
    /// A person without an alarm.
    Person,
}

const PLANS: [Shipped; 3] = [Shipped::Auto, Shipped::Ask, Shipped::Person];

/// What a whole run left behind.
struct Run {
    world: FakeWorld,
    store: MemoryStore,
    recovery: Recovery,
    /// Commits of the last process.
    commits: u32,
}

fn person() -> Person {
    Person {
        name: PersonName::parse("Kato").unwrap(),
        role: Role::Responder,
        door: Door::Api,
    }
}

fn alarm() -> NewAlarm {
    let text = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";
    NewAlarm {
        source: source(),
        fingerprint: fingerprint(&source(), text),
        text: text.to_owned(),
        truncated: false,
        labels: BTreeMap::new(),
        starts_at: None,
        status: Status::Firing,
        close_with: None,
    }
}

/// A world whose machine just went off, and a store with the rule the plan needs.
async fn broken(plan: Shipped) -> (FakeWorld, MemoryStore) {
    let world = FakeWorld::new();
    engine::ports::Cluster::take_baseline(&world);
    tokio::time::sleep(Duration::from_secs(70)).await;
    world.power_off();
    tokio::time::sleep(Duration::from_secs(50)).await;
    let mode = if plan == Shipped::Ask {
        Mode::Ask
    } else {
        Mode::Auto
    };
    (world, MemoryStore::new(vec![shipped(mode)]))
}

/// Sets the plan off in this process, unless an earlier process already did.
async fn set_off(engine: &Engine, world: &FakeWorld, store: &MemoryStore, plan: Shipped) {
    if !store.recoveries_now().is_empty() {
        return;
    }
    match plan {
        Shipped::Auto | Shipped::Ask => {
            engine.accept(vec![alarm()]).await.unwrap();
        }
        Shipped::Person => {
            let order = Start {
                target: world.target(),
                confirmed: false,
                reason: None,
                retry_of: None,
            };
            engine.order_start(&person(), order).await.unwrap();
        }
    }
}

/// Says yes whenever somebody is asked, and comes back when nothing moves any more.
async fn attend(engine: &Engine, store: &MemoryStore) {
    for _ in 0..20_000 {
        let all = store.recoveries_now();
        if let Some(recovery) = all.first() {
            if !recovery.holds_slot() || recovery.state() == State::NeedsHuman {
                return;
            }
            if recovery.state() == State::Waiting
                && !recovery.consented()
                && recovery.asked_until.is_some()
            {
                let _ = engine.order_approve(&person(), recovery.id, false).await;
            }
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Lives through these deaths, one process each, then through a last process that lives to the end.
async fn live(plan: Shipped, deaths: &[Death], prepare: impl Fn(&FakeWorld)) -> Run {
    let (world, mut store) = broken(plan).await;
    prepare(&world);
    for death in deaths {
        store = store.reborn(Some(*death));
        let process = async {
            let engine = Engine::start(ports(&world, &store)).await.unwrap();
            set_off(&engine, &world, &store, plan).await;
            attend(&engine, &store).await;
        };
        tokio::select! {
            () = store.died() => {}
            () = process => {}
        }
    }
    store = store.reborn(None);
    let engine = Engine::start(ports(&world, &store)).await.unwrap();
    set_off(&engine, &world, &store, plan).await;
    attend(&engine, &store).await;
    store.kill();
    let recovery = store
        .recoveries_now()
        .into_iter()
        .next()
        .expect("a recovery was begun");
    Run {
        world,
        recovery,
        commits: store.commits(),
        store,
    }
}

/// What must hold after any run that ended well.
fn ended_well(run: &Run, plan: Shipped, what: &str) {
    let ledger = run.world.ledger();
    let count = |line: &str| ledger.iter().filter(|one| *one == line).count();
    assert_eq!(
        run.recovery.outcome(),
        Some(Outcome::Recovered),
        "{what}: {ledger:?} {:?}",
        run.recovery.human
    );
    assert_eq!(count("start"), 1, "{what}: {ledger:?}");
    assert_eq!(count("uncordon foreign"), 0, "{what}: {ledger:?}");
    assert_eq!(
        run.world.cordon_now(),
        domain::world::Cordon::Open,
        "{what}: {ledger:?}"
    );
    assert_eq!(count("cordon"), 1, "{what}: {ledger:?}");
    assert_eq!(count("uncordon"), 1, "{what}: {ledger:?}");
    let closes = if plan == Shipped::Person { 0 } else { 1 };
    assert!(count("close") >= closes, "{what}: {ledger:?}");
    assert_eq!(run.store.recoveries_now().len(), 1, "{what}: one recovery");
}
