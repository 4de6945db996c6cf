//! What a request to the hook must show, and what it says.

use crate::strict::{ok, press, strict, words};
use crate::{SECRET, adapter};
use chat::telegram::Telegram;
use engine::ports::{Chat, HookRequest, Hooked, Turned};
use jiff::Timestamp;
use serde_json::{Value, json};

fn post(telegram: &Telegram, secret: Option<&str>, body: &[u8]) -> Result<Hooked, Turned> {
    let secret = secret.map(str::to_owned);
    let header = |name: &str| match name {
        "x-telegram-bot-api-secret-token" => secret.as_deref(),
        _ => None,
    };
    let request = HookRequest {
        header: &header,
        body,
        now: Timestamp::UNIX_EPOCH,
    };
    telegram.hook(&request)
}

/// One that knows who it is.
async fn known() -> std::sync::Arc<Telegram> {
    let (base, _) = strict(|_, _| ok(Value::Null)).await;
    let telegram = adapter(&base, Some(SECRET));
    telegram.account().await.unwrap();
    telegram
}

#[tokio::test]
async fn only_a_request_with_the_secret_is_read() {
    let telegram = known().await;
    let body = words(7, "status").to_string();
    let told = post(&telegram, Some(SECRET), body.as_bytes()).unwrap();
    assert_eq!(told.heard[0].text, "status");
    assert_eq!((told.heard[0].id.as_str(), told.answer), ("msg:42:7", None));
    let header = "the x-telegram-bot-api-secret-token header is";
    for (secret, why) in [
        (None, "missing"),
        (Some(""), "not the secret"),
        (Some("hook-secre"), "not the secret"),
        (Some("hook-secret2"), "not the secret"),
    ] {
        let turned = post(&telegram, secret, body.as_bytes()).unwrap_err();
        assert_eq!(turned, Turned::Forged(format!("{header} {why}")));
    }
}

#[tokio::test]
async fn a_press_is_answered_with_the_call_that_ends_its_waiting() {
    let telegram = known().await;
    let body = press(7, "approve 7").to_string();
    let told = post(&telegram, Some(SECRET), body.as_bytes()).unwrap();
    let said = &told.heard[0];
    assert_eq!(
        (said.text.as_str(), said.at),
        ("approve 7", Timestamp::UNIX_EPOCH)
    );
    let (kind, answer) = told.answer.unwrap();
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(kind, "application/json");
    assert_eq!(
        answer,
        json!({ "method": "answerCallbackQuery", "callback_query_id": "q7" })
    );
}

#[tokio::test]
async fn edits_and_what_is_unknown_say_nothing_and_what_is_no_update_is_turned_away() {
    let telegram = known().await;
    let mut edited = words(7, "freeze");
    edited["edited_message"] = edited["message"].take();
    for body in [edited, json!({ "update_id": 8, "poll": {} })] {
        let told = post(&telegram, Some(SECRET), body.to_string().as_bytes());
        assert_eq!(told, Ok(Hooked::default()));
    }
    for body in ["", "null", "[]", "{}", "{\"update_id\": \"7\"}", "\u{0}"] {
        let turned = post(&telegram, Some(SECRET), body.as_bytes());
        assert!(matches!(turned, Err(Turned::Unreadable(_))), "{body}");
    }
}

#[tokio::test]
async fn without_a_secret_there_is_no_hook_and_without_an_account_it_is_too_early() {
    let polls = adapter("http://127.0.0.1:1", None);
    assert_eq!(post(&polls, Some(SECRET), b"{}"), Err(Turned::NoHook));
    let early = adapter("http://127.0.0.1:1", Some(SECRET));
    let turned = post(&early, Some(SECRET), b"{}");
    assert!(matches!(turned, Err(Turned::Later(_))), "{turned:?}");
    let empty = adapter("http://127.0.0.1:1", Some(""));
    let turned = post(&empty, Some(""), b"{}");
    assert!(matches!(turned, Err(Turned::Later(_))), "{turned:?}");
}
