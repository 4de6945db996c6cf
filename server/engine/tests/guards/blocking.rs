//! Alarms that stop automatic starts: while they fire and nobody has seen them, however many others come after them.

use super::{House, alarm, loose, pass, person};
use domain::alarm::Status;
use domain::guard::Guards;
use domain::id::AlarmId;
use domain::step::StepKind;
use engine::ports::Store;

const QUORUM: &str = "etcd of prod lost its quorum";

fn guards() -> Guards {
    Guards {
        blocking_alarms: vec!["etcd.*quorum".to_owned()],
        ..loose()
    }
}

#[tokio::test(start_paused = true)]
async fn a_blocking_alarm_blocks_until_it_is_over_or_somebody_has_acknowledged_it() {
    for resolves in [false, true] {
        let house = House::auto(5, 1, guards()).await;
        house.text(QUORUM).await;
        pass(2).await;
        let row = house.store.undisposed(10).await.unwrap();
        assert_eq!(row, [], "it has its final word");
        house.down(2).await;
        pass(60).await;
        assert_eq!(house.starts(), [0; 0]);
        let (id, now) = (AlarmId(1), house.engine.now());
        if resolves {
            house.store.set_status(id, Status::Resolved).await.unwrap();
        } else {
            let who = person().name;
            house.store.acknowledge(id, &who, now).await.unwrap();
        }
        house.down(3).await;
        house.settle(1).await;
        assert_eq!(house.starts(), [3], "resolves: {resolves}");
    }
}

#[tokio::test(start_paused = true)]
async fn it_blocks_however_many_alarms_come_after_it_also_after_a_restart() {
    for restarts in [false, true] {
        let mut house = House::auto(5, 1, guards()).await;
        house.text(QUORUM).await;
        let noise = (0..1200).map(|number| alarm(&format!("disk {number} is slow")));
        house.engine.accept(noise.collect()).await.unwrap();
        // All of them have their word: the next process must look for what still fires.
        pass(120).await;
        if restarts {
            house.restart(None).await;
        }
        pass(30).await;
        house.down(2).await;
        pass(120).await;
        assert_eq!(house.fleet.ledger(), [], "restarts: {restarts}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_process_knows_of_it_before_anything_begins() {
    let patient = Guards {
        acting_per_cluster: 0,
        ..guards()
    };
    let mut house = House::auto(5, 1, patient).await;
    house.down(2).await;
    pass(10).await;
    assert_eq!(house.fleet.done("cordon"), [2]);
    house.text(QUORUM).await;
    pass(3).await;
    house.guards.acting_per_cluster = 1;
    house.restart(None).await;
    pass(300).await;
    let held = house.of(2).unwrap();
    assert_eq!(held.step(StepKind::StartMachine).attempt, 0);
    let words = held.hold.as_ref().unwrap().words();
    assert!(words.contains("a blocking alarm fires"), "{words}");
}
