//! A cloud that goes on refusing a start: how often it is asked over virtual time, and what the recovery comes to.

use super::{alarm, pass};
use domain::recovery::State;
use domain::rule::{Mode, shipped};
use domain::step::{Answer, StepKind};
use engine::Engine;
use engine::fakes::{FakeWorld, MemoryStore, ports};
use engine::ports::Cluster;

/// The step may try for five minutes; a few seconds lie between two tries.
const TRIES_MAX: u32 = 80;

#[tokio::test(start_paused = true)]
async fn a_start_that_goes_on_being_refused_is_no_hot_loop_and_ends_with_a_person_never_as_failed()
{
    let why = || "in the cloud's own words".to_owned();
    for answer in [
        Answer::Throttled(why(), Some(30)),
        Answer::Throttled(why(), None),
        Answer::Capacity(why()),
        Answer::Retryable(why()),
        Answer::Conflict(why()),
        Answer::Denied(why()),
        Answer::Unknown(why()),
    ] {
        let world = FakeWorld::new();
        world.take_baseline();
        pass(70).await;
        world.power_off();
        pass(50).await;
        world.answer_next(Answer::Done("1".to_owned()), true);
        for _ in 0..10_000 {
            world.answer_next(answer.clone(), false);
        }
        let store = MemoryStore::new(vec![shipped(Mode::Auto)]);
        let engine = Engine::start(ports(&world, &store)).await.unwrap();
        let text = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";
        engine.accept(vec![alarm(text)]).await.unwrap();
        for _ in 0..240 {
            pass(5).await;
            let all = store.recoveries_now();
            if all
                .first()
                .is_some_and(|one| one.state() == State::NeedsHuman)
            {
                break;
            }
        }
        let recovery = store.recoveries_now().remove(0);
        assert_eq!(recovery.state(), State::NeedsHuman, "{answer:?}");
        assert_eq!(recovery.outcome(), None, "{answer:?}");
        let tries = recovery.step(StepKind::StartMachine).attempt;
        assert!(
            (1..=TRIES_MAX).contains(&tries),
            "{answer:?}: {tries} tries"
        );
        let told = format!("{:?} {:?}", recovery.human, recovery.steps);
        // Of an answer that never came there is nothing to tell but that.
        let lost = matches!(answer, Answer::Unknown(_)) && told.contains("lost three times");
        assert!(
            lost || told.contains("in the cloud's own words"),
            "{answer:?}: {told}"
        );
        assert!(
            !world.ledger().contains(&"start".to_owned()),
            "nothing was started"
        );
        store.kill();
    }
}
