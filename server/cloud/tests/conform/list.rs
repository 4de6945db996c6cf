//! The list.

use crate::bench::{Bench, Maker, Next, Power, target};
use crate::{ec2, http, openstack, redfish};
use domain::step::Answer;
use domain::world::{MachineState, Reading};

pub const ALL: [&Maker; 4] = [
    &openstack::MAKER,
    &ec2::MAKER,
    &redfish::MAKER,
    &http::MAKER,
];

async fn start(bench: &Bench, next: Next) -> Answer {
    bench.set(|stage| stage.next = next);
    bench.cloud.start(&bench.machine, "key-1").await
}

#[tokio::test]
async fn a_machine_is_read_in_each_state_by_the_id_that_starts_it() {
    for maker in ALL {
        let bench = Bench::new(maker).await;
        for (power, state) in [
            (Power::Off, MachineState::Off),
            (Power::Starting, MachineState::Starting),
            (Power::On, MachineState::On),
            (Power::Stopping, MachineState::Stopping),
        ] {
            bench.set(|stage| stage.power = power);
            match bench.cloud.machine(&bench.target).await {
                Reading::Seen(machine) => {
                    assert_eq!(
                        (machine.state, &machine.id),
                        (state, &bench.machine),
                        "{}",
                        bench.name
                    );
                    assert!(!machine.detail.is_empty(), "{}", bench.name);
                }
                other => panic!("{} {power:?}: {other:?}", bench.name),
            }
        }
        bench.set(|stage| stage.power = Power::Gone);
        let gone = bench.cloud.machine(&bench.target).await;
        assert_eq!(gone, Reading::Absent, "{}", bench.name);
    }
}

#[tokio::test]
async fn a_start_is_sent_once_and_what_runs_already_is_as_wanted() {
    for maker in ALL {
        let bench = Bench::new(maker).await;
        let done = start(&bench, Next::Accept).await;
        assert!(
            matches!(&done, Answer::Done(id) if !id.is_empty()),
            "{}: {done:?}",
            bench.name
        );
        assert_eq!(bench.starts(), 1, "{}", bench.name);
        for power in [Power::On, Power::Starting] {
            bench.set(|stage| stage.power = power);
            let already = start(&bench, Next::Conflict).await;
            assert!(
                matches!(already, Answer::AlreadyThere(_)),
                "{} {power:?}: {already:?}",
                bench.name
            );
        }
    }
}

#[tokio::test]
async fn every_failure_has_its_class() {
    for maker in ALL {
        for (next, class) in [
            (Next::Capacity, "capacity"),
            (Next::Denied, "denied"),
            (Next::NotFound, "not found"),
            (Next::Broken, "unknown"),
            (Next::HangUp, "unknown"),
        ] {
            let bench = Bench::new(maker).await;
            let answer = start(&bench, next).await;
            let fits = match &answer {
                Answer::Capacity(_) => class == "capacity",
                Answer::Denied(_) => class == "denied",
                Answer::NotFound(_) => class == "not found",
                Answer::Unknown(_) => class == "unknown",
                Answer::Done(_)
                | Answer::AlreadyThere(_)
                | Answer::Retryable(_)
                | Answer::Throttled(..)
                | Answer::Conflict(_)
                | Answer::Refused(_) => false,
            };
            assert!(fits, "{} {next:?}: {answer:?}", bench.name);
        }
        let bench = Bench::new(maker).await;
        bench.set(|stage| stage.power = Power::Stopping);
        let between = start(&bench, Next::Conflict).await;
        assert!(
            matches!(between, Answer::Conflict(_)),
            "{}: {between:?}",
            bench.name
        );
    }
}

#[tokio::test]
async fn retry_after_is_read_in_seconds_and_as_a_date_and_until_then_nothing_is_sent() {
    for maker in ALL {
        for (said, seconds) in [("7", 7), ("Sun, 22 Nov 2026 20:01:30 GMT", 90)] {
            let bench = Bench::new(maker).await;
            let answer = start(&bench, Next::Throttle(said)).await;
            assert!(
                matches!(&answer, Answer::Throttled(_, Some(after)) if *after == seconds),
                "{}: {answer:?}",
                bench.name
            );
            for _ in 0..5 {
                let again = start(&bench, Next::Accept).await;
                assert!(
                    matches!(&again, Answer::Throttled(_, Some(left)) if (1..=seconds).contains(left)),
                    "{}: {again:?}",
                    bench.name
                );
            }
            assert_eq!(bench.starts(), 1, "{}: a hot loop", bench.name);
            let read = bench.cloud.machine(&bench.target).await;
            assert!(
                matches!(read, Reading::Seen(_)),
                "{}: a throttled start made it blind",
                bench.name
            );
        }
    }
}

#[tokio::test]
async fn nonsense_is_unreadable_and_never_a_state() {
    for maker in ALL {
        let bench = Bench::new(maker).await;
        bench.set(|stage| stage.nonsense = true);
        let read = bench.cloud.machine(&bench.target).await;
        assert!(
            matches!(read, Reading::Unreadable(_)),
            "{}: {read:?}",
            bench.name
        );
    }
}

#[tokio::test]
async fn where_nobody_listens_nothing_can_have_happened() {
    for maker in ALL {
        let bench = Bench::nowhere(maker).await;
        let answer = bench.cloud.start(&bench.machine, "k").await;
        assert!(
            matches!(answer, Answer::Retryable(_)),
            "{}: {answer:?}",
            bench.name
        );
        let read = bench.cloud.machine(&bench.target).await;
        assert!(
            matches!(&read, Reading::Unreadable(why) if why.contains("cannot be reached")),
            "{}: {read:?}",
            bench.name
        );
    }
}

#[tokio::test]
async fn a_service_that_stays_silent_leaves_it_unknown_and_is_never_a_failure() {
    let all = ALL.map(|maker| async move {
        let bench = Bench::new(maker).await;
        let answer = start(&bench, Next::Silence).await;
        assert!(
            matches!(answer, Answer::Unknown(_)),
            "{}: {answer:?}",
            bench.name
        );
        bench.set(|stage| stage.silent = true);
        let read = bench.cloud.machine(&bench.target).await;
        assert!(
            matches!(&read, Reading::Unreadable(why) if why.contains("within 8 s")),
            "{}: {read:?}",
            bench.name
        );
    });
    futures::future::join_all(all).await;
}

#[tokio::test]
async fn a_secret_that_was_exchanged_is_taken_without_a_restart() {
    for maker in ALL {
        let bench = Bench::new(maker).await;
        let read = bench.cloud.machine(&bench.target).await;
        assert!(matches!(read, Reading::Seen(_)), "{}: {read:?}", bench.name);
        bench.rotate();
        let read = bench.cloud.machine(&bench.target).await;
        assert!(matches!(read, Reading::Seen(_)), "{}: {read:?}", bench.name);
        let done = start(&bench, Next::Accept).await;
        assert!(matches!(done, Answer::Done(_)), "{}: {done:?}", bench.name);
        bench.set(|stage| stage.secret = "nobody knows it".into());
        let denied = start(&bench, Next::Accept).await;
        assert!(
            matches!(denied, Answer::Denied(_)),
            "{}: {denied:?}",
            bench.name
        );
    }
}

#[tokio::test]
async fn a_node_of_another_cloud_is_never_looked_for() {
    for maker in ALL.into_iter().filter(|maker| maker.name != "redfish") {
        let bench = Bench::new(maker).await;
        let read = bench
            .cloud
            .machine(&target(Some("gce://project/zone/node-12")))
            .await;
        assert!(
            matches!(&read, Reading::Unreadable(why) if why.contains("gce://")),
            "{}: {read:?}",
            bench.name
        );
        assert!(bench.relay.seen().is_empty(), "{}", bench.name);
    }
}

#[tokio::test]
async fn the_doctor_finds_the_nodes_machine_or_says_that_there_is_none() {
    use cloud::Finding;
    for maker in ALL {
        let bench = Bench::new(maker).await;
        let nodes = [bench.target.clone()];
        let found = bench.cloud.examine(&nodes).await;
        let failed = |found: &[Finding]| {
            found
                .iter()
                .filter(|one| matches!(one, Finding::Failed(_)))
                .count()
        };
        assert_eq!(failed(&found), 0, "{}: {found:?}", bench.name);
        assert!(
            matches!(found.first(), Some(Finding::Well(_))),
            "{}: {found:?}",
            bench.name
        );
        bench.set(|stage| stage.secret = "nobody knows it".into());
        let fresh = Bench::new(maker).await;
        fresh.set(|stage| stage.secret = "nobody knows it".into());
        let found = fresh.cloud.examine(&nodes).await;
        match found.first() {
            Some(Finding::Failed(fault)) => assert!(!fault.way_out.is_empty(), "{}", bench.name),
            other => panic!("{}: {other:?}", bench.name),
        }
    }
}
