//! Closing an alarm at a stand-in: what is sent, and the class of every answer.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use alarms::alertmanager::{Alertmanager, Login, Settings};
use alarms::callback::Callback;
use alarms::silent::Silent;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use domain::alarm::{Alarm, Status};
use domain::id::{AlarmId, SourceName};
use domain::step::Answer;
use engine::ports::AlarmSource;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// One request as it came: path, authorization, body.
type Seen = Arc<Mutex<Vec<(String, String, Value)>>>;

async fn stand_in(status: u16, text: &'static str) -> (String, Seen) {
    let seen = Seen::default();
    let take = move |State(seen): State<Seen>, uri: Uri, headers: HeaderMap, body: String| async move {
        let login = headers
            .get("authorization")
            .map(|value| value.to_str().unwrap().to_owned());
        let body = serde_json::from_str(&body).unwrap_or_default();
        seen.lock()
            .unwrap()
            .push((uri.path().to_owned(), login.unwrap_or_default(), body));
        (
            StatusCode::from_u16(status).unwrap(),
            [("retry-after", "7"), ("location", "/elsewhere")],
            text,
        )
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(take).with_state(seen.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, seen)
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn alarm() -> Alarm {
    Alarm {
        id: AlarmId(7),
        source: SourceName::parse("am").unwrap(),
        fingerprint: "f1".into(),
        text: "down".into(),
        labels: [("alertname".to_owned(), "Down".to_owned())].into(),
        starts_at: time("2026-11-22T19:52:15.410015869Z"),
        received_at: time("2026-11-22T19:52:20Z"),
        status: Status::Firing,
        close_with: Some("http://127.0.0.1:1/never-called".into()),
    }
}

fn now() -> Timestamp {
    time("2026-11-22T20:00:00Z")
}

fn alertmanager(url: &str, login: Login) -> Alertmanager {
    Alertmanager::new(Settings {
        url: Some(url.into()),
        login,
    })
    .unwrap()
}

#[tokio::test]
async fn the_labels_are_posted_with_start_and_end_under_the_prefix() {
    let (url, seen) = stand_in(200, "").await;
    let login = Login::Basic("am".into(), Arc::new(|| Ok("pw".into())));
    let source = alertmanager(&format!("{url}/prefix/"), login);
    assert_eq!(
        source.close(&alarm(), now()).await,
        Answer::Done("Alertmanager took it (200)".into())
    );
    let body = json!([{"labels": {"alertname": "Down"}, "annotations": {},
        "startsAt": "2026-11-22T19:52:15.410015869Z", "endsAt": "2026-11-22T20:00:00Z"}]);
    assert_eq!(
        *seen.lock().unwrap(),
        [(
            "/prefix/api/v2/alerts".into(),
            "Basic YW06cHc=".into(),
            body
        )]
    );
}

#[tokio::test]
async fn an_end_never_lies_before_the_start() {
    let (url, seen) = stand_in(200, "").await;
    alertmanager(&url, Login::Open)
        .close(&alarm(), time("2026-11-22T19:00:00Z"))
        .await;
    assert_eq!(
        seen.lock().unwrap()[0].2[0]["endsAt"],
        "2026-11-22T19:52:15.410015869Z"
    );
}

#[tokio::test]
async fn every_answer_has_its_class() {
    let said = |code: u16, text: &str| format!("Alertmanager answered {code} {text}");
    for (status, text, answer) in [
        (202, "", Answer::Done("Alertmanager took it (202)".into())),
        (302, "", Answer::Refused("Alertmanager answered 302".into())),
        (
            400,
            "at least one label pair required",
            Answer::Refused(said(400, "at least one label pair required")),
        ),
        (401, "no", Answer::Denied(said(401, "no"))),
        (403, "no", Answer::Denied(said(403, "no"))),
        (404, "no page", Answer::Refused(said(404, "no page"))),
        (429, "slow", Answer::Throttled(said(429, "slow"), Some(7))),
        (500, "db", Answer::Retryable(said(500, "db"))),
        (503, "busy", Answer::Throttled(said(503, "busy"), Some(7))),
    ] {
        let (url, _) = stand_in(status, text).await;
        assert_eq!(
            alertmanager(&url, Login::Open).close(&alarm(), now()).await,
            answer,
            "{status}"
        );
    }
}

#[tokio::test]
async fn nobody_there_or_an_unreadable_secret_is_tried_again() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let answer = alertmanager(&url, Login::Open).close(&alarm(), now()).await;
    assert!(
        matches!(&answer, Answer::Retryable(why) if why.contains("Connection refused")),
        "{answer:?}"
    );
    let login = Login::Bearer(Arc::new(|| Err("the secret file t cannot be read".into())));
    let answer = alertmanager(&url, login).close(&alarm(), now()).await;
    assert_eq!(
        answer,
        Answer::Retryable("the secret file t cannot be read".into())
    );
}

#[tokio::test]
async fn a_source_that_cannot_be_told_says_so() {
    let silent = Alertmanager::new(Settings::default()).unwrap();
    let said = Answer::AlreadyThere("this source has no way to be told".into());
    assert_eq!(silent.close(&alarm(), now()).await, said);
    assert_eq!(Silent.close(&alarm(), now()).await, said);
    assert!(
        silent
            .check()
            .await
            .unwrap()
            .contains("not closed at the source")
    );
    let bad = Alertmanager::new(Settings {
        url: Some("alertmanager:9093".into()),
        ..Settings::default()
    })
    .unwrap_err();
    assert!(
        bad.to_string()
            .contains("\"alertmanager:9093\" is not valid: expected http(s)://host")
    );
}

#[tokio::test]
async fn a_callback_gets_the_alarm_with_status_closed() {
    let (url, seen) = stand_in(204, "").await;
    let callback = Callback::new(
        &format!("{url}/done?x=1"),
        Some(Arc::new(|| Ok("t0ken".into()))),
    )
    .unwrap();
    assert_eq!(
        callback.close(&alarm(), now()).await,
        Answer::Done("127.0.0.1 took it (204)".into())
    );
    let seen = seen.lock().unwrap();
    let (path, login, body) = &seen[0];
    assert_eq!((path.as_str(), login.as_str()), ("/done", "Bearer t0ken"));
    assert_eq!(
        (&body["fingerprint"], &body["status"]),
        (&json!("f1"), &json!("closed"))
    );
    assert_eq!(body["closed_at"], "2026-11-22T20:00:00Z");
}

#[tokio::test]
async fn the_doctor_hears_what_is_wrong_and_the_way_out() {
    let (url, seen) = stand_in(200, "{}").await;
    assert_eq!(
        alertmanager(&url, Login::Open).check().await.unwrap(),
        format!("Alertmanager answers at {url}/")
    );
    assert_eq!(seen.lock().unwrap()[0].0, "/api/v2/status");
    for (status, way_out) in [
        (401, "check the bearer token"),
        (404, "without /api/v2"),
        (500, "that Alertmanager runs"),
    ] {
        let (url, _) = stand_in(status, "").await;
        assert!(
            alertmanager(&url, Login::Open)
                .check()
                .await
                .unwrap_err()
                .contains(way_out),
            "{status}"
        );
    }
}

#[test]
fn plain_http_works_where_the_system_has_no_authorities() {
    let again = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "the_labels_are_posted_with_start_and_end_under_the_prefix",
        ])
        .env("SSL_CERT_FILE", "/nonexistent")
        .env("SSL_CERT_DIR", "/nonexistent")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&again.stdout);
    assert!(
        again.status.success() && said.contains("1 passed"),
        "{said}"
    );
}

#[tokio::test]
async fn a_secret_that_a_source_repeats_is_not_told() {
    let echo = |headers: HeaderMap, body: String| async move {
        (StatusCode::BAD_REQUEST, format!("echo {headers:?} {body}"))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(echo);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let secret = || -> alarms::Ask { Arc::new(|| Ok("canary-token".to_owned())) };
    let pager = alarms::pagerduty::PagerDuty::new(&url, secret(), None).unwrap();
    let places: [Box<dyn AlarmSource>; 3] = [
        Box::new(alertmanager(&url, Login::Bearer(secret()))),
        Box::new(Callback::new(&url, Some(secret())).unwrap()),
        Box::new(pager),
    ];
    for place in places {
        let told = format!("{:?}", place.close(&alarm(), now()).await);
        assert!(told.contains("echo") && !told.contains("canary"), "{told}");
    }
}
