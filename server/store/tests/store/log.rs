//! The log of a recovery, its list row, and one recovery per node.

use crate::make::{
    at, cluster, event, finished, first, new_recovery, node, place, planned, started, succeeded,
};
use domain::event::What;
use domain::id::RecoveryId;
use domain::recovery::{Outcome, State};
use engine::ports::{Page, RecoveryFilter, Store, StoreError};

const ALL: Page = Page {
    after: None,
    limit: 100,
};

#[tokio::test]
async fn events_come_back_as_they_were_written_and_the_row_says_what_they_say() {
    let place = place().await;
    let id = place
        .store
        .create(&new_recovery(12), first(12, 0))
        .await
        .unwrap();
    assert_eq!(id, RecoveryId(1));
    place
        .store
        .append(id, 2, &[started(1), succeeded(2)])
        .await
        .unwrap();
    let expected = [planned(id, 12, 0), started(1), succeeded(2)];
    assert_eq!(place.store.events(id).await.unwrap(), expected);
    let row = place.store.recovery(id).await.unwrap().unwrap();
    assert_eq!(
        (row.active, row.state, row.events),
        (true, State::Running, 3)
    );
    assert_eq!(place.store.active().await.unwrap(), [row]);
    place.store.append(id, 4, &[finished(3)]).await.unwrap();
    let row = place.store.recovery(id).await.unwrap().unwrap();
    assert_eq!((row.active, row.state), (false, State::Cancelled));
    assert_eq!(
        (row.outcome, row.ended_at),
        (Some(Outcome::Aborted), Some(at(3)))
    );
    assert_eq!(
        place.store.last_ended(&cluster(), &node(12)).await,
        Ok(Some(at(3)))
    );
    assert_eq!(
        place.store.last_ended(&cluster(), &node(13)).await,
        Ok(None)
    );
    assert_eq!(place.store.active().await.unwrap(), []);
    // the node's slot is free again.
    assert!(
        place
            .store
            .create(&new_recovery(12), first(12, 9))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn wrong_appends_are_refused_by_name_and_leave_nothing_behind() {
    let place = place().await;
    let id = place
        .store
        .create(&new_recovery(1), first(1, 0))
        .await
        .unwrap();
    let append = async |n, events: &[_]| place.store.append(id, n, events).await.unwrap_err();
    assert_eq!(
        append(1, &[started(1)]).await,
        StoreError::Raced { recovery: id, n: 1 }
    );
    assert!(
        append(3, &[started(1)])
            .await
            .to_string()
            .contains("leave a gap: 1 are written")
    );
    assert!(
        append(2, &[started(1), succeeded(2), succeeded(3)])
            .await
            .to_string()
            .contains("cannot happen here")
    );
    let nobody = RecoveryId(9);
    let absent = StoreError::Absent("recovery #9".to_owned());
    assert_eq!(
        place.store.append(nobody, 1, &[started(1)]).await,
        Err(absent)
    );
    assert_eq!(place.store.events(id).await.unwrap().len(), 1);
    assert_eq!(place.store.events(nobody).await, Ok(Vec::new()));
}

#[tokio::test]
async fn of_two_drivers_that_write_the_same_number_one_is_told_to_read_again() {
    let place = place().await;
    let id = place
        .store
        .create(&new_recovery(1), first(1, 0))
        .await
        .unwrap();
    let events = [started(1)];
    let (one, two) = tokio::join!(
        place.store.append(id, 2, &events),
        place.store.append(id, 2, &events)
    );
    let raced = Err(StoreError::Raced { recovery: id, n: 2 });
    assert!([(Ok(()), raced.clone()), (raced, Ok(()))].contains(&(one, two)));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_eight_tasks_that_begin_a_hundred_recoveries_of_a_node_one_wins() {
    let place = place().await;
    let tasks = (0..8).map(|_| {
        let store = place.store.clone();
        tokio::spawn(async move {
            let mut won = 0;
            for _ in 0..100 {
                match store.create(&new_recovery(1), first(1, 0)).await {
                    Ok(_) => won += 1,
                    Err(error) => assert_eq!(error, StoreError::Held(RecoveryId(1))),
                }
            }
            won
        })
    });
    let mut won = 0;
    for task in tasks.collect::<Vec<_>>() {
        won += task.await.unwrap();
    }
    assert_eq!(won, 1);
    assert_eq!(
        place
            .store
            .recoveries(&RecoveryFilter::default(), ALL)
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn the_database_itself_refuses_a_second_active_row_a_change_a_removal_and_a_gap() {
    let place = place().await;
    place
        .store
        .create(&new_recovery(1), first(1, 0))
        .await
        .unwrap();
    let copy =
        "insert into recovery (id, cluster, node, node_uid, active, state, started_at, events)
                select 2, cluster, node, node_uid, active, state, started_at, events from recovery";
    assert!(
        place
            .tamper(copy)
            .await
            .contains("UNIQUE constraint failed: recovery.cluster, recovery.node")
    );
    for sql in [
        "update recovery_event set kind = 'noted'",
        "delete from recovery_event",
    ] {
        assert!(
            place
                .tamper(sql)
                .await
                .contains("recovery_event is append-only"),
            "{sql}"
        );
    }
    for sql in [
        "insert into recovery_event select recovery_id, 3, 9, at, kind, step, body from recovery_event",
        "insert or replace into recovery_event select recovery_id, 1, 9, at, kind, step, body from recovery_event",
    ] {
        assert!(
            place
                .tamper(sql)
                .await
                .contains("recovery_event leaves no gap"),
            "{sql}"
        );
    }
    let orphan =
        "insert into recovery_event select 77, 1, 9, at, kind, step, body from recovery_event";
    assert!(
        place
            .tamper(orphan)
            .await
            .contains("FOREIGN KEY constraint failed")
    );
}

#[tokio::test]
async fn the_list_can_be_rebuilt_from_the_log_and_is_the_same() {
    let place = place().await;
    for number in 1..=4 {
        let id = place
            .store
            .create(&new_recovery(number), first(number, 0))
            .await
            .unwrap();
        let human = What::NeedsHuman {
            reason: "look".to_owned(),
        };
        match number {
            1 => {}
            2 => place.store.append(id, 2, &[started(1)]).await.unwrap(),
            3 => place.store.append(id, 2, &[finished(5)]).await.unwrap(),
            _ => place.store.append(id, 2, &[event(1, human)]).await.unwrap(),
        }
    }
    let all = RecoveryFilter::default();
    let written = place.store.recoveries(&all, ALL).await.unwrap();
    let spoilt = "update recovery set active = 0, state = 'refused', outcome = null, started_at = 0, ended_at = 1, events = 77";
    assert_eq!(place.tamper(spoilt).await, "4 rows");
    assert_ne!(place.store.recoveries(&all, ALL).await.unwrap(), written);
    assert_eq!(place.store.rebuild_projection().await, Ok(4));
    assert_eq!(place.store.recoveries(&all, ALL).await.unwrap(), written);
    let active = RecoveryFilter {
        active: Some(true),
        ..all.clone()
    };
    assert_eq!(place.store.recoveries(&active, ALL).await.unwrap().len(), 3);
    let aborted = RecoveryFilter {
        outcome: Some(Outcome::Aborted),
        node: Some(node(3)),
        ..all.clone()
    };
    assert_eq!(
        place.store.recoveries(&aborted, ALL).await.unwrap()[0].id,
        RecoveryId(3)
    );
    let page = Page {
        after: Some(3),
        limit: 1,
    };
    assert_eq!(
        place.store.recoveries(&all, page).await.unwrap()[0].id,
        RecoveryId(2)
    );
}

#[tokio::test]
async fn a_plan_with_a_wrong_number_or_an_impossible_first_event_is_not_stored() {
    let place = place().await;
    let wrong = Box::new(|_| vec![planned(RecoveryId(5), 1, 0)]);
    let refused = place
        .store
        .create(&new_recovery(1), wrong)
        .await
        .unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("the plan says recovery #5, its number is #1")
    );
    for events in [vec![], vec![started(0)]] {
        let refused = place
            .store
            .create(&new_recovery(1), Box::new(|_| events))
            .await;
        assert!(
            refused
                .unwrap_err()
                .to_string()
                .contains("a recovery begins with its plan")
        );
    }
    assert_eq!(
        place
            .store
            .recoveries(&RecoveryFilter::default(), ALL)
            .await,
        Ok(Vec::new())
    );
}

#[tokio::test]
async fn a_reader_that_was_away_gets_all_events_in_one_order() {
    let place = place().await;
    let one = place
        .store
        .create(&new_recovery(1), first(1, 0))
        .await
        .unwrap();
    let two = place
        .store
        .create(&new_recovery(2), first(2, 0))
        .await
        .unwrap();
    place.store.append(one, 2, &[started(1)]).await.unwrap();
    assert_eq!(place.store.newest_seq().await, Ok(3));
    let missed = place.store.events_after(1, 10).await.unwrap();
    let seen: Vec<_> = missed
        .iter()
        .map(|one| (one.seq, one.recovery, one.n))
        .collect();
    assert_eq!(seen, [(2, two, 1), (3, one, 2)]);
    assert_eq!(missed[1].event, started(1));
}
