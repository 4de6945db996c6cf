//! Many callers at once, closing, and opening again.

use crate::make::{alert, at, first, new_recovery, place};
use domain::alarm::{Disposition, Status};
use engine::ports::{Store, StoreError};
use store::{OpenError, Sqlite};

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_tasks_write_at_once_and_all_of_it_is_there_after_a_restart() {
    let place = place().await;
    let tasks = (0..64).map(|task| {
        let store = place.store.clone();
        tokio::spawn(async move {
            let mut ids = Vec::new();
            for n in 0..20 {
                let new = alert(
                    Status::Firing,
                    &format!("{task}-{n}"),
                    "2026-11-22T19:53:43Z",
                );
                let answer = store.accept(vec![new], at(0), 900).await.unwrap();
                assert_eq!(answer[0].disposition, Disposition::Accepted);
                ids.push(answer[0].id);
            }
            let number = usize::try_from(task).unwrap();
            store
                .create(&new_recovery(number), first(number, 0))
                .await
                .unwrap();
            ids
        })
    });
    let mut ids = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        ids.extend(task.await.unwrap());
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 64 * 20);
    let place = place.reopened().await;
    for id in ids {
        assert!(place.store.alarm(id).await.unwrap().is_some());
    }
    assert_eq!(place.store.active().await.unwrap().len(), 64);
    place.assert_sound().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_alarm_from_many_tasks_is_stored_once() {
    let place = place().await;
    let tasks = (0..64).map(|_| {
        let store = place.store.clone();
        let new = alert(Status::Firing, "same", "2026-11-22T19:53:43Z");
        tokio::spawn(async move { store.accept(vec![new], at(0), 900).await.unwrap().remove(0) })
    });
    let mut accepted = 0;
    for task in tasks.collect::<Vec<_>>() {
        let one = task.await.unwrap();
        assert_eq!(one.id.0, 1);
        accepted += usize::from(one.disposition == Disposition::Accepted);
    }
    assert_eq!(accepted, 1);
}

#[tokio::test]
async fn a_flood_beyond_the_queue_is_told_overloaded_and_leaves_room_for_recoveries() {
    let place = place().await;
    // one thread: the writer does not run before everything is queued.
    let mut calls: Vec<_> = (0..1000)
        .map(|n| {
            let new = alert(Status::Firing, &format!("{n}"), "2026-11-22T19:53:43Z");
            place.store.accept(vec![new], at(0), 900)
        })
        .collect();
    let mut early = Vec::new();
    let mut waiting = Vec::new();
    for mut call in calls.drain(..) {
        let polled =
            std::future::poll_fn(|context| std::task::Poll::Ready(call.as_mut().poll(context)));
        match polled.await {
            std::task::Poll::Ready(answer) => early.push(answer),
            std::task::Poll::Pending => waiting.push(call),
        }
    }
    assert_eq!((waiting.len(), early.len()), (768, 232));
    for answer in early {
        assert_eq!(answer, Err(StoreError::Failed("overloaded".to_owned())));
    }
    assert!(
        place
            .store
            .create(&new_recovery(1), first(1, 0))
            .await
            .is_ok()
    );
    for call in waiting {
        assert!(call.await.is_ok());
    }
}

#[tokio::test]
async fn a_closed_store_says_so_and_closing_twice_is_well() {
    let place = place().await;
    place.store.close().await;
    place.store.close().await;
    let late = place.store.put_meta("key", "value").await;
    assert_eq!(
        late,
        Err(StoreError::Failed("the store is closed".to_owned()))
    );
    assert!(place.store.meta("key").await.is_err());
}

#[tokio::test]
async fn what_is_not_a_database_or_has_no_folder_is_not_opened() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    std::fs::write(
        &text,
        "not a database, but long enough to be looked at as if it were one",
    )
    .unwrap();
    let nowhere = folder.path().join("nowhere/store.db");
    for path in [text, nowhere] {
        let refused = Sqlite::open(&path).await.unwrap_err();
        assert!(matches!(refused, OpenError::Unusable { .. }), "{refused:?}");
        assert!(
            refused
                .to_string()
                .ends_with("cannot be opened as a database")
        );
    }
}

#[tokio::test]
async fn the_first_value_of_a_fact_stays() {
    let place = place().await;
    assert_eq!(
        place.store.meta_or("instance", "a").await,
        Ok("a".to_owned())
    );
    assert_eq!(
        place.store.meta_or("instance", "b").await,
        Ok("a".to_owned())
    );
    let place = place.reopened().await;
    assert_eq!(place.store.meta("instance").await, Ok(Some("a".to_owned())));
}
