//! Nodes that no rule starts: stopped on purpose, excluded, in maintenance, carrying the control plane, another one by now.

use super::{House, alarm, limits, loose, pass, person};
use domain::guard::{Guards, Window};
use domain::recovery::State;
use engine::fakes::Fleet;
use engine::orders::Start;
use engine::ports::{AlarmFilter, Store};

const SHUTDOWN: &str = "node.cloudprovider.kubernetes.io/shutdown:NoSchedule";

#[tokio::test(start_paused = true)]
async fn only_a_failure_is_started_and_everything_else_waits_for_a_person() {
    for case in 0..16_u8 {
        let (taint, excluded) = (case & 1 > 0, case & 2 > 0);
        let (maintenance, blocking) = (case & 4 > 0, case & 8 > 0);
        let mut guards = loose();
        if maintenance {
            let window = "2000-01-01T00:00Z/2100-01-01T00:00Z".to_owned();
            guards.maintenance = vec![Window::try_from(window).unwrap()];
        }
        guards.blocking_alarms = vec!["etcd.*quorum".to_owned()];
        let house = House::auto(5, 1, guards).await;
        if blocking {
            house.text("etcd of prod lost its quorum").await;
            pass(2).await;
        }
        house.fleet.change(2, |node| {
            node.taints = if taint {
                vec![SHUTDOWN.to_owned()]
            } else {
                Vec::new()
            };
            node.excluded = excluded;
        });
        house.down(2).await;
        pass(600).await;
        let begins = case == 0;
        assert_eq!(house.starts().len(), usize::from(begins), "case {case:04b}");
        assert_eq!(
            house.fleet.done("cordon").len(),
            usize::from(begins),
            "case {case:04b}"
        );
        if begins {
            continue;
        }
        let order = Start {
            target: house.fleet.target(2),
            confirmed: true,
            reason: None,
            retry_of: None,
        };
        house.engine.order_start(&person(), order).await.unwrap();
        pass(600).await;
        assert_eq!(house.starts(), [2], "case {case:04b}: a person may");
    }
}

#[tokio::test(start_paused = true)]
async fn an_exclusion_or_a_taint_that_comes_later_holds_the_start_and_a_yes_lifts_it() {
    for excluded in [false, true] {
        let nobody_else = Guards {
            acting_per_cluster: 0,
            ..loose()
        };
        let house = House::auto(5, 1, nobody_else).await;
        house.down(2).await;
        pass(30).await;
        house.fleet.change(2, |node| {
            if excluded {
                node.excluded = true;
            } else {
                node.taints = vec![SHUTDOWN.to_owned()];
            }
        });
        pass(30).await;
        let held = house.of(2).unwrap();
        let words = held.hold.as_ref().unwrap().words();
        let why = if excluded {
            "the label uncordon.dev/exclude"
        } else {
            "stopped on purpose"
        };
        assert!(words.contains(why), "{words}");
        assert_eq!(house.starts(), [0; 0]);
        house
            .engine
            .order_approve(&person(), held.id, false)
            .await
            .unwrap();
        pass(300).await;
        assert_eq!(house.starts(), [2]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_the_cloud_says_was_stopped_by_a_user_is_offered_not_started() {
    let house = House::auto(5, 1, loose()).await;
    house.fleet.change(2, |node| {
        node.purpose = Some("stopped by a user (Client.UserInitiatedShutdown)".to_owned());
    });
    house.down(2).await;
    pass(60).await;
    let held = house.of(2).unwrap();
    let words = held.hold.as_ref().unwrap().words();
    assert!(words.contains("stopped by a user") && words.contains("a person may start it"));
    assert_eq!(house.starts(), [0; 0]);
    house
        .engine
        .order_approve(&person(), held.id, false)
        .await
        .unwrap();
    pass(300).await;
    assert_eq!(house.starts(), [2]);
}

#[tokio::test(start_paused = true)]
async fn a_node_that_has_just_joined_is_left_alone_until_it_is_grown() {
    let house = House::auto(5, 1, limits()).await;
    let now = house.engine.now();
    house.fleet.change(2, |node| node.created_at = now);
    house.down(2).await;
    pass(590).await;
    assert_eq!(house.fleet.ledger(), []);
    let words = house.of(2).unwrap().hold.unwrap().words().to_owned();
    assert!(words.contains("the node is new"), "{words}");
    pass(300).await;
    assert_eq!(house.starts(), [2]);
}

#[tokio::test(start_paused = true)]
async fn the_control_plane_is_never_started_by_rule_alone() {
    let house = House::auto(5, 1, loose()).await;
    house.fleet.change(1, |node| node.control = true);
    house.down(1).await;
    pass(1200).await;
    assert_eq!(house.starts(), [0; 0]);
    let waits = house.of(1).unwrap();
    assert_eq!(waits.state(), State::Waiting);
    let unconfirmed = house.engine.order_approve(&person(), waits.id, false).await;
    assert!(
        unconfirmed
            .unwrap_err()
            .to_string()
            .contains("control plane")
    );
    house
        .engine
        .order_approve(&person(), waits.id, true)
        .await
        .unwrap();
    pass(300).await;
    assert_eq!(house.starts(), [1]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_done_to_a_node_or_machine_that_is_another_one_by_now() {
    // The change comes after so many seconds: before, between and after all steps.
    for after in [1, 2, 5, 12, 21, 25, 29, 33, 40, 60] {
        for machine in [false, true] {
            let house = House::auto(5, 1, loose()).await;
            house.down(2).await;
            pass(after).await;
            let before = house.fleet.ledger().len();
            house.fleet.change(2, |node| {
                if machine {
                    node.provider = "openstack:///another".to_owned();
                } else {
                    node.uid = "another".to_owned();
                }
            });
            pass(1200).await;
            let later = &house.fleet.ledger()[before..];
            let touched = later.iter().filter(|entry| entry.node == 2).count();
            assert_eq!(touched, 0, "after {after} s, machine {machine}: {later:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn texts_that_name_no_node_or_several_touch_nothing() {
    let house = House::auto(12, 1, loose()).await;
    for text in [
        "HOST  down, IP: ",
        "HOST * down, IP: *",
        "HOST 10.0.0.1 down, IP: 10.0.0.2 Cluster prod",
        "HOST 10.0.0. down, IP: 10.0.0. Cluster prod",
        "HOST node-1 down, IP: 10.0.0.99 Cluster prod",
        "HOST 10.0.0.1 down, IP: 10.0.0.1 Cluster test",
        "HOST 1\u{ff10}.0.0.1 down, IP: 1\u{ff10}.0.0.1 Cluster prod",
    ] {
        house.text(text).await;
    }
    pass(600).await;
    assert_eq!(house.fleet.ledger(), []);
    assert_eq!(house.all().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_not_started_however_dead_the_cache_says_it_is() {
    let house = House::auto(5, 1, loose()).await;
    house.fleet.fail(2);
    pass(60).await;
    house.fleet.freeze_view();
    house.fleet.heal(2);
    pass(60).await;
    house.alarm(2).await;
    house.settle(1).await;
    assert_eq!(
        house.starts(),
        [0; 0],
        "the cache says down, the API says up"
    );
    let blind = House::auto(5, 1, loose()).await;
    blind.fleet.fail(2);
    blind.fleet.set_unreadable(true);
    blind.alarm(2).await;
    pass(1200).await;
    assert_eq!(blind.fleet.ledger(), []);
    assert_eq!(blind.of(2).unwrap().state(), State::NeedsHuman);
}

#[tokio::test(start_paused = true)]
async fn an_alarm_that_is_older_than_the_node_told_of_another_machine() {
    let house = House::auto(5, 1, loose()).await;
    pass(700).await;
    let now = house.engine.now();
    house.fleet.change(2, |node| {
        node.created_at = now - jiff::SignedDuration::from_secs(650);
    });
    house.fleet.fail(2);
    let mut told = alarm(&Fleet::text(2));
    told.starts_at = Some(now - jiff::SignedDuration::from_secs(651));
    house.engine.accept(vec![told.clone()]).await.unwrap();
    pass(600).await;
    assert_eq!(house.fleet.ledger(), []);
    let page = engine::ports::Page {
        after: None,
        limit: 9,
    };
    let rows = house.store.alarms(&AlarmFilter::default(), page).await;
    let verdict = &rows.unwrap()[0].verdict;
    assert!(verdict.needs_look, "a person is told");
    assert!(verdict.note.as_deref().unwrap().contains("made anew"));
    told.starts_at = Some(house.engine.now());
    house.engine.accept(vec![told]).await.unwrap();
    pass(300).await;
    assert_eq!(house.starts(), [2]);
}
