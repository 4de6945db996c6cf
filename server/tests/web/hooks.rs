//! Alarms in.

use super::house::{Ask, House, post};
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use futures::StreamExt;
use serde_json::json;

const STORY: &str = "HOST 10.0.0.12 down, IP: 10.0.0.12 Cluster prod";

fn hook() -> Ask {
    post("/hooks/am").bearer("hook-secret")
}

fn text(body: &str) -> Ask {
    hook()
        .header("content-type", "text/plain")
        .body(Body::from(body.to_owned()))
}

#[tokio::test]
async fn alarms_are_answered_with_their_numbers_after_they_are_stored() {
    let house = House::new().await;
    let answer = house
        .send(text(&format!("{STORY}\nHOST 10.0.0.13 down\n")).build())
        .await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let alarms =
        json!([{"id": 1, "disposition": "accepted"}, {"id": 2, "disposition": "accepted"}]);
    assert_eq!(answer.json(), json!({ "alarms": alarms }));
    let taken = house.intake.taken.lock().expect("no panic inside").clone();
    assert_eq!(taken[0].text, STORY);
}

#[tokio::test]
async fn senders_without_the_secret_of_this_source_are_turned_away_before_the_body_is_read() {
    let house = House::new().await;
    let never = || Body::from_stream(futures::stream::pending::<Result<Bytes, std::io::Error>>());
    for secret in ["", "hook-secre", "other-secret", "hook-secret2"] {
        let answer = house
            .send(post("/hooks/am").bearer(secret).body(never()).build())
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{secret}");
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
    }
    assert_eq!(
        house.send(post("/hooks/nobody").build()).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn what_cannot_be_read_is_400_and_too_much_is_413() {
    let house = House::new().await;
    let json = |body: &str| hook().json(body).build();
    for body in ["", "{", "[1]", "{\"text\": 5}", "{\"txt\": \"a\"}"] {
        let answer = house.send(json(body)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
        assert!(
            !answer.json()["detail"]
                .as_str()
                .unwrap_or_default()
                .is_empty(),
            "{body}"
        );
    }
    let deep = "[".repeat(10_000);
    assert_eq!(
        house.send(json(&deep)).await.status,
        StatusCode::BAD_REQUEST
    );
    let limit = alarms::read::BODY_MAX;
    let sized = |size: usize| text(&"x".repeat(size)).build();
    assert_eq!(house.send(sized(limit)).await.status, StatusCode::ACCEPTED);
    assert_eq!(
        house.send(sized(limit + 1)).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let chunks =
        futures::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 65_536])))
            .take(64);
    let endless = hook()
        .header("content-type", "text/plain")
        .body(Body::from_stream(chunks))
        .build();
    assert_eq!(
        house.send(endless).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let packed = hook().header("content-encoding", "gzip").json("{}").build();
    assert_eq!(
        house.send(packed).await.status,
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
}

#[tokio::test]
async fn a_full_store_is_503_so_that_the_sender_tries_again() {
    let house = House::new().await;
    *house.intake.full.lock().expect("no panic inside") = true;
    let answer = house.send(text(STORY).build()).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert!(!answer.body.contains("disk full"), "{}", answer.body);
}

#[tokio::test]
async fn a_source_that_signs_needs_no_token_and_a_body_that_was_changed_is_turned_away() {
    use hmac::Mac;
    let house = House::new().await;
    let body = json!({"version": "1", "alerts": [{
        "status": "firing", "labels": {"alertname": "Down"}, "annotations": {"summary": STORY},
        "startsAt": "2026-11-22T16:51:03Z", "fingerprint": "f1",
    }]})
    .to_string();
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(b"hook-secret").expect("any key");
    mac.update(body.as_bytes());
    let signature: String = mac
        .finalize()
        .into_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let send = |body: &str| {
        post("/hooks/signed")
            .header("x-signature", &signature)
            .json(body)
            .build()
    };
    let answer = house.send(send(&body)).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    let changed = body.replace("10.0.0.12", "10.0.0.13");
    assert_eq!(
        house.send(send(&changed)).await.status,
        StatusCode::UNAUTHORIZED
    );
    let bare = post("/hooks/signed").json(&body).build();
    assert_eq!(house.send(bare).await.status, StatusCode::UNAUTHORIZED);
    let taken = house.intake.taken.lock().expect("no panic inside").clone();
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].text, STORY);
}

#[tokio::test]
async fn a_secret_that_cannot_be_read_costs_no_alarm_and_is_not_told_to_the_sender() {
    let house = House::new().await;
    let answer = house.send(post("/hooks/lost").bearer("any").build()).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.header("retry-after").is_some());
    assert!(!answer.body.contains("/run/token"), "{}", answer.body);
}
