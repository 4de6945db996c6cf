//! Devices at the doors: whose they are, what REST says of them, and reports that need no session.

use super::house::{House, ask};
use super::things::{HOSTILE, at};
use app::desk::views::{DeviceView, DevicesView};
use axum::http::StatusCode;
use domain::access::Role;
use domain::id::PersonName;
use domain::message::Channel;
use serde_json::json;

pub fn devices() -> DevicesView {
    DevicesView {
        key: "BLn9b".to_owned(),
        mine: vec![DeviceView {
            id: 1,
            person: PersonName::parse("vera").expect("a name"),
            name: HOSTILE.to_owned(),
            platform: "Chrome on Android".to_owned(),
            mark: "00".repeat(32),
            channels: vec![Channel::Important, Channel::Default],
            hide_details: false,
            created_at: at(),
            last_seen: at(),
            last_ok: None,
            failed: Some((at(), "push.test answered 403".to_owned())),
            expires_at: at(),
            expires_soon: false,
            test: None,
        }],
        others: Vec::new(),
        webhooks: Vec::new(),
    }
}

#[tokio::test]
async fn rest_lists_adds_changes_tests_and_removes_devices() {
    let house = House::new().await;
    let token = house.token(Role::Viewer).await;
    let list = house
        .send(ask("GET", "/api/v1/devices").bearer(&token).build())
        .await;
    assert_eq!(list.json()["items"][0]["failure"], "push.test answered 403");
    assert_eq!(
        list.json()["items"][0]["channels"],
        json!(["important", "default"])
    );
    assert_eq!(list.json()["key"], "BLn9b");
    let subscription = json!({
        "endpoint": "https://web.push.apple.com/abc", "expirationTime": null,
        "keys": { "p256dh": "BLn9b", "auth": "_ordM" },
    });
    let add = ask("POST", "/api/v1/devices").bearer(&token);
    let add = add.header("user-agent", "Mozilla/5.0 (iPhone) Safari/604.1");
    let added = house
        .send(add.json(&subscription.to_string()).build())
        .await;
    assert_eq!(
        (added.status, added.json()["id"].as_u64()),
        (StatusCode::CREATED, Some(3))
    );
    let change = json!({ "name": "Phone", "channels": ["info"], "hide_details": true });
    let test = json!({ "channel": "important" });
    for (method, path, body, status) in [
        ("PUT", "/api/v1/devices/1", change, StatusCode::NO_CONTENT),
        ("POST", "/api/v1/devices/1/test", test, StatusCode::ACCEPTED),
        (
            "DELETE",
            "/api/v1/devices/1",
            json!({}),
            StatusCode::NO_CONTENT,
        ),
    ] {
        let answer = house
            .send(
                ask(method, path)
                    .bearer(&token)
                    .json(&body.to_string())
                    .build(),
            )
            .await;
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
    }
    let orders = house.desk.orders().join("\n");
    assert!(
        orders.contains("platform: \"Safari on iPhone\""),
        "{orders}"
    );
    assert!(
        orders.contains("channels: [Info], hide_details: true"),
        "{orders}"
    );
    assert!(
        orders.contains("Test { id: 1, channel: Important }"),
        "{orders}"
    );
    let loud = json!({ "channel": "shout" });
    let refused = ask("POST", "/api/v1/devices/1/test").bearer(&token);
    let refused = house.send(refused.json(&loud.to_string()).build()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_receipt_needs_the_messages_id_and_nothing_else() {
    let house = House::new().await;
    let report = |id: &str, what: &str| {
        ask("POST", "/api/v1/devices/receipts")
            .header("sec-fetch-site", "same-origin")
            .json(&json!({ "id": id, "what": what }).to_string())
            .build()
    };
    for what in ["received", "clicked"] {
        let answer = house.send(report("letter-1", what)).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.body);
    }
    let guessed = house.send(report("letter-2", "received")).await;
    assert_eq!(guessed.status, StatusCode::NOT_FOUND);
    let odd = house.send(report("letter-1", "burnt")).await;
    assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    let foreign = ask("POST", "/api/v1/devices/receipts")
        .header("sec-fetch-site", "cross-site")
        .json(&json!({ "id": "letter-1", "what": "clicked" }).to_string())
        .build();
    assert_eq!(house.send(foreign).await.status, StatusCode::FORBIDDEN);
}
