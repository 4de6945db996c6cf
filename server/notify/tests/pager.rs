//! What the pagers of others are told, and what they are not.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

#[path = "service/listens.rs"]
mod service;

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use domain::message::{Channel, Stage};
use engine::ports::{Delivery, Letter, Way};
use notify::webhook::{Shape, Webhook};
use serde_json::{Value, json};
use service::{letter, service, text};
use std::sync::Arc;

/// A pager of this shape that answers with this status.
fn pager(url: &str, shape: Shape, status: u16) -> Webhook {
    let ask: notify::Ask = Arc::new(|| Ok("hush".to_owned()));
    let public = "https://uncordon.example.test/".to_owned();
    let url = format!("{url}/{status}");
    Webhook::new("pager".to_owned(), &url, shape, Some(ask), public).unwrap()
}

fn staged(stage: Stage, channel: Channel) -> Letter {
    Letter {
        stage,
        ..letter(Way::Webhook("pager".to_owned()), channel)
    }
}

#[tokio::test]
async fn pagerduty_opens_on_a_call_for_help_and_resolves_under_the_same_key() {
    let (url, heard) = service().await;
    let pager = pager(&url, Shape::PagerDuty, 202);
    let call = staged(Stage::NeedsHuman, Channel::Important);
    assert_eq!(pager.deliver(&call).await, Delivery::Taken);
    let (headers, body) = heard.lock().unwrap().pop().unwrap();
    assert!(headers.get("authorization").is_none());
    let said: Value = serde_json::from_slice(&body).unwrap();
    let whole = json!({
        "routing_key": "hush", "event_action": "trigger", "dedup_key": "recovery-1042",
        "payload": {
            "summary": "node-12 needs you", "source": "uncordon", "severity": "critical",
            "custom_details": {
                "body": "prod: the machine runs, the node is NotReady. Węzeł stoi.",
                "about": "recovery-1042", "state": "needs_human",
            },
        },
        "links": [{ "href": "https://uncordon.example.test/recoveries/1042", "text": "Open in Uncordon" }],
    });
    assert_eq!(said, whole);
    for stage in [
        Stage::Acknowledged,
        Stage::Recovered,
        Stage::Ended,
        Stage::Closed,
        Stage::HostBack,
    ] {
        let over = staged(stage, Channel::Info);
        assert_eq!(pager.deliver(&over).await, Delivery::Taken);
        let (_, body) = heard.lock().unwrap().pop().unwrap();
        let said: Value = serde_json::from_slice(&body).unwrap();
        let whole = json!({ "routing_key": "hush", "event_action": "resolve", "dedup_key": "recovery-1042" });
        assert_eq!(said, whole);
    }
}

#[tokio::test]
async fn goalert_gets_a_form_with_its_key_in_it_and_not_in_the_address() {
    let (url, heard) = service().await;
    let pager = pager(&url, Shape::GoAlert, 204);
    let form = |body: &[u8]| -> Vec<(String, String)> {
        let mut url = reqwest::Url::parse("http://form.test").unwrap();
        url.set_query(Some(std::str::from_utf8(body).unwrap()));
        url.query_pairs().into_owned().collect()
    };
    let call = staged(Stage::NeedsHuman, Channel::Important);
    let over = staged(Stage::Recovered, Channel::Default);
    for (letter, action) in [(call, None), (over, Some("close"))] {
        assert_eq!(pager.deliver(&letter).await, Delivery::Taken);
        let (headers, body) = heard.lock().unwrap().pop().unwrap();
        assert_eq!(
            text(&headers, "content-type"),
            "application/x-www-form-urlencoded"
        );
        let details = "prod: the machine runs, the node is NotReady. Węzeł stoi.\n\n\
                       https://uncordon.example.test/recoveries/1042";
        let mut whole = vec![
            ("token", "hush"),
            ("dedup", "recovery-1042"),
            ("summary", "node-12 needs you"),
            ("details", details),
        ];
        whole.extend(action.map(|action| ("action", action)));
        let said = form(&body);
        let said: Vec<(&str, &str)> = said.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(said, whole);
    }
}

#[tokio::test]
async fn a_pager_hears_nothing_of_what_needs_nobody_but_a_test_arrives_on_every_channel() {
    let (url, heard) = service().await;
    for shape in [Shape::PagerDuty, Shape::GoAlert] {
        let pager = pager(&url, shape, 202);
        for quiet in [
            staged(Stage::Began, Channel::Default),
            staged(Stage::NeedsLook, Channel::Info),
        ] {
            assert_eq!(pager.deliver(&quiet).await, Delivery::Taken);
            assert!(heard.lock().unwrap().is_empty());
        }
        let test = staged(Stage::Test, Channel::Info);
        assert_eq!(pager.deliver(&test).await, Delivery::Taken);
        let (_, body) = heard.lock().unwrap().pop().unwrap();
        if shape == Shape::PagerDuty {
            let said: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(said["payload"]["severity"], "info");
        }
    }
}

#[tokio::test]
async fn a_pager_that_repeats_its_key_does_not_bring_it_into_words_and_without_one_there_is_no_pager()
 {
    let told = post(async || (StatusCode::BAD_REQUEST, "the key hush is not known"));
    let echo = Router::new().route("/400", told);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, echo).await });
    for shape in [Shape::PagerDuty, Shape::GoAlert] {
        let call = staged(Stage::NeedsHuman, Channel::Important);
        let came = format!("{:?}", pager(&url, shape, 400).deliver(&call).await);
        assert!(
            came.starts_with("Refused") && came.contains("(hidden)"),
            "{came}"
        );
        assert!(!came.contains("hush"), "{came}");
        let none = Webhook::new("pager".to_owned(), &url, shape, None, String::new());
        assert!(none.err().unwrap().contains("needs its key"));
    }
}
