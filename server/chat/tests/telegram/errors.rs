//! What the refusals of Telegram mean, and that the token never stands in one.

use crate::strict::{ok, refused, strict};
use crate::{SECRET, TOKEN, adapter, saying, with_token};
use engine::ports::{Chat, Delivery};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc::channel;

#[tokio::test]
async fn a_busy_telegram_is_asked_again_when_it_says() {
    let busy = |_: &str, _: &Value| {
        let said = json!({ "ok": false, "error_code": 429, "description": "Too Many Requests: retry after 7",
            "parameters": { "retry_after": 7 } });
        Some((429, said))
    };
    let (base, calls) = strict(busy).await;
    let said = adapter(&base, None).say(&saying("42", "hello")).await;
    let why = "team at 127.0.0.1 answered 429 Too Many Requests: retry after 7".to_owned();
    let after = Some(Duration::from_secs(7));
    assert_eq!(said, Err(Delivery::Later { after, why }));
    assert_eq!(calls.lock().unwrap().len(), 1, "nothing is repeated");
}

#[tokio::test]
async fn what_telegram_refuses_stays_refused_even_where_a_relay_makes_a_200_of_it() {
    for code in [400, 403, 404] {
        let (base, _) = strict(move |_, _| {
            let (code, said) = refused(code, "Forbidden: bot was blocked by the user")?;
            Some((if code == 400 { 200 } else { code }, said))
        })
        .await;
        let said = adapter(&base, None).say(&saying("42", "hello")).await;
        assert!(
            matches!(&said, Err(Delivery::Refused(why)) if why.contains(&code.to_string())),
            "{said:?}"
        );
    }
    let (base, _) = strict(|_, _| Some((200, json!("a login page")))).await;
    let said = adapter(&base, None).say(&saying("42", "hello")).await;
    let why = "team at 127.0.0.1 does not answer as Telegram does".to_owned();
    assert_eq!(said, Err(Delivery::Refused(why)));
}

#[tokio::test]
async fn an_edit_that_changes_nothing_is_done_and_any_other_refusal_is_one() {
    for (description, done) in [
        (
            "Bad Request: message is not modified: specified new message content is the same",
            true,
        ),
        ("Bad Request: message to edit not found", false),
    ] {
        let (base, _) = strict(move |_, _| refused(400, description)).await;
        let edited = adapter(&base, None).edit("9", &saying("42", "ready")).await;
        assert_eq!(edited.is_ok(), done, "{edited:?}");
    }
    let (base, calls) = strict(|_, _| ok(json!({}))).await;
    adapter(&base, None)
        .edit("9", &saying("42", "ready"))
        .await
        .unwrap();
    let (method, body) = calls.lock().unwrap().remove(0);
    assert_eq!(
        (method.as_str(), &body["message_id"]),
        ("editMessageText", &json!(9))
    );
}

#[tokio::test]
async fn the_token_stands_in_no_error() {
    // An answer that repeats the address, so far behind that it is cut off in the middle of the token.
    let far = format!("{}/bot{TOKEN}/sendMessage", "x".repeat(150));
    let (echo, _) = strict(move |_, _| refused(400, &far)).await;
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}", nobody.local_addr().unwrap());
    drop(nobody);
    for base in [
        echo.as_str(),
        &closed,
        "http://[::1",
        "http://no-such-host.invalid",
    ] {
        let settings = chat::telegram::Settings {
            name: "team".to_owned(),
            api_url: base.to_owned(),
            token: std::sync::Arc::new(|| Ok(TOKEN.to_owned())),
            webhook_secret: None,
        };
        let telegram = match chat::telegram::Telegram::new(settings) {
            Ok(telegram) => telegram,
            Err(why) => {
                assert_eq!(why, "team: api_url is not an http address");
                continue;
            }
        };
        let words = saying("42", "hello");
        let said = format!("{:?}", telegram.say(&words).await.unwrap_err());
        let edited = format!("{:?}", telegram.edit("9", &words).await.unwrap_err());
        let (ear, _batches) = channel(1);
        let ended = telegram.listen(Some("1".to_owned()), ear).await;
        for text in [said, edited, ended] {
            assert!(text.contains("team at"), "{text}");
            assert!(!text.contains("canary") && !text.contains("666"), "{text}");
        }
    }
}

#[tokio::test]
async fn what_is_no_token_never_gets_into_an_address() {
    for token in ["", "666:a/../getMe?x", "canary token\n"] {
        let telegram = with_token("http://127.0.0.1:1", token, None);
        let why = telegram.account().await.unwrap_err();
        assert_eq!(
            why,
            "team at 127.0.0.1: what is set as the bot's token is none"
        );
    }
}

#[tokio::test]
async fn a_wrong_token_and_a_second_reader_end_the_listening_in_words() {
    for (code, meant) in [
        (
            401,
            "answered 401 the bot's token is not valid there (any more)",
        ),
        (
            409,
            "answered 409 something else reads this bot already: another process, or a webhook that is set",
        ),
    ] {
        let (base, _) = strict(move |_, _| refused(code, "x")).await;
        let (ear, _batches) = channel(1);
        let ended = adapter(&base, None).listen(None, ear).await;
        assert_eq!(ended, format!("team at 127.0.0.1 {meant}"));
    }
}

#[tokio::test]
async fn behind_a_webhook_nothing_is_polled() {
    let (base, calls) = strict(|_, _| ok(json!([]))).await;
    let (ear, mut batches) = channel(1);
    let telegram = adapter(&base, Some(SECRET));
    tokio::spawn(async move { telegram.listen(None, ear).await });
    assert_eq!(
        crate::batch(&mut batches).await,
        engine::ports::Batch::default()
    );
    let called = calls.lock().unwrap().clone();
    assert_eq!(called, [("getMe".to_owned(), json!({}))]);
}
