//! When a cluster and a heartbeat raise an alarm, and when they take it back.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::id::{NodeName, NodeUid};
use crate::world::{Allocatable, Cordon};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_461_000 + seconds).unwrap()
}

fn prod() -> ClusterName {
    ClusterName::parse("prod").unwrap()
}

fn node(ready: Ready, since: i64) -> NodeFacts {
    NodeFacts {
        name: NodeName::parse("node-12").unwrap(),
        uid: NodeUid::parse("uid-12").unwrap(),
        resource_version: "1".into(),
        addresses: vec!["10.0.0.12".into()],
        provider_id: None,
        boot_id: "b".into(),
        ready,
        ready_since: at(since),
        lease_renewed: None,
        cordon: Cordon::Open,
        pressure: Vec::new(),
        taints: Vec::new(),
        roles: Vec::new(),
        zone: None,
        host: None,
        excluded: false,
        allocatable: Allocatable::default(),
        created_at: at(-1_000_000),
    }
}

fn minute() -> SignedDuration {
    SignedDuration::from_secs(60)
}

#[test]
fn a_node_is_told_once_after_the_time_and_taken_back_when_ready() {
    let mut told = Told::new();
    let mut see = |one: &[NodeFacts], now: i64| nodes(&prod(), one, minute(), &mut told, at(now));
    assert!(see(&[node(Ready::Unknown, 0)], 59).is_empty(), "too early");
    let news = see(&[node(Ready::Unknown, 0)], 60);
    let [alarm] = &news[..] else {
        panic!("{news:?}")
    };
    assert_eq!(alarm.status, Status::Firing);
    assert_eq!(alarm.starts_at, Some(at(0)));
    assert!(
        alarm
            .text
            .starts_with("HOST node-12 down, IP: 10.0.0.12 Cluster prod\n"),
        "{}",
        alarm.text
    );
    assert!(
        see(&[node(Ready::Unknown, 0)], 300).is_empty(),
        "told twice"
    );
    // The kubelet talks again, and says no: no new episode.
    assert!(see(&[node(Ready::False, 301)], 310).is_empty());
    let news = see(&[node(Ready::True, 320)], 321);
    let [over] = &news[..] else {
        panic!("{news:?}")
    };
    assert_eq!(
        (over.status, over.starts_at, &over.fingerprint),
        (Status::Resolved, Some(at(0)), &alarm.fingerprint)
    );
    assert!(see(&[node(Ready::True, 320)], 330).is_empty());
}

#[test]
fn a_node_that_is_gone_is_taken_back_and_a_new_one_of_its_name_is_another() {
    let mut told = Told::new();
    let first = nodes(
        &prod(),
        &[node(Ready::False, 0)],
        minute(),
        &mut told,
        at(60),
    );
    let mut other = node(Ready::Unknown, 100);
    other.uid = NodeUid::parse("uid-13").unwrap();
    let news = nodes(&prod(), &[other], minute(), &mut told, at(160));
    assert_eq!(news.len(), 2, "{news:?}");
    assert_ne!(news[0].fingerprint, first[0].fingerprint);
    assert_eq!(
        (news[1].status, &news[1].fingerprint),
        (Status::Resolved, &first[0].fingerprint)
    );
}

#[test]
fn a_heartbeat_that_stays_away_is_told_once_and_taken_back() {
    let of = SourceName::parse("am").unwrap();
    let mut beat = Beat {
        last: at(0),
        told: None,
    };
    assert_eq!(heartbeat(&of, &mut beat, minute(), at(59)), None);
    let alarm = heartbeat(&of, &mut beat, minute(), at(60)).unwrap();
    assert_eq!(
        (alarm.status, alarm.starts_at),
        (Status::Firing, Some(at(0)))
    );
    assert_eq!(
        heartbeat(&of, &mut beat, minute(), at(600)),
        None,
        "told twice"
    );
    beat.last = at(601);
    let over = heartbeat(&of, &mut beat, minute(), at(602)).unwrap();
    assert_eq!(
        (over.status, over.starts_at, &over.fingerprint),
        (Status::Resolved, Some(at(0)), &alarm.fingerprint)
    );
    assert_eq!(heartbeat(&of, &mut beat, minute(), at(603)), None);
}
