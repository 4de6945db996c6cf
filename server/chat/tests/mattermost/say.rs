//! What is said in Mattermost.

use super::vendor::{Vendor, lost, saying, secret};
use super::{BOT_TOKEN, HOOK_TOKEN, HOOK_URL, mattermost, server};
use chat::mattermost::{Mattermost, Settings};
use engine::ports::{Batch, Chat, Delivery, Saying};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc;

const POSTS: &str = "/api/v4/posts";

fn chat(server: &Vendor) -> Mattermost {
    mattermost(&server.url, vec![secret(HOOK_TOKEN)])
}

#[tokio::test]
async fn a_message_is_a_post_with_marked_buttons_and_the_same_key_for_every_try() {
    let server = server().await;
    let chat = chat(&server);
    let said = chat.say(&saying("node-12 waits for your yes")).await;
    assert_eq!(said, Ok("post1".to_owned()));
    let call = server.calls().pop().unwrap();
    assert_eq!((call.method.as_str(), call.path.as_str()), ("POST", POSTS));
    assert_eq!(call.bearer, format!("Bearer {BOT_TOKEN}"));
    let body = call.body;
    assert_eq!(body["channel_id"], "room7");
    assert_eq!(body["message"], "node-12 waits for your yes");
    assert_eq!(body.get("root_id"), None);
    let action = &body["props"]["attachments"][0]["actions"][0];
    assert_eq!(action["name"], "Approve");
    assert_eq!(action["id"], "line0");
    assert_eq!(action["integration"]["url"], HOOK_URL);
    assert_eq!(action["integration"]["context"]["line"], "approve 1042");
    assert!(!body.to_string().contains(HOOK_TOKEN));
    let key = body["pending_post_id"].as_str().unwrap();
    assert!(key.starts_with("botid:") && key.len() > 60, "{key}");
    let thread = Saying {
        thread: Some("root1".to_owned()),
        ..saying("another try")
    };
    chat.say(&thread).await.unwrap();
    let calls = server.calls();
    assert_eq!(calls.len(), 1, "who we are is asked once");
    assert_eq!(calls[0].body["pending_post_id"], key);
    assert_eq!(calls[0].body["root_id"], "root1");
}

#[tokio::test]
async fn hostile_text_is_escaped_on_the_wire() {
    let server = server().await;
    let hostile = saying("@channel **bold** [x](https://evil.test)\n# big :tada:");
    chat(&server).say(&hostile).await.unwrap();
    let body = server.calls().pop().unwrap().body;
    let inert = "@\u{200b}channel \\*\\*bold\\*\\* \\[x\\](https://evil.test)\n\\#\u{200b} big :\u{200b}tada:";
    assert_eq!(body["message"], inert);
    let long = saying(&"*".repeat(40_000));
    chat(&server).say(&long).await.unwrap();
    let body = server.calls().pop().unwrap().body;
    assert!(body["message"].as_str().unwrap().chars().count() <= 16_383);
}

#[tokio::test]
async fn a_message_for_one_person_goes_to_a_channel_of_two() {
    let server = server().await;
    let whisper = Saying {
        thread: Some("root1".to_owned()),
        only_to: Some("user7".to_owned()),
        ..saying("is it you?")
    };
    let said = chat(&server).say(&whisper).await;
    assert_eq!(said, Ok("post1".to_owned()));
    let calls = server.calls();
    let paths: Vec<_> = calls.iter().map(|call| call.path.as_str()).collect();
    assert_eq!(
        paths,
        ["/api/v4/users/me", "/api/v4/channels/direct", POSTS]
    );
    assert_eq!(calls[1].body, json!(["botid", "user7"]));
    assert_eq!(calls[2].body["channel_id"], "direct7");
    let root = calls[2].body.get("root_id");
    assert_eq!(root, None, "a thread of another channel is refused");
}

#[tokio::test]
async fn an_edit_puts_other_words_in_the_place_and_takes_the_buttons_away() {
    let server = server().await;
    let done = Saying {
        buttons: Vec::new(),
        ..saying("approved by @you")
    };
    assert_eq!(chat(&server).edit("post1", &done).await, Ok(()));
    let call = server.calls().pop().unwrap();
    assert_eq!(call.method, "PUT");
    assert_eq!(call.path, "/api/v4/posts/post1/patch");
    let whole = json!({ "message": "approved by @\u{200b}you", "props": { "attachments": [] } });
    assert_eq!(call.body, whole);
    for id in ["", "../users/me", "post1/x", "a?b"] {
        let refused = chat(&server).edit(id, &done).await;
        assert!(matches!(refused, Err(Delivery::Refused(_))), "{id}");
    }
    assert!(server.calls().is_empty());
}

#[tokio::test]
async fn without_a_token_to_mark_them_buttons_are_written_as_lines() {
    let server = server().await;
    let chat = mattermost(&server.url, Vec::new());
    chat.say(&saying("node-12 waits")).await.unwrap();
    let body = server.calls().pop().unwrap().body;
    let text = "node-12 waits\nReply with one of\nApprove: approve 1042";
    assert_eq!(body["message"], text);
    assert_eq!(body["props"]["attachments"], json!([]));
    let mute = mattermost(&server.url, vec![lost()]);
    let later = mute.say(&saying("x")).await;
    assert!(matches!(later, Err(Delivery::Later { .. })), "{later:?}");
    assert!(server.calls().is_empty());
}

#[tokio::test]
async fn answers_mean_what_their_status_says_and_hide_the_token() {
    let server = server().await;
    let chat = chat(&server);
    // The second one is cut in the middle of the token.
    for echo in [
        BOT_TOKEN.to_owned(),
        format!("{}{BOT_TOKEN}", "x".repeat(138)),
    ] {
        for (status, meant) in [
            (400, "Refused"),
            (401, "Refused"),
            (403, "Refused"),
            (404, "Refused"),
            (307, "Refused"),
            (429, "Later"),
            (500, "Later"),
            (503, "Later"),
        ] {
            server.answers(POSTS, status, &json!({ "id": "x", "message": echo }));
            let failed = format!("{:?}", chat.say(&saying("x")).await.unwrap_err());
            assert!(failed.starts_with(meant), "{status}: {failed}");
            assert!(
                failed.contains("ops answered") && !failed.contains("9xuq"),
                "{failed}"
            );
        }
    }
    server.answers(POSTS, 429, &json!({ "message": "slow down" }));
    let why = "ops answered 429 slow down".to_owned();
    let after = Some(Duration::from_secs(30));
    let busy = chat.say(&saying("x")).await;
    assert_eq!(busy, Err(Delivery::Later { after, why }));
    server.answers(POSTS, 201, &Value::Null);
    let unknown = chat.say(&saying("x")).await;
    assert!(matches!(unknown, Err(Delivery::Unknown(_))), "{unknown:?}");
}

#[tokio::test]
async fn the_account_is_looked_at_again_and_again() {
    let server = server().await;
    let chat = chat(&server);
    assert_eq!(chat.account().await.as_deref(), Ok("bot @uncordon"));
    let (tell, mut ear) = mpsc::channel(8);
    let listening = tokio::spawn(async move { chat.listen(None, tell).await });
    assert_eq!(ear.recv().await, Some(Batch::default()));
    server.answers(
        "/api/v4/users/me",
        401,
        &json!({ "message": "session expired" }),
    );
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(5 * 60 + 1)).await;
    // The request itself goes over a real wire, in real time.
    tokio::time::resume();
    let why = listening.await.unwrap();
    assert_eq!(why, "ops answered 401 session expired");
}

#[test]
fn an_address_that_is_none_is_named_by_the_chat_alone() {
    for (api_url, hook_url) in [
        ("mattermost.test", HOOK_URL),
        ("https://me:hush@x.test", HOOK_URL),
        ("https://x.test", "/hooks"),
    ] {
        let settings = Settings {
            name: "ops".to_owned(),
            api_url: api_url.to_owned(),
            token: secret(BOT_TOKEN),
            hook_tokens: Vec::new(),
            hook_url: hook_url.to_owned(),
        };
        let why = Mattermost::new(settings).err().unwrap();
        assert!(why.starts_with("ops: ") && !why.contains("hush"), "{why}");
    }
}

#[tokio::test]
async fn the_room_of_one_person_and_us_is_the_direct_channel() {
    let server = server().await;
    let room = chat(&server).alone_with("user7").await;
    assert_eq!(room, Ok("direct7".to_owned()));
    let asked = server.calls().pop().unwrap();
    assert_eq!(asked.path, "/api/v4/channels/direct");
    assert_eq!(asked.body, json!(["botid", "user7"]));
}
