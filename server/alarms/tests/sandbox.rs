//! The make-believe monitoring over its real wire: its alarm is read, closed, and reported resolved.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use alarms::alertmanager::{Alertmanager, Login, Settings};
use alarms::auth::Expected;
use alarms::{Format, read};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use domain::alarm::{Alarm, NewAlarm, Status};
use domain::id::{AlarmId, SourceName};
use domain::step::Answer;
use engine::ports::AlarmSource;
use sandbox::{HookFormat, HookTarget, World, WorldConfig};
use std::time::Duration;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

const STORY: &str = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";

async fn take(
    State(out): State<UnboundedSender<NewAlarm>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    Expected::new()
        .bearer("t0ken")
        .check(header("authorization").as_deref())
        .unwrap();
    let source = SourceName::parse("sandbox").unwrap();
    for alarm in read(
        &Format::Any,
        header("content-type").as_deref(),
        &source,
        &body,
    )
    .unwrap()
    .alarms
    {
        out.send(alarm).unwrap();
    }
    StatusCode::ACCEPTED
}

/// A world whose node-12 has just lost its power, and the alarms it sends.
async fn broken(format: HookFormat) -> (World, UnboundedReceiver<NewAlarm>) {
    let (out, alarms) = unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks/sandbox", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/hooks/sandbox", post(take))
        .with_state(out);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let hook = Some(HookTarget {
        url,
        token: "t0ken".into(),
        format,
    });
    let world = World::start(WorldConfig {
        speed: 60.0,
        hook,
        ..WorldConfig::default()
    })
    .await
    .unwrap();
    let off = format!(
        "{}/sandbox/clusters/prod/nodes/node-12/power-off",
        world.control_url()
    );
    assert!(
        reqwest::Client::new()
            .post(off)
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
    (world, alarms)
}

async fn next(alarms: &mut UnboundedReceiver<NewAlarm>, status: Status) -> NewAlarm {
    let waiting = async {
        loop {
            let alarm = alarms.recv().await.unwrap();
            if alarm.status == status && alarm.text.lines().next() == Some(STORY) {
                return alarm;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .expect("no alarm came")
}

async fn goes_round(format: HookFormat) {
    let (world, mut alarms) = broken(format).await;
    let fired = next(&mut alarms, Status::Firing).await;
    let url = Some(world.alertmanager_url());
    let source = Alertmanager::new(Settings {
        url,
        login: Login::Open,
    })
    .unwrap();
    let alarm = Alarm {
        id: AlarmId(1),
        source: fired.source.clone(),
        fingerprint: fired.fingerprint.clone(),
        text: fired.text.clone(),
        labels: fired.labels.clone(),
        starts_at: fired.starts_at.unwrap(),
        received_at: world.now(),
        status: Status::Firing,
        close_with: fired.close_with.clone(),
    };
    assert_eq!(
        source.close(&alarm, world.now()).await,
        Answer::Done("Alertmanager took it (200)".into())
    );
    let over = next(&mut alarms, Status::Resolved).await;
    assert_eq!(
        (over.fingerprint, over.starts_at),
        (fired.fingerprint, fired.starts_at)
    );
    world.stop().await;
}

#[tokio::test]
async fn the_story_comes_as_our_json_and_is_closed() {
    goes_round(HookFormat::Text).await;
}

#[tokio::test]
async fn the_story_comes_as_alertmanagers_webhook_and_is_closed() {
    goes_round(HookFormat::Alertmanager).await;
}
