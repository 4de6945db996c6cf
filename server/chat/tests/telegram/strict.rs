//! A Bot API as its manual has it, as far as a test tells it to answer; it keeps what it was asked.

use crate::TOKEN;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What was called, in order.
pub type Calls = Arc<Mutex<Vec<(String, Value)>>>;

/// What a call is answered with; `None`: nothing, ever, as a long poll without news.
pub type Answer = Option<(u16, Value)>;

/// Starts it; `getMe` is answered by itself.
pub async fn strict(
    answer: impl Fn(&str, &Value) -> Answer + Clone + Send + Sync + 'static,
) -> (String, Calls) {
    let calls = Calls::default();
    let kept = Arc::clone(&calls);
    let router = Router::new().fallback(move |request: Request| {
        let (answer, kept) = (answer.clone(), Arc::clone(&kept));
        async move {
            let path = request.uri().path().to_owned();
            let method = path
                .strip_prefix(&format!("/bot{TOKEN}/"))
                .unwrap()
                .to_owned();
            let body = axum::body::to_bytes(request.into_body(), 1 << 20)
                .await
                .unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            let found = match method.as_str() {
                "getMe" => Some((200, me())),
                _ => answer(&method, &body),
            };
            kept.lock().unwrap().push((method, body));
            match found {
                Some((status, said)) => (StatusCode::from_u16(status).unwrap(), said.to_string()),
                None => std::future::pending().await,
            }
        }
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}"), calls)
}

fn me() -> Value {
    let me = json!({ "id": 666, "first_name": "Uncordon", "username": "TestNameBot" });
    json!({ "ok": true, "result": me })
}

pub fn ok(result: impl Into<Value>) -> Answer {
    let result: Value = result.into();
    Some((200, json!({ "ok": true, "result": result })))
}

pub fn refused(code: u16, description: &str) -> Answer {
    let said = json!({ "ok": false, "error_code": code, "description": description });
    Some((code, said))
}

pub fn words(id: i64, text: &str) -> Value {
    json!({ "update_id": id, "message": {
        "message_id": id, "date": 1_796_000_000, "text": text,
        "from": { "id": 42, "is_bot": false }, "chat": { "id": 42, "type": "private" },
    } })
}

pub fn press(id: i64, line: &str) -> Value {
    json!({ "update_id": id, "callback_query": {
        "id": format!("q{id}"), "from": { "id": 42, "is_bot": false }, "data": line,
        "message": { "message_id": 7, "chat": { "id": -100, "type": "supergroup" } },
    } })
}

/// The pending updates from an offset on, as `getUpdates` answers them.
pub fn pending(all: &[Value], body: &Value) -> Answer {
    let offset = body["offset"].as_i64().unwrap();
    let from = |one: &&Value| one["update_id"].as_i64() >= Some(offset);
    let found: Vec<Value> = match offset {
        -1 => all.last().into_iter().cloned().collect(),
        _ => all.iter().filter(from).cloned().collect(),
    };
    match body["timeout"].as_i64() {
        Some(0) => ok(found),
        _ if found.is_empty() => None,
        _ => ok(found),
    }
}
