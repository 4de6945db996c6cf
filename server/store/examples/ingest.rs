//! Measures durable ingest: alarms a second and time to the commit, at 1, 64 and 256 callers.
//!
//! `cargo run -p store --example ingest [folder] [seconds]`; the folder decides the disk.
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot go on must stop"
)]

use domain::alarm::{NewAlarm, Status, fingerprint};
use domain::id::SourceName;
use engine::ports::Store;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use store::Sqlite;

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments
        .next()
        .map_or_else(std::env::temp_dir, PathBuf::from);
    let seconds = arguments.next().map_or(5, |text| text.parse().unwrap());
    let folder = tempfile::tempdir_in(folder).unwrap();
    for callers in [1, 64, 256] {
        let store = Sqlite::open(&folder.path().join(format!("{callers}.db")))
            .await
            .unwrap();
        measure(&store, callers, Duration::from_secs(seconds)).await;
        store.close().await;
    }
}

async fn measure(store: &Sqlite, callers: usize, time: Duration) {
    let began = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut took = Vec::new();
                while began.elapsed() < time {
                    let alarm = alarm(&format!("HOST 10.{caller}.{} down", took.len()));
                    let sent = Instant::now();
                    store
                        .accept(vec![alarm], Timestamp::now(), 900)
                        .await
                        .unwrap();
                    took.push(sent.elapsed());
                }
                took
            })
        })
        .collect();
    let mut took = Vec::new();
    for task in tasks {
        took.extend(task.await.unwrap());
    }
    let rate = took.len() as f64 / began.elapsed().as_secs_f64();
    took.sort_unstable();
    let part = |percent: usize| took[(took.len() - 1) * percent / 100];
    println!(
        "{callers} callers: {rate:.0} alarms/s, time to commit p50 {:.1?}, p99 {:.1?}, most {:.1?}",
        part(50),
        part(99),
        part(100)
    );
}

fn alarm(text: &str) -> NewAlarm {
    let source = SourceName::parse("bench").unwrap();
    NewAlarm {
        fingerprint: fingerprint(&source, text),
        source,
        text: text.to_owned(),
        truncated: false,
        labels: BTreeMap::from([("severity".to_owned(), "critical".to_owned())]),
        starts_at: None,
        status: Status::Firing,
        close_with: None,
    }
}
