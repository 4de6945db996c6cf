//! A rule on observe takes the same decisions as one that acts, in whatever world, and touches nothing.

use super::{House, alarm, limits, loose, pass, person};
use domain::event::What;
use domain::guard::{Switch, Window};
use domain::id::{AlarmId, RecoveryId};
use domain::rule::{Mode, shipped};
use domain::world::{Cordon, OwnerMark};
use engine::fakes::Fleet;
use engine::ports::{Store, SwitchRow};
use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// What is so when the alarm for node 1 comes in.
#[derive(Debug, Clone)]
struct World {
    nodes: usize,
    zones: usize,
    /// Others that lost power a moment ago.
    failed: Vec<usize>,
    /// Seconds since the alarm began, and since node 1 was made.
    age_s: i64,
    made_s: i64,
    storms: bool,
    ours: bool,
    excluded: bool,
    taint: bool,
    control: bool,
    maintenance: bool,
    blocking: bool,
    switch: Switch,
}

fn world() -> impl Strategy<Value = World> {
    let rarely = || prop::bool::weighted(0.15);
    let size = (
        1_usize..15,
        1_usize..4,
        prop::collection::vec(2_usize..15, 0..4),
    );
    let ages = (0_i64..1200, 300_i64..4000);
    let node = (rarely(), rarely(), rarely());
    let all = (any::<bool>(), any::<bool>(), rarely(), rarely());
    let switch = prop_oneof![
        8 => Just(Switch::Run), 1 => Just(Switch::Pause), 1 => Just(Switch::Freeze)
    ];
    (size, ages, node, all, switch).prop_map(|(size, ages, node, all, switch)| World {
        nodes: size.0,
        zones: size.1,
        failed: size.2.into_iter().filter(|one| *one <= size.0).collect(),
        age_s: ages.0,
        made_s: ages.1,
        excluded: node.0,
        taint: node.1,
        control: node.2,
        storms: all.0,
        ours: all.1,
        maintenance: all.2,
        blocking: all.3,
        switch,
    })
}

/// What becomes of the alarm, in the words of the log.
async fn decided(world: &World, mode: Mode) -> String {
    let mut guards = if world.storms { limits() } else { loose() };
    if world.maintenance {
        let window = "2000-01-01T00:00Z/2100-01-01T00:00Z".to_owned();
        guards.maintenance = vec![Window::try_from(window).unwrap()];
    }
    guards.blocking_alarms = vec!["etcd.*quorum".to_owned()];
    let fleet = Fleet::new(world.nodes, world.zones);
    let house = House::new(fleet, guards, shipped(mode)).await;
    let now = house.engine.now();
    house.fleet.change(1, |node| {
        node.created_at = now - SignedDuration::from_secs(world.made_s);
        node.excluded = world.excluded;
        node.control = world.control;
        if world.taint {
            node.taints = vec!["ToBeDeletedByClusterAutoscaler:NoSchedule".to_owned()];
        }
    });
    if world.ours && world.nodes > 1 {
        let mark = OwnerMark {
            recovery: RecoveryId(77),
            at: now,
        };
        house
            .fleet
            .change(2, |node| node.cordon = Cordon::Ours(mark));
    }
    world.failed.iter().for_each(|one| house.fleet.fail(*one));
    if world.blocking {
        house.text("etcd of prod lost its quorum").await;
    }
    pass(3).await;
    let row = SwitchRow {
        cluster: None,
        mode: world.switch,
        set_by: person().name,
        set_at: house.engine.now(),
        reason: None,
        in_flight: None,
    };
    house.engine.throw_switch(row).await.unwrap();
    house.fleet.fail(1);
    let mut told = alarm(&Fleet::text(1));
    let begun = house.engine.now() - SignedDuration::from_secs(world.age_s);
    told.starts_at = Some(begun);
    house.engine.accept(vec![told]).await.unwrap();
    pass(1).await;
    let id = AlarmId(1 + u64::from(world.blocking));
    let row = house.store.alarm(id).await.unwrap().unwrap();
    if mode == Mode::Observe {
        assert_eq!(house.fleet.ledger(), [], "observing touches nothing");
        assert_eq!(house.all().len(), 0, "observing begins nothing");
        let note = row.verdict.note.unwrap();
        let note = note.trim_start_matches("rule is on observe: would have ");
        return match note.split_once("held prod/node-1 back: ") {
            Some((_, why)) => format!("held: {why}"),
            None => match note.strip_prefix("done nothing: ") {
                Some(why) => why.to_owned(),
                None => "acts".to_owned(),
            },
        };
    }
    match house.of(1) {
        Some(recovery) => {
            // What holds it first: its own alarm may make a storm of what is down a moment later.
            let events = house.store.events(recovery.id).await.unwrap();
            let held = events.iter().find_map(|event| match &event.what {
                What::Queued { reason, .. } | What::Blocked { reason, .. } => Some(reason),
                _ => None,
            });
            held.map_or_else(|| "acts".to_owned(), |why| format!("held: {why}"))
        }
        None => row.verdict.note.unwrap(),
    }
}

/// In virtual time, and in a runtime of its own.
fn played(world: &World, mode: Mode) -> String {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build().unwrap();
    runtime.block_on(decided(world, mode))
}

#[test]
fn a_rule_on_observe_decides_as_one_that_acts_and_touches_nothing() {
    let runs = super::random::number("ENGINE_RUNS", 1000) / 10;
    let config = Config {
        cases: u32::try_from(runs).unwrap(),
        failure_persistence: None,
        ..Config::default()
    };
    let words = std::sync::Mutex::new(std::collections::BTreeMap::<String, u32>::new());
    let result = TestRunner::new(config).run(&world(), |world| {
        let observed = played(&world, Mode::Observe);
        prop_assert_eq!(&observed, &played(&world, Mode::Auto));
        let letters = observed.chars().filter(|one| !one.is_ascii_digit());
        let kind: String = letters.take(20).collect();
        *words.lock().unwrap().entry(kind).or_default() += 1;
        Ok(())
    });
    result.unwrap();
    let words = words.into_inner().unwrap();
    println!("{runs} worlds: {words:?}");
    // One word for all of them would prove nothing.
    assert!(words.len() >= 5, "{words:?}");
    assert!(words.contains_key("acts"), "{words:?}");
}
