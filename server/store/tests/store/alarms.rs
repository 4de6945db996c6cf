//! What becomes of stored alarms.

use crate::make::{alert, at, person, place, text};
use domain::alarm::{Disposition, Status};
use domain::id::{AlarmId, RuleId};
use engine::ports::{AlarmFilter, Page, Store, StoreError, Verdict};

const ALL: Page = Page {
    after: None,
    limit: 100,
};

fn unmatched(needs_look: bool) -> Verdict {
    Verdict {
        disposition: Disposition::Unmatched,
        rule: Some(RuleId(7)),
        recovery: None,
        note: Some("no node is called so".to_owned()),
        needs_look,
    }
}

#[tokio::test]
async fn alarms_wait_oldest_first_until_their_final_word() {
    let place = place().await;
    let mut alarms: Vec<_> = (0..5)
        .map(|n| alert(Status::Firing, &format!("f{n}"), "2026-11-22T19:53:43Z"))
        .collect();
    alarms[0].text = "<script>\u{202e} \u{1f525}".to_owned();
    place
        .store
        .accept(alarms.clone(), at(0), 900)
        .await
        .unwrap();
    let waiting = place.store.undisposed(3).await.unwrap();
    let ids: Vec<u64> = waiting.iter().map(|alarm| alarm.id.0).collect();
    assert_eq!(ids, [1, 2, 3]);
    assert_eq!(waiting[0].text, alarms[0].text);
    assert_eq!(waiting[0].labels, alarms[0].labels);
    assert_eq!(waiting[0].close_with, alarms[0].close_with);
    let (one, two) = (AlarmId(1), AlarmId(2));
    assert_eq!(place.store.tried(one).await, Ok(1));
    assert_eq!(place.store.tried(one).await, Ok(2));
    place.store.dispose(one, &unmatched(true)).await.unwrap();
    assert_eq!(place.store.undisposed(1).await.unwrap()[0].id, two);
    let row = place.store.alarm(one).await.unwrap().unwrap();
    assert_eq!(row.verdict, unmatched(true));
    let looks = AlarmFilter {
        needs_look: true,
        ..AlarmFilter::default()
    };
    assert_eq!(place.store.alarms(&looks, ALL).await.unwrap(), [row]);
    place
        .store
        .acknowledge(one, &person("ada"), at(9))
        .await
        .unwrap();
    place
        .store
        .acknowledge(one, &person("bob"), at(10))
        .await
        .unwrap();
    assert_eq!(place.store.alarms(&looks, ALL).await.unwrap(), []);
    let seen = place.store.alarm(one).await.unwrap().unwrap().acknowledged;
    assert_eq!(seen, Some((at(9), person("ada"))));
}

#[tokio::test]
async fn what_is_done_to_an_alarm_that_is_not_there_is_named() {
    let place = place().await;
    let nobody = AlarmId(9);
    let absent = StoreError::Absent("alarm #9".to_owned());
    assert_eq!(place.store.alarm(nobody).await, Ok(None));
    assert_eq!(place.store.tried(nobody).await, Err(absent.clone()));
    assert_eq!(
        place.store.dispose(nobody, &unmatched(false)).await,
        Err(absent.clone())
    );
    assert_eq!(
        place.store.set_status(nobody, Status::Closed).await,
        Err(absent.clone())
    );
    assert_eq!(
        place.store.acknowledge(nobody, &person("ada"), at(0)).await,
        Err(absent)
    );
}

#[tokio::test]
async fn lists_are_newest_first_filtered_and_paged() {
    let place = place().await;
    for n in 0..6 {
        let alarm = alert(Status::Firing, &format!("f{n}"), "2026-11-22T19:53:43Z");
        place.store.accept(vec![alarm], at(n), 900).await.unwrap();
    }
    place
        .store
        .set_status(AlarmId(2), Status::Resolved)
        .await
        .unwrap();
    let ids = async |filter: AlarmFilter, after, limit| -> Vec<u64> {
        let rows = place
            .store
            .alarms(&filter, Page { after, limit })
            .await
            .unwrap();
        rows.iter().map(|row| row.alarm.id.0).collect()
    };
    let any = AlarmFilter::default;
    assert_eq!(ids(any(), None, 2).await, [6, 5]);
    assert_eq!(ids(any(), Some(5), 2).await, [4, 3]);
    let since = AlarmFilter {
        since: Some(at(4)),
        ..any()
    };
    assert_eq!(ids(since, None, 9).await, [6, 5]);
    let resolved = AlarmFilter {
        status: Some(Status::Resolved),
        ..any()
    };
    assert_eq!(ids(resolved, None, 9).await, [2]);
}

#[tokio::test]
async fn old_alarms_are_forgotten_unless_nobody_decided_about_them_and_numbers_never_come_again() {
    let place = place().await;
    for n in 0..3 {
        let alarm = alert(Status::Firing, &format!("f{n}"), "2026-11-22T19:53:43Z");
        place.store.accept(vec![alarm], at(n), 900).await.unwrap();
    }
    for id in [1, 3] {
        place
            .store
            .dispose(AlarmId(id), &unmatched(false))
            .await
            .unwrap();
    }
    assert_eq!(place.store.forget_alarms(at(2)).await, Ok(1));
    assert_eq!(place.store.forget_alarms(at(99)).await, Ok(1));
    let left = place
        .store
        .alarms(&AlarmFilter::default(), ALL)
        .await
        .unwrap();
    assert_eq!(left[0].alarm.id, AlarmId(2));
    let next = place
        .store
        .accept(vec![text(Status::Firing)], at(100), 900)
        .await
        .unwrap();
    assert_eq!(next[0].id, AlarmId(4));
}
