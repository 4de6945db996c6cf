//! Grafana's webhook, JSON by a mapping, signed bodies, and closing at PagerDuty and at several places.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use alarms::callback::Callback;
use alarms::every::Every;
use alarms::pagerduty::PagerDuty;
use alarms::read::mapped::Mapping;
use alarms::signature::{Signature, Unsigned};
use alarms::silent::Silent;
use alarms::{Format, Parsed, ReadError, read};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use domain::alarm::{Alarm, Status};
use domain::id::{AlarmId, SourceName};
use domain::step::Answer;
use engine::ports::AlarmSource;
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const JSON: Option<&str> = Some("application/json");

fn source() -> SourceName {
    SourceName::parse("there").unwrap()
}

fn mapping(value: Value) -> Format {
    Format::Mapped(Arc::new(serde_json::from_value::<Mapping>(value).unwrap()))
}

fn taken(format: &Format, body: &Value) -> Result<Parsed, ReadError> {
    read(format, JSON, &source(), body.to_string().as_bytes())
}

/// As Grafana's documentation shows its webhook.
fn grafana() -> Value {
    json!({
        "receiver": "uncordon", "status": "firing", "orgId": 1, "version": "1", "groupKey": "{}:{}", "truncatedAlerts": 2,
        "externalURL": "https://grafana.example/", "title": "[FIRING:1]", "state": "alerting", "message": "**Firing**",
        "groupLabels": {}, "commonLabels": {"alertname": "Host down"}, "commonAnnotations": {},
        "alerts": [
            {
                "status": "firing", "labels": {"alertname": "Host down", "zone": "a"},
                "annotations": {"summary": "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod"},
                "startsAt": "2026-11-22T16:51:03.1234Z", "endsAt": "0001-01-01T00:00:00Z",
                "values": {"B": 44.2}, "valueString": "[ var='B' value=44.2 ]", "fingerprint": "6c1dd1a7fe24a1ee",
                "generatorURL": "https://grafana.example/alerting/1/edit", "silenceURL": "https://grafana.example/alerting/silence/new",
                "dashboardURL": "", "panelURL": "", "imageURL": "",
            },
            {
                "status": "resolved", "labels": {"alertname": "Host down", "zone": "b"}, "annotations": {},
                "startsAt": "2026-11-22T16:40:00Z", "endsAt": "2026-11-22T16:50:00Z", "fingerprint": "7d1dd1a7fe24a1ee",
            },
        ],
    })
}

#[test]
fn each_alert_of_grafanas_webhook_is_an_alarm_with_its_own_status() {
    let parsed = taken(&Format::Grafana, &grafana()).unwrap();
    assert_eq!(parsed.truncated, 2);
    let [first, second] = &parsed.alarms[..] else {
        panic!("two alerts: {:?}", parsed.alarms)
    };
    assert_eq!(
        first.text,
        "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod"
    );
    assert_eq!(first.fingerprint, "6c1dd1a7fe24a1ee");
    assert_eq!(first.status, Status::Firing);
    assert_eq!(first.labels["zone"], "a");
    assert_eq!(second.status, Status::Resolved);
    assert_eq!(second.text, "Host down zone=b");
}

#[test]
fn a_webhook_of_another_sender_is_named_as_such() {
    let error = taken(&Format::Alertmanager, &grafana()).unwrap_err();
    assert_eq!(error.status(), 400);
    assert!(
        error.to_string().contains("Alertmanager") && error.to_string().contains("\"4\""),
        "{error}"
    );
}

/// A mapping like one for a monitoring system with numbers for times and words of its own.
fn by_fields() -> Format {
    mapping(json!({
        "items": "/events", "text": "HOST {/host/name} down, IP: {/host/ip} Cluster {/tags/0}", "fingerprint": "{/id}",
        "starts_at": "/clock", "status": "/value", "firing": ["PROBLEM", "1"], "resolved": ["OK", "0"],
        "labels": {"severity": "{/severity}", "team": "{/owner/team}"},
    }))
}

fn event() -> Value {
    json!({"id": 4711, "clock": 1_795_461_000, "value": 1, "severity": "high", "tags": ["prod"], "host": {"name": "node-12", "ip": "10.0.0.12"}})
}

#[test]
fn a_mapping_finds_text_identity_time_status_and_labels() {
    let mut over = event();
    over["value"] = json!("ok");
    over["clock"] = json!("2026-11-23T10:00:00Z");
    let parsed = taken(&by_fields(), &json!({"events": [event(), over]})).unwrap();
    let [first, second] = &parsed.alarms[..] else {
        panic!("two events: {:?}", parsed.alarms)
    };
    assert_eq!(first.text, "HOST node-12 down, IP: 10.0.0.12 Cluster prod");
    assert_eq!(
        first.starts_at,
        Some(Timestamp::from_second(1_795_461_000).unwrap())
    );
    assert_eq!(first.status, Status::Firing);
    // What is not in the body is no label.
    assert_eq!(
        first.labels,
        BTreeMap::from([("severity".to_owned(), "high".to_owned())])
    );
    assert_eq!(second.status, Status::Resolved);
    assert_eq!(
        second.starts_at,
        Some("2026-11-23T10:00:00Z".parse().unwrap())
    );
    assert_eq!(
        first.fingerprint, second.fingerprint,
        "both tell of event 4711"
    );
}

#[test]
fn milliseconds_are_told_from_seconds() {
    let mut late = event();
    late["clock"] = json!(1_795_461_000_000_i64);
    let parsed = taken(&by_fields(), &json!({"events": late})).unwrap();
    assert_eq!(
        parsed.alarms[0].starts_at,
        Some(Timestamp::from_second(1_795_461_000).unwrap())
    );
}

#[test]
fn a_body_that_does_not_fit_its_mapping_is_refused_with_the_place() {
    let without = |field: &str| {
        let mut one = event();
        one.as_object_mut().unwrap().remove(field);
        json!({"events": [event(), one]})
    };
    let mut odd = event();
    odd["value"] = json!("MAYBE");
    let mut when = event();
    when["clock"] = json!("yesterday");
    let cases = [
        (json!({"other": []}), "/events"),
        (json!({"events": []}), "no alarm"),
        (
            without("host"),
            "alarm 2: there is no text or number at /host/name",
        ),
        (without("value"), "alarm 2: there is no status at /value"),
        (json!({"events": odd}), "MAYBE"),
        (json!({"events": when}), "yesterday"),
    ];
    for (body, words) in cases {
        let error = taken(&by_fields(), &body).unwrap_err();
        assert_eq!(error.status(), 400, "{error}");
        assert!(
            error.to_string().contains(words),
            "{words:?} is not in {error}"
        );
    }
}

#[test]
fn a_mapping_that_cannot_work_is_refused_with_what_was_expected() {
    for (fields, words) in [
        (json!({"text": "{host}"}), "slash"),
        (json!({"text": "{/host"}), "not closed"),
        (json!({"text": "host}"}), "not opened"),
        (json!({"text": "x", "items": "events"}), "JSON pointer"),
        (json!({"text": "x", "state": "/x"}), "state"),
        (json!({}), "text"),
    ] {
        let error = serde_json::from_value::<Mapping>(fields)
            .unwrap_err()
            .to_string();
        assert!(error.contains(words), "{words:?} is not in {error}");
    }
    let braces = mapping(json!({"text": "{{{/a}}}"}));
    assert_eq!(
        taken(&braces, &json!({"a": 1})).unwrap().alarms[0].text,
        "{1}"
    );
}

fn signed(secret: &str, parts: &[&[u8]]) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn a_signature_binds_body_secret_and_time() {
    let now = Timestamp::from_second(1_795_461_000).unwrap();
    let body = br#"{"alerts":[]}"#;
    let check = |signature: &Signature, shown: Option<&str>, time: Option<&str>, body: &[u8]| {
        let read = |name: &str| match name {
            "x-grafana-alerting-signature" => shown,
            "x-grafana-alerting-signature-timestamp" => time,
            other => panic!("asked for {other}"),
        };
        signature.check(read, body, now)
    };
    let plain = Signature::new("s3", "X-Grafana-Alerting-Signature", None);
    let good = signed("s3", &[body]);
    assert_eq!(check(&plain, Some(&good), None, body), Ok(()));
    assert_eq!(
        check(&plain, Some(&good), None, b"{}"),
        Err(Unsigned::Wrong)
    );
    assert_eq!(
        check(&plain, Some(&signed("s4", &[body])), None, body),
        Err(Unsigned::Wrong)
    );
    assert_eq!(
        check(&plain, Some(&good[..62]), None, body),
        Err(Unsigned::Wrong)
    );
    assert_eq!(
        check(&plain, Some("not hex, and odd"), None, body),
        Err(Unsigned::Wrong)
    );
    assert!(matches!(
        check(&plain, None, None, body),
        Err(Unsigned::Missing(_))
    ));

    let name = "X-Grafana-Alerting-Signature-Timestamp";
    let timed = Signature::new("s3", "X-Grafana-Alerting-Signature", Some(name));
    let at = |seconds: i64| (1_795_461_000 + seconds).to_string();
    let with = |time: &str| signed("s3", &[time.as_bytes(), b":", body]);
    for seconds in [-300, 0, 300] {
        let time = at(seconds);
        assert_eq!(check(&timed, Some(&with(&time)), Some(&time), body), Ok(()));
    }
    for seconds in [-301, 301] {
        let time = at(seconds);
        let late = check(&timed, Some(&with(&time)), Some(&time), body);
        assert!(matches!(late, Err(Unsigned::Time(_))), "{late:?}");
    }
    // A new time under an old signature, and a signature that leaves the time out.
    assert_eq!(
        check(&timed, Some(&with(&at(-200))), Some(&at(0)), body),
        Err(Unsigned::Wrong)
    );
    assert_eq!(
        check(&timed, Some(&good), Some(&at(0)), body),
        Err(Unsigned::Wrong)
    );
    assert!(!format!("{timed:?}").contains("s3"), "the secret shows");
}

/// Bodies as they came.
type Seen = Arc<Mutex<Vec<Value>>>;

async fn stand_in(status: u16) -> (String, Seen) {
    let seen = Seen::default();
    let take = move |State(seen): State<Seen>, body: String| async move {
        seen.lock()
            .unwrap()
            .push(serde_json::from_str(&body).unwrap());
        StatusCode::from_u16(status).unwrap()
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v2/enqueue", listener.local_addr().unwrap());
    let router = Router::new().fallback(take).with_state(seen.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, seen)
}

fn alarm(labels: &[(&str, &str)]) -> Alarm {
    let at = "2026-11-22T19:52:15Z".parse().unwrap();
    Alarm {
        id: AlarmId(7),
        source: source(),
        fingerprint: "f1".into(),
        text: "down".into(),
        labels: labels
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        starts_at: at,
        received_at: at,
        status: Status::Firing,
        close_with: None,
    }
}

#[tokio::test]
async fn pagerduty_is_told_to_resolve_under_the_key_that_opened_it() {
    let (url, seen) = stand_in(202).await;
    let key: alarms::Ask = Arc::new(|| Ok("R0UT1NG".into()));
    let source = PagerDuty::new(&url, key, Some("pd_key".into())).unwrap();
    let now = Timestamp::now();
    assert!(matches!(
        source
            .close(&alarm(&[("pd_key", "host/node-12")]), now)
            .await,
        Answer::Done(_)
    ));
    assert!(matches!(
        source.close(&alarm(&[]), now).await,
        Answer::Done(_)
    ));
    let told =
        |key: &str| json!({"routing_key": "R0UT1NG", "event_action": "resolve", "dedup_key": key});
    assert_eq!(*seen.lock().unwrap(), [told("host/node-12"), told("f1")]);
}

#[tokio::test]
async fn what_pagerduty_does_not_take_is_told_without_the_key() {
    for (status, good) in [(400, "refused"), (429, "throttled"), (500, "retryable")] {
        let (url, _) = stand_in(status).await;
        let source = PagerDuty::new(&url, Arc::new(|| Ok("R0UT1NG".into())), None).unwrap();
        let answer = source.close(&alarm(&[]), Timestamp::now()).await;
        let class = match &answer {
            Answer::Refused(_) => "refused",
            Answer::Throttled(..) => "throttled",
            Answer::Retryable(_) => "retryable",
            other => panic!("{other:?}"),
        };
        assert_eq!(class, good);
        assert!(
            !format!("{answer:?}").contains("R0UT1NG"),
            "the key shows in {answer:?}"
        );
    }
}

#[tokio::test]
async fn an_alarm_with_several_places_is_closed_at_all_of_them_or_not_yet() {
    let ((one, first), (two, second)) = (stand_in(200).await, stand_in(200).await);
    let (bad, _) = stand_in(503).await;
    let place = |url: &str| Arc::new(Callback::new(url, None).unwrap()) as Arc<dyn AlarmSource>;
    let now = Timestamp::now();
    let both = Every(vec![place(&one), place(&two)]);
    assert!(matches!(
        both.close(&alarm(&[]), now).await,
        Answer::Done(_)
    ));
    assert_eq!(
        (first.lock().unwrap().len(), second.lock().unwrap().len()),
        (1, 1)
    );
    let half = Every(vec![place(&one), place(&bad)]);
    assert!(matches!(
        half.close(&alarm(&[]), now).await,
        Answer::Retryable(_)
    ));
    let none = Every(vec![Arc::new(Silent) as Arc<dyn AlarmSource>]);
    assert!(matches!(
        none.close(&alarm(&[]), now).await,
        Answer::AlreadyThere(_)
    ));
}
