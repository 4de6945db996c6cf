//! The heartbeat as others hear it: a plain address, and Debian's real Alertmanager.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use jiff::{SignedDuration, Timestamp};
use notify::Ask;
use notify::heartbeat::{Beat, Kind, Settings};
use serde_json::Value;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::process::{Child, Command};

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

type Heard = Arc<Mutex<Vec<(String, HeaderMap)>>>;

/// A listener that answers with the status at the end of the path, and repeats the path in words.
async fn listener() -> (String, Heard) {
    let heard = Heard::default();
    let router = Router::new()
        .fallback(answer)
        .with_state(Arc::clone(&heard));
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(socket, router).await });
    (format!("http://{address}"), heard)
}

async fn answer(State(heard): State<Heard>, request: Request) -> impl IntoResponse {
    let said = format!("{} {}", request.method(), request.uri());
    let status = request.uri().path().rsplit('/').next().unwrap();
    let status = StatusCode::from_bytes(status.as_bytes()).unwrap();
    heard
        .lock()
        .unwrap()
        .push((said.clone(), request.headers().clone()));
    (status, [("location", "/moved/200")], said)
}

fn settings(url: &str, kind: Kind) -> Settings {
    Settings {
        url: url.to_owned(),
        kind,
        token: None,
        name: "night watch".to_owned(),
    }
}

async fn beat(url: &str) -> Result<(), String> {
    let beat = Beat::new(settings(url, Kind::Url)).unwrap();
    beat.beat(Timestamp::now()).await
}

#[tokio::test]
async fn a_beat_to_an_address_is_an_empty_post_and_its_words_never_hold_the_path() {
    let (url, heard) = listener().await;
    assert_eq!(beat(&format!("{url}/hush-1234/200?key=hush")).await, Ok(()));
    let (said, headers) = heard.lock().unwrap().pop().unwrap();
    assert_eq!(said, "POST /hush-1234/200?key=hush");
    assert_eq!(headers["content-length"], "0");
    for status in ["404", "503", "302"] {
        let why = beat(&format!("{url}/hush-1234/{status}?key=hush")).await;
        assert_eq!(why, Err(format!("127.0.0.1 answered {status}")));
    }
    assert_eq!(heard.lock().unwrap().len(), 3, "no redirect is followed");

    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = nobody.local_addr().unwrap();
    drop(nobody);
    let why = beat(&format!("http://{closed}/hush-1234"))
        .await
        .unwrap_err();
    assert!(
        why.starts_with("127.0.0.1: ") && !why.contains("hush"),
        "{why}"
    );
    for bad in [
        "hush-1234",
        "ftp://example.test/hush-1234",
        "http://u:hush@example.test/",
    ] {
        let why = Beat::new(settings(bad, Kind::Url)).err().unwrap();
        assert!(!why.contains("hush"), "{why}");
    }
}

#[tokio::test]
async fn a_beat_carries_its_token_and_stays_away_without_it() {
    let (url, heard) = listener().await;
    let with = |token: Result<String, String>| {
        let ask: Ask = Arc::new(move || token.clone());
        Beat::new(Settings {
            token: Some(ask),
            ..settings(&format!("{url}/200"), Kind::Url)
        })
        .unwrap()
    };
    let now = Timestamp::now();
    assert_eq!(with(Ok("hush".to_owned())).beat(now).await, Ok(()));
    assert_eq!(
        heard.lock().unwrap().pop().unwrap().1["authorization"],
        "Bearer hush"
    );
    let gone = with(Err("the secret file is gone".to_owned()));
    assert_eq!(
        gone.beat(now).await,
        Err("the secret file is gone".to_owned())
    );
    assert!(heard.lock().unwrap().is_empty());
}

/// The real program on a free port, with a prefix as behind a proxy; `None` when it is not installed.
async fn alertmanager(folder: &std::path::Path) -> Option<(Child, String)> {
    let config = folder.join("alertmanager.yml");
    std::fs::write(&config, "route: {receiver: us}\nreceivers:\n- name: us\n").unwrap();
    let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let free = held.local_addr().unwrap();
    drop(held);
    let child = Command::new("prometheus-alertmanager")
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.path={}", folder.join("data").display()))
        .arg(format!("--web.listen-address={free}"))
        .arg("--web.route-prefix=/am")
        .arg("--cluster.listen-address=")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    Some((child, format!("http://{free}/am/")))
}

#[tokio::test]
async fn the_real_alertmanager_shows_an_alert_that_fires_and_ends_three_minutes_after_the_last_beat()
 {
    let folder = tempfile::tempdir().unwrap();
    let Some((_child, url)) = alertmanager(folder.path()).await else {
        println!("NOT RUN: real Alertmanager (prometheus-alertmanager is not installed)");
        return;
    };
    let beat = Beat::new(settings(&url, Kind::Alertmanager)).unwrap();
    // Alertmanager shows no more than milliseconds.
    let first = Timestamp::from_millisecond(Timestamp::now().as_millisecond()).unwrap();
    let mut again = tokio::time::interval(Duration::from_millis(50));
    let waiting = async {
        while beat.beat(first).await.is_err() {
            again.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .expect("Alertmanager did not come up");
    let lasts = SignedDuration::from_mins(3);
    assert_eq!(spans(&url).await, vec![(first, first + lasts)]);

    // The next beat moves the end of the same alert.
    let second = first + SignedDuration::from_secs(60);
    assert_eq!(beat.beat(second).await, Ok(()));
    assert_eq!(spans(&url).await, vec![(first, second + lasts)]);
}

/// When the alerts that fire there began and when they end, each of them ours.
async fn spans(url: &str) -> Vec<(Timestamp, Timestamp)> {
    let alerts = reqwest::get(format!("{url}api/v2/alerts?active=true"))
        .await
        .unwrap();
    let alerts: Vec<Value> = alerts.json().await.unwrap();
    let span = |one: &Value| {
        assert_eq!(one["labels"]["alertname"], "UncordonWatchdog");
        assert_eq!(one["labels"]["severity"], "none");
        assert_eq!(one["labels"]["uncordon"], "night watch");
        assert_eq!(one["status"]["state"], "active");
        let time = |name: &str| one[name].as_str().unwrap().parse().unwrap();
        (time("startsAt"), time("endsAt"))
    };
    alerts.iter().map(span).collect()
}
