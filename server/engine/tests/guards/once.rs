//! Once per incident, a few times an hour, never for old news: what is counted, and by whom.

use super::{House, alarm, limits, loose, pass, person};
use domain::guard::Guards;
use domain::id::RecoveryId;
use domain::recovery::{Outcome, State};
use domain::target::Target;
use engine::fakes::{Death, Fleet};
use engine::orders::Start;
use engine::ports::Store;

#[tokio::test(start_paused = true)]
async fn one_incident_told_by_eight_tasks_in_any_order_is_one_recovery_and_one_start() {
    for round in 0..20 {
        let house = House::auto(5, 1, loose()).await;
        house.fleet.fail(2);
        let tasks = (0..8).map(|task| {
            let engine = house.engine.clone();
            tokio::spawn(async move {
                for turn in 0..4 {
                    pass((task * 7 + turn * 3 + round) % 11).await;
                    let text = Fleet::text(2);
                    engine
                        .accept(vec![alarm(&text), alarm(&text)])
                        .await
                        .unwrap();
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        house.settle(1).await;
        assert_eq!(house.all().len(), 1, "round {round}");
        assert_eq!(house.starts(), [2], "round {round}");
    }
}

#[tokio::test(start_paused = true)]
async fn of_eight_people_who_start_the_same_node_one_begins_and_the_others_are_told_which() {
    for _ in 0..50 {
        let house = House::auto(5, 1, loose()).await;
        house.fleet.fail(2);
        let order = Start {
            target: house.fleet.target(2),
            confirmed: false,
            reason: None,
            retry_of: None,
        };
        let taps = (0..8).map(|_| {
            let (engine, order) = (house.engine.clone(), order.clone());
            tokio::spawn(async move { engine.order_start(&person(), order).await })
        });
        let mut begun = 0;
        for tap in taps.collect::<Vec<_>>() {
            match tap.await.unwrap() {
                Ok(_) => begun += 1,
                Err(error) => assert!(error.to_string().contains("already at work"), "{error}"),
            }
        }
        assert_eq!((begun, house.all().len()), (1, 1));
        house.settle(1).await;
        assert_eq!(house.starts(), [2]);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_outlives_whatever_is_written_while_it_is_stored() {
    let house = House::auto(5, 1, loose()).await;
    // It takes the start and stays off: a start that is not known of would be made again.
    house.fleet.change(2, |node| node.deaf = true);
    house.down(2).await;
    let engine = house.engine.clone();
    let notes = tokio::spawn(async move {
        // People who write without a break, at every place where the driver waits for the store.
        for number in 0..400 {
            let who = person();
            let text = number.to_string();
            let _ = engine.order_note(&who, RecoveryId(1), &text, None).await;
            tokio::task::yield_now().await;
        }
    });
    house.settle(1).await;
    notes.await.unwrap();
    let noted = house.store.events(RecoveryId(1)).await.unwrap();
    let kinds: Vec<_> = noted.iter().map(|one| one.what.kind()).collect();
    let at = |kind| kinds.iter().position(|one| *one == kind).unwrap();
    assert!(
        kinds[at("evidence_saved")..at("step_failed")].contains(&"noted"),
        "{kinds:?}"
    );
    assert_eq!(house.starts(), [2]);
}

#[tokio::test(start_paused = true)]
async fn old_news_starts_nothing() {
    let house = House::auto(100, 1, loose()).await;
    let old = house.engine.now() - jiff::SignedDuration::from_mins(120);
    let mut alarms = Vec::new();
    for number in 1..=100 {
        house.fleet.fail(number);
        let mut one = alarm(&Fleet::text(number));
        one.starts_at = Some(old);
        alarms.push(one);
    }
    house.engine.accept(alarms).await.unwrap();
    pass(600).await;
    assert_eq!(house.all().len(), 0);
    assert_eq!(house.fleet.ledger(), []);
}

#[tokio::test(start_paused = true)]
async fn an_alarm_whose_source_lives_in_the_future_ages_all_the_same() {
    let guards = Guards {
        acting_per_cluster: 0,
        ..loose()
    };
    let house = House::auto(5, 1, guards).await;
    house.fleet.fail(2);
    let mut ahead = alarm(&Fleet::text(2));
    ahead.starts_at = Some(house.engine.now() + jiff::SignedDuration::from_hours(50_000));
    house.engine.accept(vec![ahead]).await.unwrap();
    pass(1200).await;
    let held = house.of(2).unwrap();
    assert_eq!(held.state(), State::NeedsHuman, "{:?}", held.hold);
    assert!(held.human.unwrap().contains("too old"));
    assert_eq!(house.starts(), [0; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_alarm_from_the_future_that_nobody_lived_to_work_on_is_old_news_too() {
    let mut house = House::auto(5, 1, loose()).await;
    house.restart(Some(Death::Before(1))).await;
    house.fleet.fail(2);
    let mut ahead = alarm(&Fleet::text(2));
    ahead.starts_at = Some(house.engine.now() + jiff::SignedDuration::from_hours(50_000));
    let engine = house.engine.clone();
    tokio::spawn(async move { engine.accept(vec![ahead]).await });
    pass(7200).await;
    house.restart(None).await;
    pass(600).await;
    assert_eq!(house.fleet.ledger(), []);
}

#[tokio::test(start_paused = true)]
async fn an_alarm_that_was_old_when_it_came_grows_too_old_while_it_is_held() {
    let guards = Guards {
        acting_per_cluster: 0,
        ..loose()
    };
    let house = House::auto(5, 1, guards).await;
    house.fleet.fail(2);
    let mut late = alarm(&Fleet::text(2));
    late.starts_at = Some(house.engine.now() - jiff::SignedDuration::from_secs(700));
    house.engine.accept(vec![late]).await.unwrap();
    pass(120).await;
    assert_eq!(house.of(2).unwrap().state(), State::Waiting);
    pass(120).await;
    let held = house.of(2).unwrap();
    assert_eq!(held.state(), State::NeedsHuman, "{:?}", held.hold);
    assert!(held.human.unwrap().contains("too old"));
    assert_eq!(house.starts(), [0; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_node_that_dies_again_and_again_ends_with_a_person_also_over_restarts() {
    let guards = Guards {
        cool_down_s: 0,
        refire_s: 0,
        starts_per_hour: 0,
        ..limits()
    };
    let mut house = House::auto(12, 1, guards).await;
    for _ in 0..20 {
        house.down(2).await;
        house.settle(1).await;
        pass(1800).await;
        house.restart(None).await;
    }
    assert_eq!(house.starts(), [2, 2, 2]);
    let last = house.of(2).unwrap();
    assert_eq!(last.state(), State::NeedsHuman);
    assert!(last.human.unwrap().contains("3 times within 24 h"));
    let asked = house.all().iter().filter(|one| one.human.is_some()).count();
    assert_eq!(asked, 1, "one page");
}

#[tokio::test(start_paused = true)]
async fn starts_of_an_hour_are_counted_over_nodes_and_restarts() {
    let guards = Guards {
        starts_per_hour: 3,
        storm_nodes: 0,
        ..limits()
    };
    let mut house = House::auto(30, 1, guards).await;
    for number in 1..=5 {
        house.down(number).await;
        house.settle(1).await;
        house.restart(None).await;
        pass(60).await;
    }
    assert_eq!(house.starts(), [1, 2, 3]);
    let held = house.of(4).unwrap();
    let words = held.hold.as_ref().map(|hold| hold.words().to_owned());
    let words = words.or(held.human).unwrap();
    assert!(words.contains("3 of 3 starts an hour"), "{words}");
    // A person is not held back by it.
    house
        .engine
        .order_approve(&person(), house.of(5).unwrap().id, false)
        .await
        .unwrap();
    house.settle(1).await;
    assert_eq!(house.starts(), [1, 2, 3, 5]);
}

#[tokio::test(start_paused = true)]
async fn a_resolved_alarm_that_was_only_held_back_leaves_no_trace() {
    let guards = Guards {
        new_node_s: 600,
        ..loose()
    };
    let house = House::auto(5, 1, guards).await;
    let now = house.engine.now();
    house.fleet.change(2, |node| node.created_at = now);
    house.down(2).await;
    pass(10).await;
    assert_eq!(
        house.of(2).unwrap().state(),
        State::Waiting,
        "a new node is waited for"
    );
    let mut over = alarm(&Fleet::text(2));
    over.status = domain::alarm::Status::Resolved;
    house.engine.accept(vec![over]).await.unwrap();
    pass(10).await;
    assert_eq!(house.of(2).unwrap().outcome(), Some(Outcome::SelfHealed));
    assert_eq!(house.fleet.done("cordon"), [0; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_start_that_was_accepted_is_never_sent_again_though_the_machine_stays_off() {
    let mut house = House::auto(5, 1, loose()).await;
    house.fleet.change(2, |node| node.deaf = true);
    house.down(2).await;
    pass(60).await;
    house.restart(None).await;
    pass(1200).await;
    assert_eq!(house.starts(), [2]);
    assert_eq!(house.of(2).unwrap().state(), State::NeedsHuman);
}

async fn tap(engine: &engine::Engine, target: Target) {
    let start = Start {
        target,
        confirmed: true,
        reason: None,
        retry_of: None,
    };
    let _ = engine.order_start(&person(), start).await;
}

#[tokio::test(start_paused = true)]
async fn what_nobody_lived_to_do_is_old_news_after_a_while() {
    // The process dies at each of its first commits and is gone for two hours; then another one begins.
    for (n, tapped) in (1..=8).flat_map(|n| [(n, false), (n, true)]) {
        for death in [Death::Before(n), Death::After(n)] {
            let mut house = House::auto(5, 1, loose()).await;
            house.restart(Some(death)).await;
            if tapped {
                house.fleet.fail(2);
                let engine = house.engine.clone();
                let target = house.fleet.target(2);
                tokio::spawn(async move { tap(&engine, target).await });
            } else {
                house.down(2).await;
            }
            pass(60).await;
            let before = house.fleet.ledger();
            // Whatever was started meanwhile is off again.
            house.fleet.fail(2);
            pass(7200).await;
            assert_eq!(house.fleet.ledger(), before, "the dead do nothing");
            house.restart(None).await;
            house.settle(1).await;
            let later = house.fleet.ledger().split_off(before.len());
            let acts = later
                .iter()
                .filter(|one| matches!(one.what, "cordon" | "start"));
            assert_eq!(acts.count(), 0, "{death:?}: {later:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_late_word_about_an_older_episode_resolves_nothing() {
    let patient = Guards {
        acting_per_cluster: 0,
        ..loose()
    };
    let house = House::auto(5, 1, patient).await;
    let begun = house.engine.now();
    house.fleet.fail(2);
    let mut told = alarm(&Fleet::text(2));
    told.starts_at = Some(begun);
    house.engine.accept(vec![told.clone()]).await.unwrap();
    pass(10).await;
    told.status = domain::alarm::Status::Resolved;
    for (starts_at, resolves) in [
        (begun - jiff::SignedDuration::from_mins(10), false),
        (begun, true),
    ] {
        told.starts_at = Some(starts_at);
        house.engine.accept(vec![told.clone()]).await.unwrap();
        pass(10).await;
        assert_eq!(house.of(2).unwrap().resolved, resolves, "{starts_at}");
    }
}
