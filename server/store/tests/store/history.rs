//! Looking back: filters, totals, what steps usually take, and which events make the story.

use crate::make::{
    at, cluster, event, first, new_recovery, node, person, place, started, succeeded,
};
use domain::event::{Event, What};
use domain::id::{PersonName, RecoveryId};
use domain::impact::{Moment, Sample};
use domain::recovery::{Outcome, State};
use domain::step::StepKind;
use domain::timeline::StoryMark;
use domain::trigger::Actor;
use engine::ports::{History, Page, RecoveryFilter, Store, Totals};
use store::Sqlite;

const ALL: Page = Page {
    after: None,
    limit: 100,
};

fn ended(seconds: i64, outcome: Outcome) -> Event {
    event(
        seconds,
        What::Finished {
            outcome,
            receipt: None,
        },
    )
}

fn note(seconds: i64, who: &str, text: &str) -> Event {
    let what = What::Noted {
        text: text.to_owned(),
        happened_at: None,
    };
    Event {
        actor: Actor::Person(PersonName::parse(who).unwrap()),
        ..event(seconds, what)
    }
}

/// A recovery of node `number` whose cordon took `took` seconds, ended with this outcome.
async fn past(
    store: &Sqlite,
    number: usize,
    begun: i64,
    took: i64,
    outcome: Outcome,
) -> RecoveryId {
    let id = store
        .create(&new_recovery(number), first(number, begun))
        .await
        .unwrap();
    let events = [
        started(begun),
        succeeded(begun + took),
        ended(begun + 2 * took, outcome),
    ];
    store.append(id, 2, &events).await.unwrap();
    id
}

async fn ids(store: &Sqlite, filter: &RecoveryFilter) -> Vec<u64> {
    let rows = store.recoveries(filter, ALL).await.unwrap();
    rows.into_iter().map(|row| row.id.0).collect()
}

#[tokio::test]
async fn what_a_step_usually_takes_is_the_median_of_those_that_went_well() {
    let place = place().await;
    for (number, took) in [(11, 10), (12, 90), (13, 40)] {
        past(&place.store, number, 0, took, Outcome::Recovered).await;
    }
    past(&place.store, 14, 0, 500, Outcome::Aborted).await;
    let usual = domain::timeline::usual(&place.store.went_well(&cluster(), 50).await.unwrap());
    assert_eq!(
        usual.words(StepKind::Cordon).as_deref(),
        Some("usually 0:40")
    );
    assert_eq!(usual.words(StepKind::CloseAlarm), None);
    assert_eq!(usual.whole.unwrap().words(), "usually 1:20");
    let elsewhere = domain::id::ClusterName::parse("other").unwrap();
    assert_eq!(place.store.went_well(&elsewhere, 50).await, Ok(Vec::new()));
}

#[tokio::test]
async fn every_filter_finds_its_own_and_the_totals_say_how_many_are_hidden() {
    let place = place().await;
    let store = &place.store;
    let one = past(store, 12, 0, 10, Outcome::Recovered).await;
    let two = past(store, 13, 100, 30, Outcome::Aborted).await;
    let three = past(store, 12, 200, 20, Outcome::Recovered).await;
    store
        .append(two, 5, &[note(300, "Mara", "The RACK was dark")])
        .await
        .unwrap();
    let all = RecoveryFilter::default();
    let check = async |filter: RecoveryFilter, found: &[RecoveryId]| {
        let expected: Vec<u64> = found.iter().map(|id| id.0).collect();
        assert_eq!(ids(store, &filter).await, expected, "{filter:?}");
        let totals = store.totals(&filter).await.unwrap();
        assert_eq!(
            (totals.found as usize, totals.all),
            (found.len(), 3),
            "{filter:?}"
        );
        for row in store.recoveries(&all, ALL).await.unwrap() {
            // People and words are kept beside the listing: the row alone cannot answer for them.
            if filter.person.is_none() && filter.text.is_none() {
                assert_eq!(row.passes(&filter), found.contains(&row.id), "{filter:?}");
            }
        }
    };
    check(all.clone(), &[three, two, one]).await;
    check(
        RecoveryFilter {
            node: Some(node(12)),
            ..all.clone()
        },
        &[three, one],
    )
    .await;
    check(
        RecoveryFilter {
            outcome: Some(Outcome::Aborted),
            ..all.clone()
        },
        &[two],
    )
    .await;
    check(
        RecoveryFilter {
            state: Some(State::Cancelled),
            ..all.clone()
        },
        &[two],
    )
    .await;
    check(
        RecoveryFilter {
            person: Some("MARA".to_owned()),
            ..all.clone()
        },
        &[two],
    )
    .await;
    check(
        RecoveryFilter {
            person: Some("mar".to_owned()),
            ..all.clone()
        },
        &[],
    )
    .await;
    check(
        RecoveryFilter {
            text: Some("rack WAS".to_owned()),
            ..all.clone()
        },
        &[two],
    )
    .await;
    check(
        RecoveryFilter {
            text: Some("#1".to_owned()),
            ..all.clone()
        },
        &[one],
    )
    .await;
    check(
        RecoveryFilter {
            text: Some("100%".to_owned()),
            ..all.clone()
        },
        &[],
    )
    .await;
    check(
        RecoveryFilter {
            automatic: Some(true),
            ..all.clone()
        },
        &[],
    )
    .await;
    check(
        RecoveryFilter {
            automatic: Some(false),
            ..all.clone()
        },
        &[three, two, one],
    )
    .await;
    check(
        RecoveryFilter {
            since: Some(at(100)),
            ..all.clone()
        },
        &[three, two],
    )
    .await;
    check(
        RecoveryFilter {
            until: Some(at(100)),
            ..all.clone()
        },
        &[one],
    )
    .await;
    let totals = store.totals(&all).await.unwrap();
    let expected = Totals {
        found: 3,
        all: 3,
        failed: 0,
        automatic: 0,
        median_s: Some(30),
        newest: Some(at(200)),
    };
    assert_eq!(totals, expected, "the median of 20 and 40 seconds");
}

#[tokio::test]
async fn the_logs_of_a_page_come_in_one_read() {
    let place = place().await;
    let one = past(&place.store, 12, 0, 10, Outcome::Recovered).await;
    let two = past(&place.store, 13, 0, 10, Outcome::Recovered).await;
    let logs = place.store.logs(&[two, one, RecoveryId(99)]).await.unwrap();
    assert_eq!(logs.len(), 2);
    for (id, events) in logs {
        assert_eq!(events, place.store.events(id).await.unwrap());
    }
}

#[tokio::test]
async fn rows_of_an_older_version_are_completed_when_the_file_is_opened() {
    let place = place().await;
    let id = past(&place.store, 12, 0, 10, Outcome::Recovered).await;
    let row = place.store.recovery(id).await.unwrap().unwrap();
    let old = "update recovery set listing = null, rule = null, people = null, words = null";
    assert_eq!(place.tamper(old).await, "1 rows");
    let place = place.reopened().await;
    assert_eq!(place.store.recovery(id).await.unwrap().unwrap(), row);
    assert_eq!(place.store.rebuild_projection().await, Ok(1));
    assert_eq!(place.store.recovery(id).await.unwrap().unwrap(), row);
}

#[tokio::test]
async fn a_mark_takes_the_place_of_the_older_one_and_needs_an_event() {
    let place = place().await;
    let id = past(&place.store, 12, 0, 10, Outcome::Recovered).await;
    let mark = |starred| StoryMark {
        n: 2,
        starred,
        happened_at: None,
        by: person("ada"),
        at: at(5),
    };
    place.store.mark_story(id, &mark(Some(true))).await.unwrap();
    let moved = StoryMark {
        happened_at: Some(at(-60)),
        ..mark(Some(false))
    };
    place.store.mark_story(id, &moved).await.unwrap();
    assert_eq!(place.store.story_marks(id).await, Ok(vec![moved]));
    let nowhere = StoryMark {
        n: 77,
        ..mark(None)
    };
    assert!(place.store.mark_story(id, &nowhere).await.is_err());
    place.assert_sound().await;
}

#[tokio::test]
async fn what_people_felt_is_kept_once_per_moment_and_survives() {
    let place = place().await;
    let id = place
        .store
        .create(&new_recovery(12), first(12, 0))
        .await
        .unwrap();
    let sample = |n: u32, value: Option<f64>| Sample {
        moment: Moment {
            n,
            at: at(i64::from(n)),
            of: "Begin".to_owned(),
        },
        what: "success rate".to_owned(),
        value,
        why: value.is_none().then(|| "refused".to_owned()),
    };
    let (early, gap, late) = (sample(0, Some(1.0)), sample(1, None), sample(2, Some(0.25)));
    for one in [&late, &gap, &early] {
        place.store.keep_sample(id, one).await.unwrap();
    }
    // Two processes may measure the same moment: the first word stands.
    place
        .store
        .keep_sample(id, &sample(1, Some(7.0)))
        .await
        .unwrap();
    let place = place.reopened().await;
    assert_eq!(place.store.samples(id).await, Ok(vec![early, gap, late]));
}
