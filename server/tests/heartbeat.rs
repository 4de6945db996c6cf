//! The outgoing heartbeat (G47): it goes out while we write and see, and stops when we are dead or blind.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use domain::rule::{Mode, shipped};
use engine::Engine;
use engine::fakes::{FakeWorld, MemoryStore, ports};
use notify::heartbeat::{Beat, Kind, Settings, well};
use server::heartbeat::{keep, signs};
use std::collections::BTreeSet;
use std::time::Duration;
use store::Sqlite;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Longest wait for a beat that must come.
const PATIENCE: Duration = Duration::from_secs(30);

struct Place {
    engine: Engine,
    world: FakeWorld,
    store: Sqlite,
    _folder: TempDir,
}

async fn place() -> Place {
    let folder = TempDir::new().unwrap();
    let store = Sqlite::open(&folder.path().join("uncordon.db")).await;
    let (world, memory) = (
        FakeWorld::new(),
        MemoryStore::new(vec![shipped(Mode::Observe)]),
    );
    Place {
        engine: Engine::start(ports(&world, &memory)).await.unwrap(),
        world,
        store: store.unwrap(),
        _folder: folder,
    }
}

async fn listener() -> (Beat, UnboundedReceiver<()>) {
    async fn beat(State(heard): State<UnboundedSender<()>>) {
        let _ = heard.send(());
    }
    let (heard, beats) = unbounded_channel();
    let router = Router::new().route("/ping", post(beat)).with_state(heard);
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/ping", socket.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(socket, router).await });
    let settings = Settings {
        url,
        kind: Kind::Url,
        token: None,
        name: "uncordon".to_owned(),
    };
    (Beat::new(settings).unwrap(), beats)
}

#[tokio::test]
async fn it_beats_while_all_is_well() {
    let place = place().await;
    let (beat, mut beats) = listener().await;
    let every = Duration::from_millis(20);
    tokio::spawn(keep(beat, every, place.engine.clone(), place.store.clone()));
    for _ in 0..3 {
        let beat = tokio::time::timeout(PATIENCE, beats.recv()).await;
        beat.expect("a beat").unwrap();
    }
}

#[tokio::test]
async fn it_stops_while_a_cluster_is_blind_and_while_the_database_takes_no_writes() {
    let place = place().await;
    let now = || signs(&place.engine, &place.store);
    assert_eq!(well(&now().await), Ok(()));
    place.world.set_unseen(true);
    let why = well(&now().await).unwrap_err();
    assert!(why.contains("prod"), "{why}");
    place.world.set_unseen(false);
    assert_eq!(well(&now().await), Ok(()));
    place.store.close().await;
    let why = well(&now().await).unwrap_err();
    assert!(why.contains("takes no writes"), "{why}");
}

#[tokio::test]
async fn no_beat_goes_out_of_a_house_that_is_blind() {
    let place = place().await;
    place.world.set_unseen(true);
    let (beat, mut beats) = listener().await;
    let every = Duration::from_millis(20);
    let task = tokio::spawn(keep(beat, every, place.engine.clone(), place.store.clone()));
    // Each round writes once and would beat before the next one: at the fourth write three beats would have been taken.
    let mut written = BTreeSet::new();
    while written.len() < 4 {
        written.extend(place.store.meta("heartbeat").await.unwrap());
        tokio::task::yield_now().await;
    }
    assert!(beats.try_recv().is_err());
    place.world.set_unseen(false);
    let beat = tokio::time::timeout(PATIENCE, beats.recv()).await;
    beat.expect("a beat").unwrap();
    task.abort();
}
