//! The doctor finds what is wrong: each misconfiguration is seeded into a house that is well, and looked for by the real command line
//! against the sandbox over its real wire protocols.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

#[path = "../cluster/tests/adapter/front.rs"]
#[expect(dead_code, reason = "other tests need all of it")]
mod front;
#[path = "../cluster/tests/adapter/manifest.rs"]
#[expect(dead_code, reason = "other tests need all of it")]
mod manifest;
#[path = "doctor/place.rs"]
mod place;
#[path = "doctor/seeds.rs"]
mod seeds;

use futures::{StreamExt, future, stream};
use place::Place;
use seeds::{SEEDS, Seed};

#[tokio::test(flavor = "multi_thread")]
async fn a_house_that_is_well_is_called_well() {
    let place = Place::open().await;
    let told = place.check().await;
    assert_eq!(told.code, 0, "{told:?}");
    let wrong: Vec<_> = told
        .lines
        .iter()
        .filter(|line| line.found != "ok")
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    for what in [
        "config",
        "database",
        "address",
        "cluster prod",
        "cloud one",
        "alarm source alertmanager",
        "webhook pager",
    ] {
        assert!(
            told.lines.iter().any(|line| line.what == what),
            "nothing is said of {what}"
        );
    }
    let table = place.table().await;
    assert!(table.ends_with("0 to look at, 0 failed\n"), "{table}");
    assert!(
        table
            .lines()
            .any(|line| line.starts_with("ok    cluster prod")),
        "{table}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn each_seeded_misconfiguration_is_found_with_the_way_out() {
    assert!(SEEDS.len() >= 20);
    let look = |seed: &'static Seed| async move {
        let found = found(seed).await;
        found.err().map(|why| format!("{}: {why}", seed.name))
    };
    // Some wait for whom never answers; the others need not wait for them.
    let looked = stream::iter(SEEDS).map(look).buffer_unordered(4);
    let missed: Vec<String> = looked.filter_map(future::ready).collect().await;
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}

async fn found(seed: &Seed) -> Result<(), String> {
    let mut place = Place::open().await;
    (seed.sow)(&mut place).await;
    let told = place.check().await;
    let failed = told.lines.iter().any(|line| line.found == "fail");
    if told.code != i32::from(failed) {
        return Err(format!("ends with {}: {told:?}", told.code));
    }
    let fits = |line: &&place::Line| line.what == seed.what && line.found == seed.found;
    let lines: Vec<_> = told.lines.iter().filter(fits).collect();
    let whole = |line: &&&place::Line| seed.words.iter().all(|word| line.text.contains(word));
    if lines.iter().find(whole).is_none() {
        return Err(format!(
            "no line of {} names {:?}: {told:?}",
            seed.what, seed.words
        ));
    }
    let secret = place
        .secrets()
        .iter()
        .any(|one| told.raw.contains(one.as_str()));
    if secret {
        return Err(format!("a secret is told: {}", told.raw));
    }
    Ok(())
}
