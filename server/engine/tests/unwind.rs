//! A stop after every event of every shipped plan, and refusals at every call: nothing foreign is undone, nothing is left in the dark.

use super::{PLANS, Shipped, attend, broken, live, person, set_off};
use domain::recovery::{Outcome, State};
use domain::step::Answer;
use domain::world::Cordon;
use engine::Engine;
use engine::fakes::{FakeWorld, ports};
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn a_stop_after_any_event_ends_the_recovery_and_undoes_only_what_may_be_undone() {
    for plan in PLANS {
        let whole = live(plan, &[], |_| {}).await.recovery.n;
        for after in 1..whole {
            let (world, store) = broken(plan).await;
            let engine = Engine::start(ports(&world, &store)).await.unwrap();
            let stopper = async {
                loop {
                    match store.recoveries_now().first() {
                        Some(recovery) if recovery.n >= after => {
                            let _ = engine
                                .order_stop(&person(), recovery.id, Some("enough"))
                                .await;
                            return;
                        }
                        _ => tokio::time::sleep(Duration::from_millis(20)).await,
                    }
                }
            };
            set_off(&engine, &world, &store, plan).await;
            tokio::select! {
                () = stopper => {}
                () = async { attend(&engine, &store).await; std::future::pending::<()>().await } => {}
            }
            attend(&engine, &store).await;
            let recovery = store.recoveries_now().remove(0);
            let ledger = world.ledger();
            assert!(
                !recovery.holds_slot(),
                "{plan:?} stopped after {after}: {recovery:?}"
            );
            assert!(
                ledger.iter().filter(|one| *one == "start").count() <= 1,
                "{plan:?} {after}: {ledger:?}"
            );
            assert!(
                !ledger.contains(&"uncordon foreign".to_owned()),
                "{plan:?} {after}: {ledger:?}"
            );
            let ended = recovery.outcome();
            assert!(
                matches!(ended, Some(Outcome::Aborted | Outcome::Recovered)),
                "{plan:?} {after}: {ended:?}"
            );
            if matches!(world.cordon_now(), Cordon::Ours(_)) {
                let told = recovery
                    .step(domain::step::StepKind::Uncordon)
                    .reason
                    .clone()
                    .unwrap_or_default();
                assert!(
                    told.contains("kept"),
                    "{plan:?} {after}: a cordon was left without a word: {told:?}"
                );
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_at_any_call_asks_a_person_and_says_why() {
    for plan in PLANS {
        let calls = if plan == Shipped::Person { 3 } else { 4 };
        for at in 0..calls {
            let run = live(plan, &[], |world| {
                for _ in 0..at {
                    world.answer_next(Answer::Done("1".to_owned()), true);
                }
                world.answer_next(Answer::Denied("no right".to_owned()), false);
            })
            .await;
            assert_eq!(
                run.recovery.state(),
                State::NeedsHuman,
                "{plan:?} call {at}"
            );
            let reason = run.recovery.human.clone().unwrap_or_default();
            assert!(reason.contains("no right"), "{plan:?} call {at}: {reason}");
            assert!(
                run.recovery.holds_slot(),
                "{plan:?} call {at}: the slot is held until somebody has seen it"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_foreign_cordon_is_never_touched() {
    for plan in PLANS {
        let run = live(plan, &[], |world| world.cordon_by_hand()).await;
        assert_eq!(run.recovery.outcome(), Some(Outcome::Recovered), "{plan:?}");
        assert_eq!(run.world.cordon_now(), Cordon::FOREIGN, "{plan:?}");
        assert!(
            !run.world.ledger().iter().any(|one| one.contains("cordon")),
            "{plan:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_node_that_came_back_by_itself_is_a_false_alarm_and_its_cordon_is_taken_off() {
    for plan in [Shipped::Auto, Shipped::Ask] {
        let run = live(plan, &[], FakeWorld::come_back).await;
        assert_eq!(
            run.recovery.outcome(),
            Some(Outcome::FalseAlarm),
            "{plan:?}"
        );
        assert_eq!(run.world.cordon_now(), Cordon::Open, "{plan:?}");
        assert_eq!(run.world.ledger(), ["cordon", "uncordon"], "{plan:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_for_long_is_not_touched_and_a_person_is_asked() {
    for plan in [Shipped::Auto, Shipped::Ask] {
        let run = live(plan, &[], |world| world.set_unreadable(true)).await;
        assert_eq!(run.recovery.state(), State::NeedsHuman, "{plan:?}");
        let reason = run.recovery.human.clone().unwrap_or_default();
        assert!(reason.contains("cannot be read"), "{plan:?}: {reason}");
        assert_eq!(run.world.ledger(), [""; 0], "{plan:?}");
    }
}
