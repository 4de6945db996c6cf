//! Another side for messages that go over HTTP, and a message for it.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::post;
use domain::id::RecoveryId;
use domain::message::{About, Channel, Stage};
use engine::ports::{Letter, Recipient, Way};
use std::sync::{Arc, Mutex};

/// What came, the last at the end.
pub type Heard = Arc<Mutex<Vec<(HeaderMap, Vec<u8>)>>>;

/// A push service that answers with the status in its path and keeps what it got.
pub async fn service() -> (String, Heard) {
    let heard = Heard::default();
    let router = Router::new()
        .route("/{status}", post(answer))
        .with_state(Arc::clone(&heard));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (format!("http://{address}"), heard)
}

async fn answer(
    State(heard): State<Heard>,
    Path(status): Path<u16>,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    heard.lock().unwrap().push((headers, body.to_vec()));
    let status = StatusCode::from_u16(status).unwrap();
    let moved = [(header::RETRY_AFTER, "90"), (header::LOCATION, "/201")];
    (status, moved, "said why")
}

/// A call for help.
pub fn letter(way: Way, channel: Channel) -> Letter {
    Letter {
        id: "0123456789abcdef".to_owned(),
        to: Recipient::Device(1),
        way,
        about: About::Recovery(RecoveryId(1042)),
        stage: Stage::NeedsHuman,
        channel,
        title: "node-12 needs you".to_owned(),
        body: "prod: the machine runs, the node is NotReady. Węzeł stoi.".to_owned(),
        path: "/recoveries/1042".to_owned(),
        until: "2026-11-22T10:41:07Z".parse().unwrap(),
        written_at: "2026-11-22T09:41:07Z".parse().unwrap(),
        tries: 1,
        in_doubt: false,
    }
}

/// A header that must be there.
pub fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).unwrap().to_str().unwrap()
}
