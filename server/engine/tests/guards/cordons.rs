//! Only our own cordon is ever taken off, whatever people and other tools do meanwhile.

use super::{House, loose, pass, person};
use domain::guard::Switch;
use domain::ledger::CordonVerb;
use domain::recovery::{Outcome, State};
use domain::world::{Cordon, HolderMark};
use engine::cordons::CordonOrder;
use engine::ports::SwitchRow;

/// What somebody else does with the node, and when.
#[derive(Debug, Clone, Copy)]
enum Meddle {
    Nothing,
    Cordons,
    Uncordons,
    Recordons,
    LosesTheAnnotation,
    TakesOver,
}

const ALL: [Meddle; 6] = [
    Meddle::Nothing,
    Meddle::Cordons,
    Meddle::Uncordons,
    Meddle::Recordons,
    Meddle::LosesTheAnnotation,
    Meddle::TakesOver,
];

fn meddle(house: &House, what: Meddle) {
    let now = house.engine.now();
    house.fleet.change(2, |node| match what {
        Meddle::Nothing => {}
        Meddle::Cordons | Meddle::Recordons | Meddle::LosesTheAnnotation => {
            node.cordon = Cordon::FOREIGN;
        }
        Meddle::Uncordons => node.cordon = Cordon::Open,
        Meddle::TakesOver => {
            node.cordon = Cordon::Held(HolderMark {
                person: person().name,
                at: now,
            });
        }
    });
}

#[tokio::test(start_paused = true)]
async fn no_cordon_of_anybody_else_comes_off_and_none_of_ours_stays_unseen() {
    for what in ALL {
        // Before the alarm, and at moments from the cordon to the end.
        for at in [0_u64, 1, 10, 24, 29, 31, 33] {
            for end in ["ends", "stops", "crashes"] {
                let mut house = House::auto(5, 1, loose()).await;
                if at == 0 {
                    meddle(&house, what);
                }
                house.down(2).await;
                pass(at).await;
                if at > 0 {
                    meddle(&house, what);
                }
                let before = house.fleet.cordon(2);
                match end {
                    "stops" => {
                        if let Some(found) = house.of(2) {
                            let _ = house.engine.order_stop(&person(), found.id, None).await;
                        }
                    }
                    "crashes" => house.restart(None).await,
                    _ => {}
                }
                pass(1200).await;
                let place = format!("{what:?} at {at} s, {end}");
                let ledger = house.fleet.ledger();
                assert!(
                    !ledger.iter().any(|entry| entry.foreign),
                    "{place}: {ledger:?}"
                );
                if matches!(before, Cordon::Foreign(_) | Cordon::Held(_)) {
                    assert_eq!(house.fleet.cordon(2), before, "{place}");
                }
                if let Cordon::Ours(mark) = house.fleet.cordon(2) {
                    let owner = house.all().into_iter().find(|one| one.id == mark.recovery);
                    let told = owner.is_some_and(|one| {
                        one.state() == State::NeedsHuman || one.stopped || one.holds_slot()
                    });
                    assert!(told, "{place}: our cordon was left without a word");
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_cordon_taken_over_for_a_recovery_at_work_is_taken_off_at_its_end() {
    let house = House::auto(5, 1, loose()).await;
    meddle(&house, Meddle::Cordons);
    house.down(2).await;
    pass(5).await;
    let order = |verb| CordonOrder {
        target: house.fleet.target(2),
        verb,
        reason: None,
    };
    let lifted = house
        .engine
        .order_cordon(&person(), order(CordonVerb::Lift))
        .await;
    assert!(lifted.is_err(), "somebody else's cordon is not lifted");
    house
        .engine
        .order_cordon(&person(), order(CordonVerb::TakeOver))
        .await
        .unwrap();
    house.settle(1).await;
    assert_eq!(house.fleet.cordon(2), Cordon::Open);
    assert_eq!(house.fleet.done("uncordon"), [2]);
}

#[tokio::test(start_paused = true)]
async fn a_cordon_handed_back_while_a_recovery_is_at_work_stays_where_it_is() {
    let house = House::auto(5, 1, loose()).await;
    house.down(2).await;
    pass(5).await;
    let order = CordonOrder {
        target: house.fleet.target(2),
        verb: CordonVerb::HandBack,
        reason: Some("I look after it".to_owned()),
    };
    house.engine.order_cordon(&person(), order).await.unwrap();
    house.settle(1).await;
    assert!(matches!(house.fleet.cordon(2), Cordon::Foreign(_)));
    assert_eq!(house.fleet.done("uncordon"), [0; 0]);
    let acts = house.engine.cordon_acts(10).await.unwrap();
    assert!(acts[0].outcome.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_person_takes_our_cordon_off_while_frozen_also_if_a_recovery_is_at_work() {
    for stops in [false, true] {
        let house = House::auto(5, 1, loose()).await;
        let order = |verb| CordonOrder {
            target: house.fleet.target(2),
            verb,
            reason: None,
        };
        let throw = |mode| {
            let row = SwitchRow {
                cluster: None,
                mode,
                set_by: person().name,
                set_at: house.engine.now(),
                reason: Some("a test".to_owned()),
                in_flight: None,
            };
            house.engine.throw_switch(row)
        };
        house.down(2).await;
        pass(5).await;
        let lift = order(CordonVerb::Lift);
        let early = house.engine.order_cordon(&person(), lift.clone()).await;
        assert!(early.is_err(), "it takes its cordon off itself");
        throw(Switch::Freeze).await.unwrap();
        if stops {
            // The node is well again: the stop would take the cordon off, were it not for the switch.
            house.fleet.heal(2);
            let id = house.of(2).unwrap().id;
            house.engine.order_stop(&person(), id, None).await.unwrap();
            pass(60).await;
            assert!(house.of(2).unwrap().holds_slot(), "held by the switch");
        }
        assert!(matches!(house.fleet.cordon(2), Cordon::Ours(_)));
        house.engine.order_cordon(&person(), lift).await.unwrap();
        assert_eq!(house.fleet.cordon(2), Cordon::Open);
        throw(Switch::Run).await.unwrap();
        house.settle(1).await;
        let outcome = if stops {
            Outcome::Aborted
        } else {
            Outcome::Recovered
        };
        assert_eq!(house.of(2).unwrap().outcome(), Some(outcome));
        assert_eq!(house.fleet.done("uncordon"), [2], "once, by hand");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_ordered_before_the_freeze_and_not_yet_done_is_not_done_after_it() {
    for verb in [CordonVerb::TakeOver, CordonVerb::HandBack] {
        let house = House::auto(5, 1, loose()).await;
        match verb {
            CordonVerb::TakeOver => meddle(&house, Meddle::Cordons),
            _ => meddle(&house, Meddle::TakesOver),
        }
        let order = CordonOrder {
            target: house.fleet.target(2),
            verb,
            reason: None,
        };
        house.fleet.set_slow(5);
        let engine = house.engine.clone();
        let act = tokio::spawn(async move { engine.order_cordon(&person(), order).await });
        pass(1).await;
        let row = SwitchRow {
            cluster: None,
            mode: Switch::Freeze,
            set_by: person().name,
            set_at: house.engine.now(),
            reason: None,
            in_flight: None,
        };
        house.engine.throw_switch(row).await.unwrap();
        assert!(act.await.unwrap().is_err());
        assert_eq!(house.fleet.ledger(), [], "{verb:?}");
        let acts = house.engine.cordon_acts(1).await.unwrap();
        let outcome = acts[0].outcome.as_deref().unwrap();
        assert!(outcome.starts_with("nothing was changed"), "{outcome}");
    }
}
