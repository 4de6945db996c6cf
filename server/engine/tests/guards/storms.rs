//! Many nodes at once are one failure: the breaker trips once, and nothing automatic begins after it.

use super::{House, limits, pass, person};
use domain::guard::{Closes, Guards};
use domain::id::ClusterName;
use domain::recovery::{Outcome, State};
use engine::tell::Told;

fn prod() -> ClusterName {
    ClusterName::parse("prod").unwrap()
}

/// Breakers that ever tripped, and whether the last one is open.
async fn storms(house: &House) -> (usize, bool) {
    let rows = house.engine.breakers(100).await.unwrap();
    let open = rows.first().is_some_and(|row| row.closed.is_none());
    (rows.len(), open)
}

#[tokio::test(start_paused = true)]
async fn thirty_of_a_hundred_nodes_at_once_trip_it_once_and_start_nothing() {
    let house = House::auto(100, 3, limits()).await;
    let mut told = house.engine.listen();
    for number in 1..=30 {
        house.fleet.fail(number);
    }
    pass(2).await;
    assert_eq!(storms(&house).await, (1, true), "frozen within 2 s");
    for number in 1..=30 {
        house.alarm(number).await;
    }
    pass(1200).await;
    assert_eq!(house.starts(), [0; 0]);
    assert_eq!(house.fleet.done("cordon"), [0; 0]);
    assert_eq!(storms(&house).await, (1, true));
    assert_eq!(house.all().len(), 30, "each is held back and listed");
    let pages = std::iter::from_fn(|| told.try_recv().ok());
    let pages = pages.filter(|one| *one == Told::Breaker).count();
    assert_eq!(pages, 1, "one page, not thirty");
}

#[tokio::test(start_paused = true)]
async fn alarms_alone_trip_it_before_kubernetes_has_noticed() {
    let house = House::auto(20, 1, limits()).await;
    for number in 1..=5 {
        house.alarm(number).await;
        pass(1).await;
    }
    assert_eq!(storms(&house).await, (1, true));
    assert!(
        house.fleet.done("cordon").len() <= 2,
        "only those before the third"
    );
    assert_eq!(house.starts(), [0; 0]);
}

#[tokio::test(start_paused = true)]
async fn in_a_small_cluster_any_second_node_is_a_storm() {
    for nodes in [1, 2, 3] {
        let house = House::auto(nodes, 1, limits()).await;
        house.down(1).await;
        pass(3).await;
        assert_eq!(storms(&house).await, (0, false), "{nodes} nodes, one down");
        if nodes > 1 {
            house.down(2).await;
            pass(3).await;
            assert_eq!(storms(&house).await, (1, true), "{nodes} nodes, two down");
            let starts = house.starts();
            pass(900).await;
            assert_eq!(house.starts(), starts, "{nodes}: none after it tripped");
        } else {
            house.settle(1).await;
            assert_eq!(house.starts(), [1]);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_trickle_and_a_zone_and_two_zones_trip_it_too() {
    let trickle = House::auto(200, 1, limits()).await;
    for number in 1..=3 {
        trickle.down(number).await;
        pass(20).await;
    }
    assert_eq!(storms(&trickle).await, (1, true), "3 nodes, one every 20 s");

    let guards = Guards {
        storm_nodes: 100,
        storm_percent: 90,
        ..limits()
    };
    let zone = House::auto(9, 3, guards.clone()).await;
    for number in [3, 6, 9] {
        zone.fleet.fail(number);
        pass(120).await;
    }
    assert_eq!(storms(&zone).await, (1, true), "a whole zone");

    let two = House::auto(30, 3, guards.clone()).await;
    two.fleet.fail(1);
    pass(61).await;
    two.fleet.fail(2);
    pass(3).await;
    assert_eq!(
        storms(&two).await,
        (0, false),
        "two zones, one after the other"
    );
    two.fleet.fail(3);
    pass(3).await;
    assert_eq!(storms(&two).await, (1, true), "two zones at once");
}

#[tokio::test(start_paused = true)]
async fn one_that_a_person_lets_through_goes_all_the_way_and_no_other() {
    let house = House::auto(12, 3, limits()).await;
    for number in 1..=4 {
        house.down(number).await;
    }
    pass(10).await;
    assert_eq!(storms(&house).await, (1, true));
    let held = house.of(3).unwrap();
    assert_eq!(held.state(), State::Waiting);
    house
        .engine
        .order_approve(&person(), held.id, false)
        .await
        .unwrap();
    pass(600).await;
    assert_eq!(house.of(3).unwrap().outcome(), Some(Outcome::Recovered));
    assert_eq!(house.starts(), [3]);
}

#[tokio::test(start_paused = true)]
async fn it_closes_only_by_hand_and_after_calm_and_old_alarms_start_nothing() {
    let mut house = House::auto(12, 3, limits()).await;
    for number in 1..=4 {
        house.down(number).await;
    }
    pass(10).await;
    let close = |house: &House| {
        let engine = house.engine.clone();
        async move {
            engine
                .order_close_breaker(&person(), &prod(), "the host is back")
                .await
        }
    };
    assert!(close(&house).await.is_err(), "while it blows");
    house.restart(None).await;
    assert_eq!(storms(&house).await, (1, true), "a restart closes nothing");
    for number in 1..=2 {
        house.fleet.heal(number);
    }
    pass(120).await;
    house.fleet.fail(5);
    pass(10).await;
    assert!(
        close(&house).await.is_err(),
        "a new one begins the calm anew"
    );
    for number in 3..=5 {
        house.fleet.heal(number);
    }
    pass(200).await;
    assert!(close(&house).await.is_err(), "too short a calm");
    pass(1000).await;
    assert_eq!(storms(&house).await, (1, true), "it never closes by itself");
    close(&house).await.unwrap();
    pass(60).await;
    assert_eq!(storms(&house).await, (1, false));
    assert_eq!(house.starts(), [0; 0]);
    assert_eq!(house.fleet.done("cordon"), [0; 0]);
    for number in 1..=4 {
        let outcome = house.of(number).unwrap().outcome();
        assert_eq!(outcome, Some(Outcome::Expired), "node-{number}");
    }
    pass(3600).await;
    house.down(7).await;
    house.settle(1).await;
    assert_eq!(
        house.starts(),
        [7],
        "a single failure afterwards is recovered"
    );
}

#[tokio::test(start_paused = true)]
async fn where_it_may_it_closes_by_itself_and_what_cannot_be_seen_is_not_calm() {
    let guards = Guards {
        storm_closes: Closes::Calm,
        ..limits()
    };
    let house = House::auto(12, 3, guards).await;
    for number in 1..=4 {
        house.fleet.fail(number);
    }
    pass(10).await;
    for number in 1..=4 {
        house.fleet.heal(number);
    }
    house.fleet.set_blind(true);
    pass(1000).await;
    assert_eq!(storms(&house).await, (1, true), "blind is not calm");
    house.fleet.set_blind(false);
    pass(310).await;
    assert_eq!(storms(&house).await, (1, false));
}

#[tokio::test(start_paused = true)]
async fn what_has_begun_is_brought_to_its_end_in_a_storm() {
    let house = House::auto(12, 3, limits()).await;
    house.down(1).await;
    pass(25).await;
    assert_eq!(house.starts(), [1]);
    for number in 2..=4 {
        house.down(number).await;
    }
    pass(300).await;
    assert_eq!(storms(&house).await, (1, true));
    assert_eq!(
        house.of(1).unwrap().outcome(),
        Some(Outcome::Recovered),
        "checks and uncordon go on"
    );
    assert_eq!(house.starts(), [1]);
}
