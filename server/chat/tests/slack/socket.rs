//! Socket Mode, and what listens where there is no socket.

use super::vendor::{Vendor, secret};
use super::{APP_TOKEN, slack};
use axum::Router;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::routing::get;
use engine::ports::{Batch, Chat};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc::{self, Receiver, UnboundedReceiver, UnboundedSender};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Slack's end of a socket, and ours that listens.
struct Line {
    vendor: Vendor,
    /// What Slack sends.
    frames: UnboundedSender<Message>,
    /// What came back over the socket.
    receipts: UnboundedReceiver<String>,
    ear: Receiver<Batch>,
    listening: JoinHandle<String>,
}

/// A vendor whose socket sends what is put into the sender, and hands over what it gets.
async fn vendor() -> (Vendor, UnboundedSender<Message>, UnboundedReceiver<String>) {
    let (frames, to_send) = mpsc::unbounded_channel();
    let (got, receipts) = mpsc::unbounded_channel();
    let ends = Arc::new(Mutex::new(Some((to_send, got))));
    let open = async move |upgrade: WebSocketUpgrade| {
        let (to_send, got) = ends.lock().unwrap().take().unwrap();
        upgrade.on_upgrade(move |socket| serve(socket, to_send, got))
    };
    let vendor = Vendor::start(Router::new().route("/link", get(open))).await;
    let me = json!({ "ok": true, "team": "SRE", "user": "uncordon", "user_id": "U0BOT" });
    vendor.answers("/auth.test", 200, &me);
    let url = format!("{}/link?ticket=hush", vendor.url.replace("http", "ws"));
    let opened = json!({ "ok": true, "url": url });
    vendor.answers("/apps.connections.open", 200, &opened);
    (vendor, frames, receipts)
}

async fn serve(
    mut socket: axum::extract::ws::WebSocket,
    mut to_send: UnboundedReceiver<Message>,
    got: UnboundedSender<String>,
) {
    loop {
        tokio::select! {
            frame = to_send.recv() => match frame {
                Some(frame) => socket.send(frame).await.unwrap(),
                None => break,
            },
            came = socket.recv() => match came {
                Some(Ok(Message::Text(text))) => got.send(text.to_string()).unwrap(),
                Some(Ok(Message::Pong(_))) => got.send("pong".to_owned()).unwrap(),
                Some(Ok(_)) => {}
                _ => break,
            },
        }
    }
}

async fn connected() -> Line {
    let (vendor, frames, receipts) = vendor().await;
    let slack = slack(&vendor.url, None, Some(secret(APP_TOKEN)));
    let (tell, mut ear) = mpsc::channel(8);
    let listening = tokio::spawn(async move { slack.listen(None, tell).await });
    frames.send(text(&json!({ "type": "hello" }))).unwrap();
    assert_eq!(ear.recv().await, Some(Batch::default()), "it stands");
    Line {
        vendor,
        frames,
        receipts,
        ear,
        listening,
    }
}

fn text(value: &Value) -> Message {
    Message::Text(value.to_string().into())
}

fn slash(id: &str) -> Message {
    let payload = json!({
        "command": "/uncordon", "text": "status", "user_id": "U7", "channel_id": "C7", "trigger_id": "1.2.3",
    });
    text(&json!({ "envelope_id": id, "type": "slash_commands", "payload": payload }))
}

fn receipt(id: &str) -> String {
    json!({ "envelope_id": id }).to_string()
}

#[tokio::test]
async fn what_comes_over_the_socket_is_handed_over_and_acknowledged() {
    let mut line = connected().await;
    let calls = line.vendor.calls();
    let opened = calls.last().unwrap();
    assert_eq!(opened.path, "/apps.connections.open");
    assert_eq!(opened.bearer, format!("Bearer {APP_TOKEN}"));
    line.frames.send(slash("e1")).unwrap();
    let heard = line.ear.recv().await.unwrap().heard;
    assert_eq!(heard[0].id, "slash:1.2.3");
    assert_eq!(heard[0].text, "status");
    assert_eq!(line.receipts.recv().await, Some(receipt("e1")));
    let press = json!({
        "type": "block_actions", "trigger_id": "4.5.6", "user": { "id": "U7" }, "channel": { "id": "C7" },
        "message": { "ts": "1531420600.000100" },
        "actions": [{ "action_id": "line-0", "value": "approve 7", "action_ts": "1531420618.840180" }],
    });
    let press = json!({ "envelope_id": "e2", "type": "interactive", "payload": press });
    line.frames.send(text(&press)).unwrap();
    let heard = line.ear.recv().await.unwrap().heard;
    assert_eq!(heard[0].text, "approve 7");
    assert_eq!(line.receipts.recv().await, Some(receipt("e2")));
    let said = json!({
        "type": "message", "channel": "C7", "user": "U7", "text": "<@U0BOT> ack 7", "ts": "1531420618.000200",
    });
    let payload = json!({ "type": "event_callback", "event": said });
    let said = json!({ "envelope_id": "e3", "type": "events_api", "payload": payload });
    line.frames.send(text(&said)).unwrap();
    let heard = line.ear.recv().await.unwrap().heard;
    assert_eq!(heard[0].id, "msg:C7:1531420618.000200");
    assert_eq!((heard[0].text.as_str(), heard[0].to_us), ("ack 7", true));
    assert_eq!(line.receipts.recv().await, Some(receipt("e3")));
}

#[tokio::test]
async fn nothing_is_acknowledged_that_nobody_took() {
    let mut line = connected().await;
    drop(line.ear);
    line.frames.send(slash("e1")).unwrap();
    let why = line.listening.await.unwrap();
    assert_eq!(why, "nobody listens any more");
    assert_eq!(
        line.receipts.recv().await,
        None,
        "Slack will bring it again"
    );
}

#[tokio::test]
async fn what_is_not_for_us_is_acknowledged_too_so_that_it_does_not_come_again() {
    let mut line = connected().await;
    let own = json!({ "event": { "type": "message", "user": "U0BOT", "text": "x", "ts": "1.2", "channel": "C7" } });
    for (id, kind, payload) in [
        ("e1", "events_api", own),
        ("e2", "slash_commands", json!({ "text": "no user" })),
        ("e3", "of_tomorrow", Value::Null),
    ] {
        let envelope = json!({ "envelope_id": id, "type": kind, "payload": payload });
        line.frames.send(text(&envelope)).unwrap();
        assert_eq!(line.receipts.recv().await, Some(receipt(id)));
    }
    assert!(line.ear.try_recv().is_err(), "nothing was heard");
}

#[tokio::test]
async fn a_ping_is_answered_and_a_disconnect_ends_the_listening_with_its_reason() {
    let mut line = connected().await;
    line.frames.send(Message::Ping("p".into())).unwrap();
    assert_eq!(line.receipts.recv().await.as_deref(), Some("pong"));
    let bye = json!({ "type": "disconnect", "reason": "refresh_requested" });
    line.frames.send(text(&bye)).unwrap();
    let why = line.listening.await.unwrap();
    assert_eq!(why, "team-sre ended the connection: refresh_requested");
}

#[tokio::test]
async fn a_closed_and_a_silent_connection_end_the_listening() {
    let line = connected().await;
    drop(line.frames);
    let why = line.listening.await.unwrap();
    assert!(why.starts_with("team-sre"), "{why}");
    let line = connected().await;
    // From here on only the clock of the test goes on, and only where everything waits for it.
    tokio::time::pause();
    let since = Instant::now();
    let why = line.listening.await.unwrap();
    assert!(since.elapsed().as_secs() <= 60);
    assert_eq!(why, "team-sre was silent for a minute");
}

#[tokio::test]
async fn a_socket_that_does_not_open_is_named_without_its_address_and_without_a_token() {
    let (vendor, _frames, _receipts) = vendor().await;
    let listen = async |url: &str| {
        let opened = json!({ "ok": true, "url": url });
        vendor.answers("/apps.connections.open", 200, &opened);
        let slack = slack(&vendor.url, None, Some(secret(APP_TOKEN)));
        slack.listen(None, mpsc::channel(1).0).await
    };
    let ws = vendor.url.replace("http", "ws");
    for url in [
        format!("{ws}/nowhere?ticket=hush"),
        "ws://127.0.0.1:1/link?ticket=hush".to_owned(),
        "file:///etc/hush".to_owned(),
        String::new(),
    ] {
        let why = listen(&url).await;
        assert!(
            why.starts_with("team-sre") && !why.contains("hush"),
            "{url}: {why}"
        );
    }
    let echo = json!({ "ok": false, "error": format!("bad {APP_TOKEN}") });
    vendor.answers("/apps.connections.open", 200, &echo);
    let slack = slack(&vendor.url, None, Some(secret(APP_TOKEN)));
    let why = slack.listen(None, mpsc::channel(1).0).await;
    assert!(why.contains("bad") && !why.contains("xapp"), "{why}");
}

#[tokio::test]
async fn without_a_socket_the_account_is_looked_at_again_and_again() {
    let (vendor, _frames, _receipts) = vendor().await;
    let slack = slack(&vendor.url, None, None);
    let (tell, mut ear) = mpsc::channel(8);
    let listening = tokio::spawn(async move { slack.listen(None, tell).await });
    assert_eq!(ear.recv().await, Some(Batch::default()));
    let revoked = json!({ "ok": false, "error": "token_revoked" });
    vendor.answers("/auth.test", 200, &revoked);
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(5 * 60 + 1)).await;
    // The request itself goes over a real wire, in real time.
    tokio::time::resume();
    let why = listening.await.unwrap();
    assert_eq!(why, "team-sre refused auth.test: token_revoked");
}
