//! The veto window of an armed rule, and the evidence that is kept before power is used.

use super::{House, loose, pass, person};
use domain::event::What;
use domain::guard::Guards;
use domain::recovery::{Outcome, State};
use domain::rule::{Mode, Silence, shipped};
use domain::step::StepKind;
use engine::fakes::Fleet;
use engine::ports::Store;

async fn house(silence: Silence) -> House {
    let mut draft = shipped(Mode::Auto);
    (draft.veto_s, draft.silence) = (60, silence);
    House::new(Fleet::new(5, 1), loose(), draft).await
}

#[tokio::test(start_paused = true)]
async fn silence_means_what_the_rule_says_it_means() {
    let acts = house(Silence::Act).await;
    acts.down(2).await;
    pass(55).await;
    assert_eq!(acts.fleet.done("cordon"), [2], "cordoned at once");
    assert_eq!(acts.starts(), [0; 0], "power waits");
    assert_eq!(acts.of(2).unwrap().state(), State::Waiting);
    pass(10).await;
    assert_eq!(acts.starts(), [2]);

    let asks = house(Silence::Ask).await;
    asks.down(2).await;
    pass(1200).await;
    assert_eq!(asks.starts(), [0; 0]);
    let waits = asks.of(2).unwrap();
    assert_eq!(waits.state(), State::Waiting);
    asks.engine
        .order_approve(&person(), waits.id, false)
        .await
        .unwrap();
    asks.settle(1).await;
    assert_eq!(asks.of(2).unwrap().outcome(), Some(Outcome::Recovered));
}

#[tokio::test(start_paused = true)]
async fn go_now_goes_and_stop_stops_also_after_a_restart() {
    let mut goes = house(Silence::Act).await;
    goes.down(2).await;
    pass(10).await;
    goes.restart(None).await;
    let id = goes.of(2).unwrap().id;
    goes.engine
        .order_approve(&person(), id, false)
        .await
        .unwrap();
    pass(5).await;
    assert_eq!(goes.starts(), [2], "before the window ended");

    let mut stops = house(Silence::Act).await;
    stops.down(2).await;
    pass(10).await;
    stops.restart(None).await;
    stops
        .engine
        .order_stop(&person(), stops.of(2).unwrap().id, None)
        .await
        .unwrap();
    pass(600).await;
    assert_eq!(stops.starts(), [0; 0]);
    assert_eq!(stops.of(2).unwrap().outcome(), Some(Outcome::Aborted));
}

#[tokio::test(start_paused = true)]
async fn a_restart_does_not_open_the_window_anew() {
    let mut house = house(Silence::Act).await;
    house.down(2).await;
    for _ in 0..5 {
        pass(11).await;
        house.restart(None).await;
    }
    pass(10).await;
    assert_eq!(house.starts(), [2]);
}

#[tokio::test(start_paused = true)]
async fn the_evidence_stands_in_the_log_before_every_start() {
    for mode in [Mode::Ask, Mode::Auto] {
        let house = House::new(Fleet::new(5, 1), Guards::default(), shipped(mode)).await;
        house.down(2).await;
        pass(10).await;
        let id = house.of(2).unwrap().id;
        if mode == Mode::Ask {
            house
                .engine
                .order_approve(&person(), id, false)
                .await
                .unwrap();
        }
        house.settle(1).await;
        assert_eq!(house.starts(), [2]);
        let events = house.store.events(id).await.unwrap();
        let at = |wanted: &dyn Fn(&What) -> bool| events.iter().position(|one| wanted(&one.what));
        let kept = at(&|what| matches!(what, What::EvidenceSaved { .. })).unwrap();
        let begun = at(
            &|what| matches!(what, What::StepStarted { step, .. } if *step == StepKind::StartMachine),
        );
        assert!(kept < begun.unwrap(), "{mode:?}");
    }
}
