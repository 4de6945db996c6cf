//! What a homeserver does only in need, played by a stand-in.

use crate::people::{adapter, saying};
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use engine::ports::{Batch, Chat, Delivery};
use serde_json::{Value, json};
use std::time::Duration;

/// Answers every request by its path and query.
async fn stand_in(answer: fn(&str) -> (u16, Value)) -> String {
    let router = Router::new().fallback(move |request: Request| async move {
        let (status, body) = answer(&request.uri().to_string());
        let status = StatusCode::from_u16(status).unwrap();
        (status, body.to_string()).into_response()
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/under/a/path/")
}

#[tokio::test]
async fn a_homeserver_under_load_is_asked_again_when_it_says() {
    let busy = |_: &str| {
        let limit = json!({ "errcode": "M_LIMIT_EXCEEDED", "error": "x", "retry_after_ms": 1500 });
        (429, limit)
    };
    let matrix = adapter(&stand_in(busy).await, "syt_1");
    let said = matrix.say(&saying("k", "!r:x", "hello")).await;
    let why = "team at 127.0.0.1 answered 429 too many requests".to_owned();
    let after = Some(Duration::from_millis(1500));
    assert_eq!(said, Err(Delivery::Later { after, why }));
}

#[tokio::test]
async fn a_room_id_is_one_part_of_the_path_whatever_stands_in_it() {
    let echo = |uri: &str| (200, json!({ "event_id": uri }));
    let matrix = adapter(&stand_in(echo).await, "syt_1");
    let said = matrix.say(&saying("../k?", "!r/../x?y#z", "hello")).await;
    let path = said.unwrap();
    let (front, back) = path.split_once("/send/m.room.message/").unwrap();
    assert_eq!(
        front,
        "/under/a/path/_matrix/client/v3/rooms/!r%2F..%2Fx%3Fy%23z"
    );
    assert!(back.len() == 64 && back.bytes().all(|c| c.is_ascii_hexdigit()));
}

#[tokio::test]
async fn a_cursor_that_the_homeserver_does_not_know_any_more_begins_anew_and_hands_over_nothing_old()
 {
    let anew = |uri: &str| {
        let old = json!({ "type": "m.room.message", "event_id": "$1", "sender": "@o:x", "origin_server_ts": 1,
            "content": { "msgtype": "m.text", "body": "freeze" } });
        let room = json!({ "timeline": { "events": [old] } });
        match uri {
            uri if uri.contains("since=gone") => (400, json!({ "errcode": "M_INVALID_PARAM" })),
            uri if uri.contains("since=s2") => (502, json!({})),
            uri if uri.contains("/sync") => (
                200,
                json!({ "next_batch": "s2", "rooms": { "join": { "!r:x": room } } }),
            ),
            _ => (200, json!({ "user_id": "@bot:x" })),
        }
    };
    let matrix = adapter(&stand_in(anew).await, "syt_1");
    let (ear, mut batches) = tokio::sync::mpsc::channel(8);
    let ended = matrix.listen(Some("gone".to_owned()), ear).await;
    assert_eq!(ended, "team at 127.0.0.1 answered 502 {}");
    let only = Batch {
        heard: Vec::new(),
        cursor: Some("s2".to_owned()),
    };
    assert_eq!(batches.recv().await, Some(only));
    assert_eq!(batches.recv().await, None);
}
