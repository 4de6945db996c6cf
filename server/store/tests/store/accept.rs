//! When an alarm is new, when it repeats a known one, and what a resolve ends.

use crate::make::{Place, alert, at, first, new_recovery, place, text};
use domain::alarm::Disposition::{self, Accepted, Duplicate, Matched};
use domain::alarm::NewAlarm;
use domain::alarm::Status::{self, Closed, Firing, Resolved};
use domain::id::AlarmId;
use engine::ports::{Store, Verdict};

const TTL: u32 = 900;
// keys of captured Alertmanager deliveries: an alert, one that fires again after a flap, one resolved by time-out.
const STEADY: (&str, &str) = ("4fc4479058822cf9", "2026-11-22T19:53:43.439Z");
const FLAPS: &str = "628e9a199b3296df";
const FLAP: [&str; 2] = ["2026-11-22T19:52:15.439Z", "2026-11-22T19:53:57.439Z"];
const TIMED_OUT: (&str, &str) = ("411e36c8067e0df6", "2026-11-22T19:53:06.410015869Z");

async fn send(place: &Place, alarm: NewAlarm, seconds: i64) -> (AlarmId, Disposition) {
    let one = place
        .store
        .accept(vec![alarm], at(seconds), TTL)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(one.alarm.is_some(), one.disposition == Accepted);
    if let Some(alarm) = one.alarm {
        let stored = place.store.alarm(one.id).await.unwrap().unwrap().alarm;
        assert_eq!(alarm, stored, "the answer is what is stored");
    }
    (one.id, one.disposition)
}

async fn status(place: &Place, id: AlarmId) -> Status {
    place.store.alarm(id).await.unwrap().unwrap().alarm.status
}

async fn close(place: &Place, id: AlarmId, node: usize, seconds: i64) {
    let recovery = place
        .store
        .create(&new_recovery(node), first(node, seconds))
        .await
        .unwrap();
    let verdict = Verdict {
        disposition: Matched,
        rule: None,
        recovery: Some(recovery),
        note: None,
        needs_look: false,
    };
    place.store.dispose(id, &verdict).await.unwrap();
    place.store.set_status(id, Closed).await.unwrap();
}

#[tokio::test]
async fn an_alert_delivered_again_repeats_the_first_and_its_group_does_not_matter() {
    let place = place().await;
    let steady = || alert(Firing, STEADY.0, STEADY.1);
    let group = vec![steady(), alert(Firing, FLAPS, FLAP[0]), steady()];
    let answers = place.store.accept(group, at(0), TTL).await.unwrap();
    let seen: Vec<_> = answers
        .iter()
        .map(|one| (one.id, one.disposition))
        .collect();
    let (one, two) = (AlarmId(1), AlarmId(2));
    assert_eq!(seen, [(one, Accepted), (two, Accepted), (one, Duplicate)]);
    // long after the time to live: the key of an alert with a start of its own does not age.
    assert_eq!(send(&place, steady(), 86_400).await, (one, Duplicate));
}

#[tokio::test]
async fn a_flapping_alert_is_one_alarm_per_start_and_each_resolve_ends_its_own() {
    let place = place().await;
    let flap = |status, n: usize| alert(status, FLAPS, FLAP[n]);
    let (first, ..) = send(&place, flap(Firing, 0), 0).await;
    assert_eq!(
        send(&place, flap(Resolved, 0), 40).await,
        (AlarmId(2), Accepted)
    );
    assert_eq!(status(&place, first).await, Resolved);
    assert_eq!(
        send(&place, flap(Resolved, 0), 41).await,
        (AlarmId(2), Duplicate)
    );
    let (second, disposition) = send(&place, flap(Firing, 1), 100).await;
    assert_eq!(disposition, Accepted);
    // a late repeat of the first episode neither fires nor ends the second.
    assert_eq!(send(&place, flap(Firing, 0), 101).await, (first, Duplicate));
    assert_eq!(
        send(&place, flap(Resolved, 0), 102).await,
        (AlarmId(2), Duplicate)
    );
    assert_eq!(status(&place, second).await, Firing);
    assert_eq!(send(&place, flap(Resolved, 1), 140).await.1, Accepted);
    assert_eq!(
        (status(&place, first).await, status(&place, second).await),
        (Resolved, Resolved)
    );
}

#[tokio::test]
async fn a_resolve_that_overtakes_its_alarm_leaves_nothing_firing() {
    let place = place().await;
    let of = |status| alert(status, TIMED_OUT.0, TIMED_OUT.1);
    assert_eq!(send(&place, of(Resolved), 0).await.1, Accepted);
    let (late, disposition) = send(&place, of(Firing), 1).await;
    assert_eq!(disposition, Accepted);
    assert_eq!(status(&place, late).await, Resolved);
    assert_eq!(send(&place, of(Firing), 2).await, (late, Duplicate));
}

#[tokio::test]
async fn a_text_belongs_to_its_episode_until_that_is_silent_for_the_time_to_live() {
    let place = place().await;
    let (first, ..) = send(&place, text(Firing), 0).await;
    for seconds in [60, 900, 1800] {
        assert_eq!(
            send(&place, text(Firing), seconds).await,
            (first, Duplicate)
        );
    }
    let (second, disposition) = send(&place, text(Firing), 2701).await;
    assert_eq!((disposition, second == first), (Accepted, false));
    let row = place.store.alarm(second).await.unwrap().unwrap();
    assert_eq!(row.alarm.starts_at, at(2701));
}

#[tokio::test]
async fn a_resolved_text_ends_its_episode_once_and_the_next_text_begins_another() {
    let place = place().await;
    let (first, ..) = send(&place, text(Firing), 0).await;
    let (resolve, disposition) = send(&place, text(Resolved), 10).await;
    let ended = status(&place, first).await;
    assert_eq!((disposition, ended), (Accepted, Resolved));
    let row = place.store.alarm(resolve).await.unwrap().unwrap();
    assert_eq!((row.alarm.starts_at, row.alarm.status), (at(0), Resolved));
    assert_eq!(send(&place, text(Resolved), 11).await, (resolve, Duplicate));
    let (second, disposition) = send(&place, text(Firing), 12).await;
    assert_eq!(
        (disposition, status(&place, second).await),
        (Accepted, Firing)
    );
    assert_eq!(send(&place, text(Resolved), 13).await.1, Accepted);
    assert_eq!(status(&place, second).await, Resolved);
}

#[tokio::test]
async fn a_text_that_flips_within_one_moment_is_told_apart() {
    let place = place().await;
    let flips = [Firing, Resolved, Firing, Resolved, Firing]
        .map(text)
        .to_vec();
    let answers = place.store.accept(flips, at(0), TTL).await.unwrap();
    let ids: Vec<u64> = answers.iter().map(|one| one.id.0).collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
    for ended in [1, 3] {
        assert_eq!(status(&place, AlarmId(ended)).await, Resolved);
    }
}

#[tokio::test]
async fn an_unchanged_start_after_our_close_is_an_echo_for_thirty_seconds_and_then_a_new_trouble() {
    let place = place().await;
    let steady = || alert(Firing, STEADY.0, STEADY.1);
    let (first, ..) = send(&place, steady(), 0).await;
    close(&place, first, 1, 100).await;
    assert_eq!(send(&place, steady(), 130).await, (first, Duplicate));
    let (again, disposition) = send(&place, steady(), 131).await;
    assert_eq!((disposition, again == first), (Accepted, false));
    assert_eq!(send(&place, steady(), 132).await, (again, Duplicate));
    let alarm = place.store.alarm(again).await.unwrap().unwrap().alarm;
    let mine = place.store.closed_since(&alarm, at(100)).await.unwrap();
    assert_eq!(mine.map(|(alarm, _)| alarm), Some(first));
    assert_eq!(
        place.store.closed_since(&alarm, at(101)).await.unwrap(),
        None
    );
    // the source's own end of it leaves the closed one closed and ends the new one.
    let over = alert(Resolved, STEADY.0, STEADY.1);
    assert_eq!(send(&place, over, 140).await.1, Accepted);
    assert_eq!(status(&place, again).await, Resolved);
    assert_eq!(status(&place, first).await, Closed);
}

#[tokio::test]
async fn a_text_after_our_close_is_a_new_alarm_at_once() {
    let place = place().await;
    let (first, ..) = send(&place, text(Firing), 0).await;
    close(&place, first, 1, 100).await;
    let (again, disposition) = send(&place, text(Firing), 101).await;
    assert_eq!(disposition, Accepted);
    let alarm = place.store.alarm(again).await.unwrap().unwrap().alarm;
    assert!(
        place
            .store
            .closed_since(&alarm, at(0))
            .await
            .unwrap()
            .is_some()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn however_deliveries_interleave_each_episode_is_one_alarm_that_ends_once() {
    const EPISODES: usize = 40;
    let place = place().await;
    let tasks = (0..8_u64).map(|task| {
        let store = place.store.clone();
        tokio::spawn(async move {
            // each task delivers the firing and the resolve of every episode twice, in an order of its own.
            let mut order: Vec<(usize, Status)> = (0..EPISODES * 4)
                .map(|n| (n / 4, if n % 2 == 0 { Firing } else { Resolved }))
                .collect();
            let mut random = task + 1;
            for last in (1..order.len()).rev() {
                random = random
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                order.swap(last, usize::try_from(random >> 33).unwrap() % (last + 1));
            }
            let mut answers = Vec::new();
            for (episode, status) in order {
                let new = alert(status, &format!("f{episode}"), STEADY.1);
                let answer = store.accept(vec![new], at(0), TTL).await.unwrap().remove(0);
                answers.push((episode, status, answer));
            }
            answers
        })
    });
    let mut answers = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        answers.extend(task.await.unwrap());
    }
    for episode in 0..EPISODES {
        let of = |status| {
            let mine = answers
                .iter()
                .filter(move |one| (one.0, one.1) == (episode, status));
            mine.map(|one| &one.2)
        };
        for status in [Firing, Resolved] {
            let new: Vec<_> = of(status)
                .filter(|one| one.disposition == Accepted)
                .collect();
            assert_eq!(new.len(), 1, "{episode} {status:?}");
            assert!(of(status).all(|one| one.id == new[0].id));
        }
        let alarm = of(Firing).next().unwrap().id;
        assert_eq!(status(&place, alarm).await, Resolved);
    }
}
