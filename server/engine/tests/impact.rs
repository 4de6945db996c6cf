//! The impact is measured beside a recovery: late or never, but nothing waits for it.

use super::{Shipped, broken, ended_well, live};
use domain::impact::{Sample, moments};
use engine::fakes::{Death, FakeGauge, FakeWorld, MemoryStore};
use engine::ports::{History, Store};
use std::time::Duration;

/// What was kept, once nothing more comes.
async fn samples(store: &MemoryStore) -> Vec<Sample> {
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let id = store.recoveries_now()[0].id;
    store.samples(id).await.unwrap()
}

fn with(gauge: FakeGauge) -> impl Fn(&FakeWorld) {
    move |world| world.set_gauge(gauge)
}

#[tokio::test(start_paused = true)]
async fn every_moment_is_measured_as_it_was_then() {
    let run = live(Shipped::Auto, &[], with(FakeGauge::Tells)).await;
    ended_well(&run, Shipped::Auto, "measured");
    let events = run
        .store
        .reborn(None)
        .events(run.recovery.id)
        .await
        .unwrap();
    let wanted = moments(&events);
    let kept = samples(&run.store).await;
    let at: Vec<_> = kept.iter().map(|one| one.moment.clone()).collect();
    assert_eq!(at, wanted);
    assert!(wanted.len() >= 9, "{wanted:?}");
    for sample in &kept {
        assert_eq!(sample.value, Some(sample.moment.at.as_second() as f64));
    }
}

#[tokio::test(start_paused = true)]
async fn a_gauge_that_hangs_or_refuses_delays_nothing_and_is_named() {
    let plain = live(Shipped::Auto, &[], |_| {}).await;
    let took = |run: &super::Run| {
        let ended = run.recovery.ended_at().unwrap();
        ended.duration_since(run.recovery.started_at)
    };
    for (gauge, why) in [
        (FakeGauge::Hangs, "no answer within 10 s"),
        (FakeGauge::Refuses, "refused"),
    ] {
        let run = live(Shipped::Auto, &[], with(gauge)).await;
        ended_well(&run, Shipped::Auto, why);
        assert_eq!(took(&run), took(&plain), "{why}");
        let kept = samples(&run.store).await;
        assert!(!kept.is_empty());
        assert!(
            kept.iter()
                .all(|one| one.value.is_none() && one.why.as_deref() == Some(why))
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_death_loses_no_moment_of_a_recovery_that_goes_on() {
    for n in 1..=12 {
        let run = live(Shipped::Auto, &[Death::After(n)], with(FakeGauge::Tells)).await;
        ended_well(&run, Shipped::Auto, "with a death");
        let events = run
            .store
            .reborn(None)
            .events(run.recovery.id)
            .await
            .unwrap();
        let kept = samples(&run.store).await;
        assert_eq!(kept.len(), moments(&events).len(), "death after {n}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_gauge_nothing_is_kept() {
    let (_, store) = broken(Shipped::Auto).await;
    drop(store);
    let run = live(Shipped::Auto, &[], |_| {}).await;
    assert!(samples(&run.store).await.is_empty());
}
