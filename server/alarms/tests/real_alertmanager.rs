//! Debian's real Alertmanager: its webhook is read, the alarm is closed through its API, and it says so itself.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use alarms::alertmanager::{Alertmanager, Login, Settings};
use alarms::auth::Expected;
use alarms::{Format, Parsed, read};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use domain::alarm::{Alarm, NewAlarm, Status};
use domain::id::{AlarmId, SourceName};
use domain::step::Answer;
use engine::ports::AlarmSource;
use jiff::Timestamp;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Takes the webhook as the product does: who sends it, then what it says.
async fn take(
    State(out): State<UnboundedSender<Parsed>>,
    headers: HeaderMap,
    body: axum::body::Bytes,
) -> StatusCode {
    let header = |name: &str| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    if Expected::new()
        .bearer("s3cret-token")
        .check(header("authorization").as_deref())
        .is_err()
    {
        return StatusCode::UNAUTHORIZED;
    }
    let source = SourceName::parse("am").unwrap();
    match read(
        &Format::Any,
        header("content-type").as_deref(),
        &source,
        &body,
    ) {
        Ok(parsed) => out
            .send(parsed)
            .map_or(StatusCode::GONE, |()| StatusCode::ACCEPTED),
        Err(error) => StatusCode::from_u16(error.status()).unwrap(),
    }
}

async fn receiver() -> (String, UnboundedReceiver<Parsed>) {
    let (out, parsed) = unbounded_channel();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hooks/am", listener.local_addr().unwrap());
    tokio::spawn(async move {
        axum::serve(
            listener,
            Router::new().route("/hooks/am", post(take)).with_state(out),
        )
        .await
    });
    (url, parsed)
}

/// The real program on a free port; `None` when it is not installed.
async fn start(folder: &std::path::Path, hook: &str) -> Option<(Child, String)> {
    let config = format!(
        "route: {{receiver: us, group_by: [alertname], group_wait: 1s, group_interval: 1s, repeat_interval: 1h}}\n\
         receivers:\n- name: us\n  webhook_configs:\n  - {{url: '{hook}', send_resolved: true, \
         http_config: {{authorization: {{type: Bearer, credentials: s3cret-token}}}}}}\n"
    );
    std::fs::write(folder.join("alertmanager.yml"), config).unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let child = Command::new("prometheus-alertmanager")
        .arg(format!(
            "--config.file={}",
            folder.join("alertmanager.yml").display()
        ))
        .arg(format!("--storage.path={}", folder.join("data").display()))
        .arg(format!("--web.listen-address={free}"))
        .arg("--cluster.listen-address=")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    Some((child, format!("http://{free}")))
}

async fn ready(source: &Alertmanager) {
    let mut beat = tokio::time::interval(Duration::from_millis(50));
    let waiting = async {
        while source.check().await.is_err() {
            beat.tick().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting)
        .await
        .expect("Alertmanager did not come up");
}

async fn next(parsed: &mut UnboundedReceiver<Parsed>) -> NewAlarm {
    let parsed = tokio::time::timeout(PATIENCE, parsed.recv())
        .await
        .expect("no webhook came")
        .unwrap();
    assert_eq!((parsed.alarms.len(), parsed.truncated), (1, 0));
    parsed.alarms.into_iter().next().unwrap()
}

fn stored(new: &NewAlarm) -> Alarm {
    Alarm {
        id: AlarmId(1),
        source: new.source.clone(),
        fingerprint: new.fingerprint.clone(),
        text: new.text.clone(),
        labels: new.labels.clone(),
        starts_at: new.starts_at.unwrap(),
        received_at: Timestamp::now(),
        status: new.status,
        close_with: new.close_with.clone(),
    }
}

#[tokio::test]
async fn an_alarm_of_the_real_alertmanager_is_read_closed_and_reported_resolved() {
    let folder = tempfile::tempdir().unwrap();
    let (hook, mut parsed) = receiver().await;
    let Some((mut child, url)) = start(folder.path(), &hook).await else {
        println!("NOT RUN: real Alertmanager (prometheus-alertmanager is not installed)");
        return;
    };
    let source = Alertmanager::new(Settings {
        url: Some(url.clone()),
        login: Login::Open,
    })
    .unwrap();
    ready(&source).await;

    let story = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";
    let alert = serde_json::json!([{
        "labels": {"alertname": "HostDown", "instance": "10.0.0.12", "severity": "critical"},
        "annotations": {"summary": story}, "generatorURL": "http://prometheus.example/graph",
    }]);
    let http = reqwest::Client::new();
    let posted = http
        .post(format!("{url}/api/v2/alerts"))
        .json(&alert)
        .send()
        .await
        .unwrap();
    assert_eq!(posted.status(), 200);

    let fired = next(&mut parsed).await;
    assert_eq!((fired.text.as_str(), fired.status), (story, Status::Firing));
    assert_eq!(fired.labels["instance"], "10.0.0.12");
    assert!(fired.close_with.is_some());

    let answer = source.close(&stored(&fired), Timestamp::now()).await;
    assert_eq!(answer, Answer::Done("Alertmanager took it (200)".into()));
    let over = next(&mut parsed).await;
    assert_eq!(over.status, Status::Resolved);
    assert_eq!(
        (&over.fingerprint, over.starts_at),
        (&fired.fingerprint, fired.starts_at)
    );

    let nothing = Alarm {
        labels: Default::default(),
        ..stored(&fired)
    };
    let answer = source.close(&nothing, Timestamp::now()).await;
    assert!(
        matches!(&answer, Answer::Refused(why) if why.contains("at least one label pair required")),
        "{answer:?}"
    );

    child.kill().await.unwrap();
    let gone = source.close(&stored(&fired), Timestamp::now()).await;
    assert!(matches!(gone, Answer::Retryable(_)), "{gone:?}");
}
