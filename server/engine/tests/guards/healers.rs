//! Nodes that somebody else heals: left alone by rules and persons alike until their owner gives them to us.

use super::{House, loose, pass, person};
use domain::alarm::Disposition;
use domain::plan::Refusal;
use domain::rule::{Mode, shipped};
use domain::world::{Claim, Group, Healer, Healers, Unseen};
use engine::fakes::{Fleet, MemoryStore, fleet_ports};
use engine::orders::Start;
use engine::ports::{AlarmFilter, AlarmRow, Page, Store};
use engine::{Engine, OrderError};

/// A house whose owner gave the nodes of these healers to us.
async fn house(own: &[Healer]) -> House {
    let fleet = Fleet::new(5, 1);
    let store = MemoryStore::new(vec![shipped(Mode::Auto)]);
    let mut ports = fleet_ports(&fleet, &store, loose());
    ports.setup.sites[0].own_recovery = own.to_vec();
    House {
        engine: Engine::start(ports).await.unwrap(),
        fleet,
        store,
        guards: loose(),
    }
}

/// Somebody has node-2: by an object or a label in the cluster, or, for a group of the cloud, by its machine.
fn claimed(house: &House, healer: Healer) {
    house.fleet.change(2, |node| match healer {
        Healer::AutoscalingGroup => {
            node.group = Some(Group {
                healer,
                name: "autoscaling group web".to_owned(),
            });
        }
        healer => {
            node.healers.claims = vec![Claim {
                healer,
                evidence: "the evidence".to_owned(),
            }];
        }
    });
}

async fn start(house: &House, confirmed: bool) -> Result<(), OrderError> {
    let order = Start {
        target: house.fleet.target(2),
        confirmed,
        reason: None,
        retry_of: None,
    };
    house.engine.order_start(&person(), order).await.map(|_| ())
}

async fn last(house: &House) -> AlarmRow {
    let page = Page {
        after: None,
        limit: 1,
    };
    let rows = house.store.alarms(&AlarmFilter::default(), page).await;
    rows.unwrap().remove(0)
}

#[tokio::test(start_paused = true)]
async fn whoever_heals_a_node_keeps_it_until_its_owner_gives_it_to_us() {
    for healer in Healer::ALL {
        let house = house(&[]).await;
        claimed(&house, healer);
        house.down(2).await;
        pass(300).await;
        assert_eq!(house.fleet.ledger(), [], "{healer:?}");
        let verdict = last(&house).await.verdict;
        assert_eq!(verdict.disposition, Disposition::Suppressed);
        let note = verdict.note.unwrap();
        let key = format!("own_recovery = [{:?}]", healer.word());
        assert!(note.contains(&key) && note.contains("prod"), "{note}");
        let refused = start(&house, true).await.unwrap_err();
        assert!(
            matches!(&refused, OrderError::Refused(Refusal::OtherHealer { way_out, .. }) if way_out.contains(&key)),
            "{refused:?}"
        );
        pass(300).await;
        assert_eq!(house.fleet.ledger(), [], "{healer:?}");

        let others: Vec<Healer> = Healer::ALL
            .into_iter()
            .filter(|one| *one != healer)
            .collect();
        for (own, acts) in [(vec![healer], true), (others, false)] {
            let house = super::healers::house(&own).await;
            claimed(&house, healer);
            house.down(2).await;
            pass(300).await;
            assert_eq!(
                house.starts().len(),
                usize::from(acts),
                "{healer:?} {own:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_healer_that_comes_after_the_plan_keeps_power_from_being_used() {
    let house = house(&[]).await;
    house.fleet.set_slow(5);
    house.down(2).await;
    pass(12).await;
    assert_eq!(house.fleet.done("cordon"), [2]);
    claimed(&house, Healer::Medik8s);
    pass(120).await;
    let held = house.of(2).unwrap();
    let words = held.hold.as_ref().unwrap().words().to_owned();
    assert!(words.contains("Medik8s looks after this node"), "{words}");
    // Not even a person's yes makes it two.
    house
        .engine
        .order_approve(&person(), held.id, true)
        .await
        .ok();
    pass(120).await;
    assert_eq!(house.starts(), [0; 0]);
    house
        .fleet
        .change(2, |node| node.healers = Healers::default());
    pass(120).await;
    assert_eq!(house.starts(), [2]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_seen_is_not_taken_for_nobody() {
    let unseen = |denied| Healers {
        claims: Vec::new(),
        unseen: vec![Unseen {
            of: vec![Healer::ClusterApi],
            why: "no".to_owned(),
            denied,
        }],
    };
    // A missing right stays missing: a person is asked, and must confirm.
    let house = house(&[]).await;
    house.fleet.change(2, |node| node.healers = unseen(true));
    house.down(2).await;
    pass(120).await;
    assert_eq!(house.fleet.done("cordon"), [2]);
    let asked = house.of(2).unwrap();
    assert!(asked.takes_yes());
    assert!(asked.plan.warnings[0].text().contains("Cluster API"));
    let early = house.engine.order_approve(&person(), asked.id, false).await;
    assert!(matches!(
        early,
        Err(OrderError::Refused(Refusal::ConfirmNeeded { .. }))
    ));
    assert_eq!(house.starts(), [0; 0]);
    house
        .engine
        .order_approve(&person(), asked.id, true)
        .await
        .unwrap();
    pass(300).await;
    assert_eq!(house.starts(), [2]);

    // What stutters is asked again: cordoned at once, started once it is seen that nobody has it.
    let house = super::healers::house(&[]).await;
    house.fleet.change(2, |node| node.healers = unseen(false));
    house.down(2).await;
    pass(120).await;
    assert_eq!(house.fleet.done("cordon"), [2]);
    assert_eq!(house.starts(), [0; 0]);
    house
        .fleet
        .change(2, |node| node.healers = Healers::default());
    pass(120).await;
    assert_eq!(house.starts(), [2]);
}
