//! Hosts that take several nodes down: one incident, one message, and what one start met is not tried again on the others.

use super::{House, loose, pass, person};
use domain::id::{NodeName, PersonName};
use domain::incident::Incident;
use domain::message::{Ladder, Stage};
use domain::recovery::{Outcome, Recovery, State};
use domain::rule::{Mode, shipped};
use engine::Engine;
use engine::fakes::{FakeCarrier, FakeOutbox, Fleet, MemoryStore, fleet_ports};
use engine::ports::Book;
use engine::tell::Teller;
use std::collections::BTreeMap;
use std::sync::Arc;

fn tell(house: &House, outbox: &FakeOutbox, carrier: &FakeCarrier) {
    tell_by(house, outbox, carrier, None);
}

fn tell_by(house: &House, outbox: &FakeOutbox, carrier: &FakeCarrier, ladder: Option<Ladder>) {
    Teller::start(
        house.engine.clone(),
        Arc::new(outbox.clone()),
        Arc::new(carrier.clone()),
        Vec::new(),
        ladder,
    );
}

fn stages(carrier: &FakeCarrier) -> Vec<Stage> {
    carrier.carried().into_iter().map(|one| one.2).collect()
}

async fn incidents(house: &House) -> Vec<Incident> {
    house.store.incidents(50).await.unwrap()
}

/// All nodes of the first host lose power, and their alarms come in.
async fn host_down(house: &House) {
    for number in 1..=4 {
        house.fleet.fail(number);
    }
    pass(2).await;
    for number in 1..=4 {
        house.alarm(number).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_fails_is_one_incident_and_one_message_until_all_its_nodes_are_back() {
    for by_cloud in [false, true] {
        let mut house = House::auto(20, 1, loose()).await;
        if by_cloud {
            house.fleet.hosts_by_cloud();
        }
        let (outbox, carrier) = (FakeOutbox::new(&[1]), FakeCarrier::default());
        tell(&house, &outbox, &carrier);
        for number in 1..=4 {
            house.fleet.fail(number);
        }
        pass(5).await;
        for number in 1..=4 {
            house.alarm(number).await;
        }
        pass(20).await;
        // Nothing of it is lost or told again by a restart.
        house.restart(None).await;
        let outbox = outbox.reborn();
        tell(&house, &outbox, &carrier);
        house.settle(2).await;
        pass(30).await;
        let all = incidents(&house).await;
        let [incident] = &all[..] else {
            panic!("{all:?}")
        };
        assert_eq!(incident.host, "host-0");
        assert!(incident.closed_at.is_some(), "{incident:?}");
        assert_eq!(incident.members.len(), 4);
        let mut started = house.starts();
        started.sort_unstable();
        assert_eq!(started, [1, 2, 3, 4]);
        for (number, recovery) in (1..).zip(house.all()) {
            assert_eq!(recovery.outcome(), Some(Outcome::Recovered), "{number}");
            assert!(incident.holds(recovery.id));
        }
        for member in &incident.members {
            let outages = house.fleet.outages();
            let real = outages
                .iter()
                .find(|one| format!("node-{}", one.node) == member.node.as_str())
                .unwrap();
            assert_eq!((member.down_at, member.up_at), (real.from, real.to));
            assert!(member.machine.is_some() && member.address.is_some());
        }
        assert_eq!(
            stages(&carrier),
            [Stage::HostDown, Stage::HostBack],
            "{by_cloud}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_one_start_met_on_a_host_is_not_tried_on_its_other_nodes() {
    let house = House::auto(20, 1, loose()).await;
    let (outbox, carrier) = (FakeOutbox::new(&[1]), FakeCarrier::default());
    tell(&house, &outbox, &carrier);
    for number in 1..=4 {
        house.fleet.change(number, |node| node.no_host = true);
    }
    host_down(&house).await;
    pass(300).await;
    let (stuck, held): (Vec<_>, Vec<_>) = house
        .all()
        .into_iter()
        .partition(|one| one.state() == State::NeedsHuman);
    assert_eq!((stuck.len(), held.len()), (1, 3));
    for one in &held {
        let words = one.hold.as_ref().unwrap().words();
        assert!(
            words.contains("its host host-0 is down (incident 1)"),
            "{words}"
        );
    }
    assert_eq!(stages(&carrier), [Stage::HostDown, Stage::NeedsHuman]);
    let refused = incidents(&house).await.remove(0).refused.unwrap();
    assert_eq!(refused.node, stuck[0].plan.target.node);

    // Once it is seen to work again on one of them, the others go on by themselves.
    for number in 1..=4 {
        house.fleet.change(number, |node| node.no_host = false);
    }
    let (who, id) = (person(), stuck[0].id);
    house.engine.order_retry(&who, id, false).await.unwrap();
    house.settle(2).await;
    pass(30).await;
    assert_eq!(house.starts().len(), 4);
    assert!(incidents(&house).await[0].closed_at.is_some());
}

#[tokio::test(start_paused = true)]
async fn nodes_that_came_back_do_not_wait_for_the_one_of_their_host_that_a_person_has() {
    let house = House::auto(20, 1, loose()).await;
    pass(61).await;
    for number in 1..=4 {
        house.fleet.change(number, |node| node.no_host = true);
    }
    host_down(&house).await;
    pass(300).await;
    let stuck = |one: &Recovery| one.state() == State::NeedsHuman;
    let stuck = house.all().into_iter().find(stuck).unwrap();
    let (who, id) = (person(), stuck.id);

    // A retry that is refused leaves the question as it is.
    house.fleet.set_unreadable(true);
    let refused = house.engine.order_retry(&who, id, false).await.unwrap_err();
    assert!(!refused.to_string().contains("already"), "{refused}");
    house.fleet.set_unreadable(false);
    let asks = house.all().into_iter().find(|one| one.id == id).unwrap();
    assert!(asks.holds_slot() && !asks.acknowledged);

    house.engine.order_acknowledge(&who, id).await.unwrap();
    for number in (1..=4).filter(|at| Fleet::new(4, 1).target(*at).node != stuck.plan.target.node) {
        house.fleet.heal(number);
    }
    pass(300).await;
    let others: Vec<_> = house.all().into_iter().filter(|one| one.id != id).collect();
    let recovered = |one: &Recovery| one.state() == State::Recovered;
    assert!(others.iter().all(recovered), "{others:?}");
    assert_eq!(incidents(&house).await[0].closed_at, None);
}

#[tokio::test(start_paused = true)]
async fn nodes_that_share_no_host_or_no_hour_are_no_incident() {
    let house = House::auto(20, 1, loose()).await;
    house.down(1).await;
    house.down(5).await;
    house.settle(2).await;
    house.fleet.fail(9);
    pass(3600).await;
    house.fleet.fail(10);
    pass(60).await;
    assert_eq!(incidents(&house).await, []);
    // What cannot be seen is neither down nor back.
    house.fleet.set_blind(true);
    house.fleet.fail(11);
    pass(60).await;
    assert_eq!(incidents(&house).await, []);
}

#[tokio::test(start_paused = true)]
async fn a_host_that_only_the_config_knows_is_one_too() {
    let fleet = Fleet::new(20, 1);
    let store = MemoryStore::new(vec![shipped(Mode::Observe)]);
    let mut ports = fleet_ports(&fleet, &store, loose());
    let rack = |name: &str| (NodeName::parse(name).unwrap(), "rack-7".to_owned());
    ports.setup.sites[0].hosts = BTreeMap::from([rack("node-1"), rack("node-9")]);
    let house = House {
        engine: Engine::start(ports).await.unwrap(),
        fleet,
        store,
        guards: loose(),
    };
    house.fleet.fail(1);
    house.fleet.fail(9);
    pass(5).await;
    let all = incidents(&house).await;
    assert_eq!((all.len(), all[0].host.as_str()), (1, "rack-7"));
    // Nobody recovers them here: it is over when they are back.
    house.fleet.heal(1);
    pass(5).await;
    assert_eq!(incidents(&house).await[0].closed_at, None);
    house.fleet.heal(9);
    pass(5).await;
    assert!(incidents(&house).await[0].closed_at.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_host_that_needs_a_person_calls_one_person_after_the_other_until_all_its_nodes_are_seen()
{
    let house = House::auto(20, 1, loose()).await;
    let (outbox, carrier) = (FakeOutbox::new(&[1]), FakeCarrier::default());
    let people = ["Ann", "Ben"].map(|one| PersonName::parse(one).unwrap());
    let ladder = Ladder {
        after_s: 600,
        people: people.to_vec(),
    };
    tell_by(&house, &outbox, &carrier, Some(ladder));
    pass(61).await;
    for number in 1..=4 {
        house.fleet.change(number, |node| node.no_host = true);
    }
    host_down(&house).await;
    let needs = || -> Vec<Recovery> {
        let all = house.all().into_iter();
        all.filter(|one| one.state() == State::NeedsHuman && !one.acknowledged)
            .collect()
    };
    while needs().is_empty() {
        pass(30).await;
    }
    let called = || -> Vec<String> {
        let carried = carrier.carried().into_iter();
        let mine = carried.filter(|one| one.2 == Stage::Escalated);
        mine.map(|one| one.3).collect()
    };
    pass(480).await;
    assert_eq!(called(), [""; 0], "not before its time");
    pass(240).await;
    let ann = "Ann: Host host-0: a person is needed";
    assert_eq!(called(), [ann], "one call for all nodes of the host");
    pass(600).await;
    let both = [ann, "Ben: Host host-0: a person is needed"];
    assert_eq!(called(), both);
    // The next node of the host asks when the first one is seen; all of it is seen by the same person.
    for _ in 0..40 {
        for recovery in needs() {
            let seen = house.engine.order_acknowledge(&person(), recovery.id).await;
            seen.unwrap();
        }
        pass(60).await;
    }
    assert_eq!(called(), both, "nobody after somebody took over");
}
