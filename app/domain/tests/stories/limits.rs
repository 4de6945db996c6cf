//! The limits that depend on how large a cluster is: written down for every size, not computed.

use crate::world::seconds;
use domain::guard::storm::{Spot, Trouble, calm_since, storm};
use domain::guard::{Guards, Window};
use domain::id::NodeName;
use jiff::Timestamp;

fn now() -> Timestamp {
    "2026-11-25T12:00:00Z".parse().unwrap()
}

fn node(number: usize) -> NodeName {
    NodeName::parse(&format!("node-{number}")).unwrap()
}

/// A cluster without zones in which the first so many nodes are unhealthy.
fn spots(nodes: usize, sick: usize) -> Vec<Spot> {
    (1..=nodes)
        .map(|number| Spot {
            node: node(number),
            zone: None,
            host: Some(format!("host-{}", (number - 1) / 4)),
            unhealthy: number <= sick,
        })
        .collect()
}

/// The first so many nodes fell ill a moment ago.
fn troubles(sick: usize) -> Vec<Trouble> {
    let at = now() - seconds(30);
    (1..=sick)
        .map(|number| Trouble {
            node: node(number),
            at,
        })
        .collect()
}

/// The smallest number of unhealthy nodes that trips the breaker, if they fell ill just now or long ago.
fn trips_at(nodes: usize, guards: &Guards, fresh: bool) -> Option<usize> {
    (1..=nodes).find(|sick| {
        let troubles = if fresh { troubles(*sick) } else { Vec::new() };
        storm(&spots(nodes, *sick), &troubles, guards, now()).is_some()
    })
}

#[test]
fn percentages_round_down_and_leave_at_least_one_node() {
    let guards = Guards::default();
    // (nodes, cordoned by us, unhealthy before the breaker trips)
    for (nodes, cordoned, unhealthy) in [
        (0, 1, 1),
        (1, 1, 1),
        (2, 1, 1),
        (3, 1, 1),
        (4, 1, 1),
        (5, 1, 1),
        (9, 1, 1),
        (10, 2, 2),
        (14, 2, 2),
        (15, 3, 3),
        (49, 9, 9),
        (50, 10, 10),
        (100, 10, 20),
        (1000, 10, 200),
    ] {
        assert_eq!(guards.cordon_cap(nodes), cordoned, "{nodes} nodes");
        assert_eq!(guards.unhealthy_cap(nodes), unhealthy, "{nodes} nodes");
    }
    let none = Guards {
        cordon_percent: 0,
        cordon_max: 0,
        storm_percent: 0,
        ..guards
    };
    assert_eq!((none.cordon_cap(1000), none.unhealthy_cap(1000)), (1, 1));
}

#[test]
fn the_breaker_trips_at_the_stricter_of_number_and_percentage_in_every_size_of_cluster() {
    let guards = Guards::default();
    // (nodes, ill just now, ill since long ago)
    for (nodes, fresh, old) in [
        (1, None, None),
        (2, Some(2), Some(2)),
        (3, Some(2), Some(2)),
        (4, Some(2), Some(2)),
        (5, Some(2), Some(2)),
        (9, Some(2), Some(2)),
        (10, Some(3), Some(3)),
        (15, Some(3), Some(4)),
        (100, Some(3), Some(21)),
        (1000, Some(3), Some(201)),
    ] {
        assert_eq!(
            trips_at(nodes, &guards, true),
            fresh,
            "{nodes} nodes, just now"
        );
        assert_eq!(
            trips_at(nodes, &guards, false),
            old,
            "{nodes} nodes, long ago"
        );
    }
    // Two that are well again by now: in a small cluster they are a storm all the same.
    let over = |nodes| storm(&spots(nodes, 0), &troubles(2), &guards, now()).is_some();
    assert_eq!([2, 3, 4].map(over), [true, true, false]);
    let off = Guards {
        storm_nodes: 0,
        ..guards
    };
    assert_eq!(trips_at(100, &off, true), None);
}

#[test]
fn a_storm_names_the_host_that_all_its_nodes_share_and_only_then() {
    let guards = Guards::default();
    let of = |sick| storm(&spots(100, sick), &troubles(sick), &guards, now()).unwrap();
    assert_eq!(
        of(4),
        "4 nodes became unhealthy within 10 min, the limit is 3; all of them are on host host-0"
    );
    assert_eq!(
        of(5),
        "5 nodes became unhealthy within 10 min, the limit is 3"
    );
}

#[test]
fn what_happened_before_the_window_is_not_counted_and_what_comes_in_the_calm_begins_it_anew() {
    let guards = Guards::default();
    let old: Vec<Trouble> = troubles(9)
        .into_iter()
        .map(|one| Trouble {
            at: one.at - seconds(600),
            ..one
        })
        .collect();
    assert_eq!(storm(&spots(1000, 0), &old, &guards, now()), None);
    let since = Some(now() - seconds(200));
    let calm = |sick, known| calm_since(&spots(1000, 0), &troubles(sick), &guards, known, now());
    assert_eq!(calm(0, None), Some(now()));
    assert_eq!(calm(0, since), since);
    assert_eq!(calm(1, since), Some(now()), "one more in the meantime");
    let blows = calm_since(&spots(10, 3), &[], &guards, since, now());
    assert_eq!(blows, None, "too many still are");
}

#[test]
fn maintenance_windows_hold_when_they_say_so() {
    // 2026-11-25 is a Wednesday.
    for (window, holds) in [
        ("Wed 11:00-13:00", Some("2026-11-25T13:00:00Z")),
        ("wed 12:00-12:01", Some("2026-11-25T12:01:00Z")),
        ("Tue 23:00-13:00", Some("2026-11-25T13:00:00Z")),
        ("Wed 12:00-12:00", Some("2026-11-26T12:00:00Z")),
        ("Wed 11:00-12:00", None),
        ("Wed 12:01-13:00", None),
        ("Thu 11:00-13:00", None),
        (
            "2026-11-25T12:00Z/2026-11-25T12:30Z",
            Some("2026-11-25T12:30:00Z"),
        ),
        ("2026-11-25T11:00Z/2026-11-25T12:00Z", None),
    ] {
        let read = Window::try_from(window.to_owned()).unwrap();
        let until: Option<Timestamp> = holds.map(|text| text.parse().unwrap());
        assert_eq!(read.holds_until(now()), until, "{window}");
        let again = Window::try_from(read.to_string()).unwrap();
        assert_eq!(again, read, "{window} is written as it is read");
    }
    for nonsense in [
        "",
        "Wed",
        "Wed 25:00-26:00",
        "Someday 11:00-13:00",
        "2026-11-25T12:00Z/2026-11-25T11:00Z",
        "2026-11-25T12:00Z",
    ] {
        assert!(Window::try_from(nonsense.to_owned()).is_err(), "{nonsense}");
    }
}
