//! What people are told: once per thing, state and recipient, nothing that is over, and never in a recovery's way.

use super::{House, limits, loose, pass, person};
use domain::id::PersonName;
use domain::message::{Channel, Ladder, Stage, Wants};
use domain::recovery::{Outcome, State};
use domain::rule::{Mode, shipped};
use engine::fakes::{FakeCarrier, FakeOutbox, Fleet};
use engine::ports::{Delivery, Fate, Recipient};
use engine::tell::{Standing, Teller};
use std::sync::Arc;

/// One process that tells.
fn tell(house: &House, outbox: &FakeOutbox, carrier: &FakeCarrier) -> Teller {
    tell_by(house, outbox, carrier, None)
}

/// The same, with an order of people who are called one after the other.
fn tell_by(
    house: &House,
    outbox: &FakeOutbox,
    carrier: &FakeCarrier,
    ladder: Option<Ladder>,
) -> Teller {
    let pager = Standing {
        to: pager(),
        wants: Wants::default(),
    };
    Teller::start(
        house.engine.clone(),
        Arc::new(outbox.clone()),
        Arc::new(carrier.clone()),
        vec![pager],
        ladder,
    )
}

fn stages(carrier: &FakeCarrier, to: &Recipient) -> Vec<Stage> {
    let carried = carrier.carried().into_iter();
    carried
        .filter(|one| one.0 == *to)
        .map(|one| one.2)
        .collect()
}

fn phone() -> Recipient {
    Recipient::Device(1)
}

fn pager() -> Recipient {
    Recipient::Webhook("pager".to_owned())
}

async fn asking(nodes: usize) -> House {
    House::new(Fleet::new(nodes, 1), loose(), shipped(Mode::Ask)).await
}

#[tokio::test(start_paused = true)]
async fn each_state_is_told_once_to_each_whatever_restarts_and_repeats() {
    let mut house = House::auto(20, 1, loose()).await;
    let (outbox, carrier) = (FakeOutbox::new(&[1, 2]), FakeCarrier::default());
    tell(&house, &outbox, &carrier);
    house.down(3).await;
    pass(5).await;
    house.alarm(3).await;
    assert_eq!(stages(&carrier, &phone()), [Stage::Began]);
    house.restart(None).await;
    let outbox = outbox.reborn();
    tell(&house, &outbox, &carrier);
    house.settle(1).await;
    pass(120).await;
    house.restart(None).await;
    let outbox = outbox.reborn();
    tell(&house, &outbox, &carrier);
    pass(300).await;
    assert_eq!(house.all()[0].outcome(), Some(Outcome::Recovered));
    for device in [1, 2] {
        let told = stages(&carrier, &Recipient::Device(device));
        assert_eq!(told, [Stage::Began, Stage::Recovered], "device {device}");
    }
    assert_eq!(stages(&carrier, &pager()), [], "nobody is needed");
    let titles: Vec<String> = carrier.carried().into_iter().map(|one| one.3).collect();
    assert!(
        titles.contains(&"Recovery of node-3 began".to_owned()),
        "{titles:?}"
    );
    assert!(titles.contains(&"node-3 is back".to_owned()), "{titles:?}");
}

#[tokio::test(start_paused = true)]
async fn a_call_for_help_is_repeated_every_hour_until_somebody_acknowledges() {
    let house = asking(20).await;
    let (outbox, carrier) = (FakeOutbox::new(&[1]), FakeCarrier::default());
    tell(&house, &outbox, &carrier);
    house.down(3).await;
    pass(120).await;
    assert_eq!(stages(&carrier, &phone()), [Stage::ApprovalAsked]);
    pass(3600).await;
    let recovery = house.of(3).unwrap();
    assert_eq!(recovery.state(), State::NeedsHuman);
    pass(2 * 3600 + 120).await;
    let called = [
        Stage::ApprovalAsked,
        Stage::NeedsHuman,
        Stage::NeedsHuman,
        Stage::NeedsHuman,
    ];
    assert_eq!(stages(&carrier, &phone()), called);
    assert_eq!(stages(&carrier, &pager()), called);
    house
        .engine
        .order_acknowledge(&person(), recovery.id)
        .await
        .unwrap();
    pass(3 * 3600).await;
    let known = [&called[..], &[Stage::Acknowledged]].concat();
    assert_eq!(
        stages(&carrier, &phone()),
        known,
        "who took over, and nothing after it"
    );
    assert_eq!(stages(&carrier, &pager()), called);
}

#[tokio::test(start_paused = true)]
async fn a_call_for_help_that_nobody_acknowledges_goes_from_one_person_to_the_next() {
    let house = asking(20).await;
    let (outbox, carrier) = (FakeOutbox::new(&[1]), FakeCarrier::default());
    let people = ["Ann", "Ben", "Cy"].map(|one| PersonName::parse(one).unwrap());
    let ladder = Ladder {
        after_s: 600,
        people: people.to_vec(),
    };
    tell_by(&house, &outbox, &carrier, Some(ladder));
    house.down(3).await;
    pass(60).await;
    while house.of(3).unwrap().state() != State::NeedsHuman {
        pass(60).await;
    }
    let called = || -> Vec<String> {
        let carried = carrier.carried().into_iter();
        let mine = carried.filter(|one| one.0 == phone() && one.2 == Stage::Escalated);
        mine.map(|one| one.3).collect()
    };
    pass(480).await;
    assert_eq!(called(), [""; 0], "not before its time");
    pass(240).await;
    assert_eq!(called(), ["Ann: node-3 needs you"]);
    pass(600).await;
    assert_eq!(called(), ["Ann: node-3 needs you", "Ben: node-3 needs you"]);
    let loud = stages(&carrier, &pager());
    assert_eq!(
        loud.iter().filter(|one| **one == Stage::Escalated).count(),
        2
    );
    let recovery = house.of(3).unwrap();
    let seen = house.engine.order_acknowledge(&person(), recovery.id).await;
    seen.unwrap();
    pass(1800).await;
    assert_eq!(called().len(), 2, "nobody after somebody took over");
}

#[tokio::test(start_paused = true)]
async fn a_call_for_help_is_carried_on_while_news_keeps_coming() {
    let house = asking(20).await;
    let (outbox, carrier) = (FakeOutbox::new(&[1]), FakeCarrier::default());
    let ladder = Ladder {
        after_s: 600,
        people: vec![PersonName::parse("Ann").unwrap()],
    };
    tell_by(&house, &outbox, &carrier, Some(ladder));
    house.down(3).await;
    while house
        .of(3)
        .is_none_or(|one| one.state() != State::NeedsHuman)
    {
        pass(60).await;
    }
    for turn in 0..60 {
        house
            .text(&format!("{turn} has nothing to do with it"))
            .await;
        pass(20).await;
    }
    assert!(stages(&carrier, &phone()).contains(&Stage::Escalated));
}

#[tokio::test(start_paused = true)]
async fn what_is_over_when_its_turn_comes_is_not_said() {
    let house = asking(20).await;
    let busy = || {
        Some(Delivery::Later {
            after: Some(std::time::Duration::from_secs(60)),
            why: "busy".to_owned(),
        })
    };
    let (outbox, carrier) = (
        FakeOutbox::new(&[1]),
        FakeCarrier::answering([busy(), busy()]),
    );
    tell(&house, &outbox, &carrier);
    house.down(3).await;
    pass(20).await;
    let id = house.of(3).unwrap().id;
    house
        .engine
        .order_approve(&person(), id, false)
        .await
        .unwrap();
    pass(120).await;
    let asked = [Stage::ApprovalAsked];
    assert_eq!(
        stages(&carrier, &pager()),
        asked,
        "tried once, then it was answered"
    );
    let fates = outbox.letters().into_iter();
    let fates: Vec<_> = fates
        .filter(|one| one.letter.stage == Stage::ApprovalAsked)
        .map(|one| one.fate)
        .collect();
    assert_eq!(fates, [Some(Fate::Over), Some(Fate::Over)]);
}

#[tokio::test(start_paused = true)]
async fn a_storm_pages_once_and_the_nodes_in_it_do_not() {
    let house = House::auto(100, 3, limits()).await;
    let (outbox, carrier) = (FakeOutbox::new(&[1]), FakeCarrier::default());
    tell(&house, &outbox, &carrier);
    for number in 1..=30 {
        house.fleet.fail(number);
    }
    pass(2).await;
    for number in 1..=30 {
        house.alarm(number).await;
    }
    pass(1200).await;
    assert_eq!(stages(&carrier, &phone()), [Stage::Tripped]);
    assert_eq!(stages(&carrier, &pager()), [Stage::Tripped]);
    let title = &carrier.carried()[0].3;
    assert!(title.starts_with("Storm in prod"), "{title}");
}

#[tokio::test(start_paused = true)]
async fn push_services_that_never_answer_do_not_slow_a_recovery() {
    let mut took = Vec::new();
    for told in [false, true] {
        let house = House::auto(20, 1, loose()).await;
        let devices: Vec<u64> = (1..=40).collect();
        let (outbox, carrier) = (
            FakeOutbox::new(&devices),
            FakeCarrier::answering(std::iter::repeat_n(None, 1000)),
        );
        if told {
            tell(&house, &outbox, &carrier);
        }
        house.down(3).await;
        house.settle(1).await;
        let recovery = house.of(3).unwrap();
        assert_eq!(recovery.outcome(), Some(Outcome::Recovered));
        took.push(
            recovery
                .ended_at()
                .unwrap()
                .duration_since(recovery.started_at()),
        );
        pass(600).await;
        assert_eq!(carrier.carried().is_empty(), !told);
    }
    assert_eq!(took[0], took[1]);
}

#[tokio::test(start_paused = true)]
async fn a_letter_in_the_hands_of_a_process_that_died_is_not_handed_over_again_unless_it_calls_for_help()
 {
    for (mode, stage, times) in [
        (Mode::Auto, Stage::Began, 1),
        (Mode::Ask, Stage::ApprovalAsked, 2),
    ] {
        let mut house = House::new(Fleet::new(20, 1), loose(), shipped(mode)).await;
        let (outbox, carrier) = (FakeOutbox::new(&[1]), FakeCarrier::answering([None, None]));
        tell(&house, &outbox, &carrier);
        house.down(3).await;
        pass(5).await;
        house.restart(None).await;
        let outbox = outbox.reborn();
        tell(&house, &outbox, &carrier);
        pass(60).await;
        let told = stages(&carrier, &phone());
        let count = told.iter().filter(|one| **one == stage).count();
        assert_eq!(count, times, "{mode:?}: {told:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_device_that_is_gone_is_forgotten_and_the_others_are_told() {
    let house = asking(20).await;
    let gone = Some(Delivery::Gone("push.test answered 410".to_owned()));
    let (outbox, carrier) = (FakeOutbox::new(&[1, 2, 3]), FakeCarrier::answering([gone]));
    tell(&house, &outbox, &carrier);
    house.down(3).await;
    pass(60).await;
    assert_eq!(outbox.devices().len(), 2);
    let told = carrier.carried().len();
    assert_eq!(told, 4, "three devices and the pager, once each");
}

#[tokio::test(start_paused = true)]
async fn a_test_goes_to_the_one_that_is_tested() {
    let house = asking(20).await;
    let (outbox, carrier) = (FakeOutbox::new(&[1, 2]), FakeCarrier::default());
    let teller = tell(&house, &outbox, &carrier);
    teller.test(&phone(), Channel::Default).await.unwrap();
    pass(1).await;
    teller.test(&phone(), Channel::Important).await.unwrap();
    pass(1).await;
    assert_eq!(stages(&carrier, &phone()), [Stage::Test, Stage::Test]);
    assert_eq!(carrier.carried().len(), 2);
}
