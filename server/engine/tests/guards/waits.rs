//! Whoever watches a recovery is told what its step waits for, as long as it does.

use super::{House, loose, pass};
use domain::recovery::State;
use engine::tell::Told;

#[tokio::test(start_paused = true)]
async fn a_step_that_waits_says_for_what_and_says_so_once() {
    let house = House::auto(5, 1, loose()).await;
    pass(61).await;
    let mut told = house.engine.listen();
    house.down(2).await;
    // Nobody is at work on this one: the check of the other's workload waits for it.
    house.fleet.fail(5);
    pass(120).await;
    let recovery = house.of(2).unwrap();
    assert_eq!(recovery.state(), State::Running, "{:?}", recovery.steps);
    let waits = house.engine.waits_for(recovery.id);
    assert_eq!(waits.as_deref(), Some("node node-5 is not Ready"));
    let mut times = 0;
    while let Ok(one) = told.try_recv() {
        times += usize::from(one == Told::Waits(recovery.id));
    }
    assert!((1..=4).contains(&times), "told {times} times");
    house.fleet.heal(5);
    house.settle(1).await;
    assert_eq!(house.of(2).unwrap().state(), State::Recovered);
    assert_eq!(house.engine.waits_for(recovery.id), None);
}
