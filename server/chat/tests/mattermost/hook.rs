//! Requests of Mattermost to our hook.

use super::vendor::{form, lost, saying, secret, told};
use super::{HOOK_TOKEN, mattermost, server};
use chat::Ask;
use chat::mattermost::Mattermost;
use engine::ports::{Can, Chat, Heard, Hooked, Saying, Trust, Turned};
use jiff::Timestamp;
use serde_json::{Value, json};

/// No server is asked for what a request says.
const NOWHERE: &str = "http://127.0.0.1:1";

fn hooked() -> Mattermost {
    mattermost(NOWHERE, vec![secret("the-old-one"), secret(HOOK_TOKEN)])
}

fn now() -> Timestamp {
    Timestamp::from_second(1_796_083_200).unwrap()
}

fn bring(chat: &Mattermost, body: &str) -> Result<Hooked, Turned> {
    told(chat, &[], body.as_bytes(), now())
}

fn heard(hooked: Result<Hooked, Turned>) -> Option<Heard> {
    let mut hooked = hooked.unwrap();
    let empty = Some(("application/json", "{}".to_owned()));
    assert_eq!(hooked.answer, empty);
    assert!(hooked.heard.len() < 2);
    hooked.heard.pop()
}

fn is_forged(hooked: &Result<Hooked, Turned>) -> bool {
    matches!(hooked, Err(Turned::Forged(_)))
}

fn command(token: &str) -> String {
    form(&[
        ("channel_id", "room7"),
        ("channel_name", "ops"),
        ("command", "/uncordon"),
        ("text", " approve 1042 "),
        ("token", token),
        ("trigger_id", "cjZ0cmlnZ2Vy"),
        ("user_id", "user7"),
        ("user_name", "Somebody Else"),
    ])
}

fn outgoing(text: &str) -> Value {
    json!({
        "token": HOOK_TOKEN, "team_id": "t", "channel_id": "room7", "timestamp": 1_796_083_199_123_i64,
        "user_id": "user7", "user_name": "x", "post_id": "post9", "text": text, "trigger_word": "uncordon",
    })
}

/// What Mattermost sends when the first button of what was said is pressed.
async fn pressed(said: &Saying, token: Ask) -> Value {
    let server = server().await;
    mattermost(&server.url, vec![token])
        .say(said)
        .await
        .unwrap();
    let body = server.calls().pop().unwrap().body;
    let context = &body["props"]["attachments"][0]["actions"][0]["integration"]["context"];
    json!({
        "user_id": "user7", "channel_id": "room7", "post_id": "post1", "trigger_id": "dHJpZ2dlcg",
        "type": "", "context": context,
    })
}

#[test]
fn a_slash_command_says_its_words_and_a_copy_of_it_has_the_same_id() {
    let said = heard(bring(&hooked(), &command(HOOK_TOKEN))).unwrap();
    let whole = Heard {
        id: "slash:cjZ0cmlnZ2Vy".to_owned(),
        user: "user7".to_owned(),
        room: "room7".to_owned(),
        thread: None,
        at: now(),
        text: "approve 1042".to_owned(),
        to_us: true,
    };
    assert_eq!(said, whole);
    let again = told(
        &hooked(),
        &[],
        command("the-old-one").as_bytes(),
        "2026-12-01T01:00:00Z".parse().unwrap(),
    );
    assert_eq!(heard(again).unwrap().id, whole.id, "each token is taken");
    let bare = command(HOOK_TOKEN).replace("+approve+1042+", "") + "&root_id=post3";
    let bare = heard(bring(&hooked(), &bare)).unwrap();
    assert_eq!(
        (bare.text.as_str(), bare.thread.as_deref()),
        ("help", Some("post3"))
    );
    let can = Can {
        edit: true,
        threads: true,
        whisper: true,
        trust: Trust::Token,
    };
    assert_eq!(hooked().can(), can);
}

#[test]
fn a_wrong_an_empty_and_a_missing_token_are_forged() {
    for token in [
        "",
        "ztw8xi6nxbg8jyzqsdrb8mp4nf",
        "ztw8xi6nxbg8jyzqsdrb8mp4n",
    ] {
        let answer = bring(&hooked(), &command(token));
        assert!(is_forged(&answer), "{token} {answer:?}");
        assert!(!answer.unwrap_err().to_string().contains("ztw8"));
    }
    let none = command("").replace("token=", "nothing=");
    assert!(is_forged(&bring(&hooked(), &none)));
    let empty = mattermost(NOWHERE, vec![secret("")]);
    assert!(
        is_forged(&bring(&empty, &command(""))),
        "an empty token never fits"
    );
    let none = mattermost(NOWHERE, Vec::new());
    assert_eq!(bring(&none, &command("")), Err(Turned::NoHook));
}

#[test]
fn the_token_may_stand_in_the_header_and_must_then_fit_too() {
    let wrong = format!("Token {HOOK_TOKEN}x");
    let right = format!("Token {HOOK_TOKEN}");
    let none = command("").replace("token=", "nothing=");
    for (header, body, taken) in [
        (&right, &none, true),
        (&wrong, &none, false),
        (&right, &command(HOOK_TOKEN), true),
        (&wrong, &command(HOOK_TOKEN), false),
        (&right, &command("wrong"), false),
    ] {
        let headers = [("authorization", header.as_str())];
        let answer = told(&hooked(), &headers, body.as_bytes(), now());
        assert_eq!(!is_forged(&answer), taken, "{header} {body} {answer:?}");
    }
}

#[test]
fn a_token_that_cannot_be_read_is_asked_for_again_only_where_no_other_one_fits() {
    let chat = mattermost(NOWHERE, vec![lost(), secret(HOOK_TOKEN)]);
    assert!(heard(bring(&chat, &command(HOOK_TOKEN))).is_some());
    let later = bring(&chat, &command("another"));
    let why = "the secret file is gone".to_owned();
    assert_eq!(later, Err(Turned::Later(why)));
}

#[test]
fn an_outgoing_webhook_says_a_message_without_the_word_that_triggers_it() {
    let said = heard(bring(
        &hooked(),
        &outgoing("uncordon: approve 1042").to_string(),
    ));
    let whole = Heard {
        id: "msg:post9".to_owned(),
        user: "user7".to_owned(),
        room: "room7".to_owned(),
        thread: None,
        at: Timestamp::from_millisecond(1_796_083_199_123).unwrap(),
        text: "approve 1042".to_owned(),
        to_us: true,
    };
    assert_eq!(said, Some(whole.clone()));
    let fields = [
        ("token", HOOK_TOKEN),
        ("channel_id", "room7"),
        ("timestamp", "1796083199"),
        ("user_id", "user7"),
        ("post_id", "post9"),
        ("text", "uncordon approve 1042"),
        ("trigger_word", "uncordon"),
    ];
    let in_form = heard(bring(&hooked(), &form(&fields))).unwrap();
    let at = Timestamp::from_second(1_796_083_199).unwrap();
    assert_eq!(in_form, Heard { at, ..whole }, "a form has whole seconds");
    let bare = heard(bring(&hooked(), &outgoing("uncordon").to_string()));
    assert_eq!(bare.unwrap().text, "help");
    let forged = outgoing("uncordon").to_string().replace(HOOK_TOKEN, "x");
    assert!(is_forged(&bring(&hooked(), &forged)));
    let broken = bring(&hooked(), "{ token");
    assert!(matches!(broken, Err(Turned::Unreadable(_))), "{broken:?}");
}

#[tokio::test]
async fn without_a_trigger_a_message_is_for_us_only_if_it_names_us_and_our_own_are_not_heard() {
    let server = server().await;
    let chat = mattermost(&server.url, vec![secret(HOOK_TOKEN)]);
    chat.account().await.unwrap();
    let bring = |text: &str, user: &str| {
        let mut fields = outgoing(text);
        fields["trigger_word"] = json!("");
        fields["user_id"] = json!(user);
        let said = heard(bring(&chat, &fields.to_string()));
        said.map(|said| (said.text, said.to_us))
    };
    let said = |text: &str, to_us| Some((text.to_owned(), to_us));
    assert_eq!(bring("@uncordon status", "user7"), said("status", true));
    assert_eq!(
        bring("@uncordon-2 status", "user7"),
        said("@uncordon-2 status", false)
    );
    assert_eq!(bring("good morning", "user7"), said("good morning", false));
    assert_eq!(bring("@uncordon status", "botid"), None);
}

#[tokio::test]
async fn a_press_says_the_line_of_its_button_in_its_thread() {
    let thread = Saying {
        thread: Some("root1".to_owned()),
        ..saying("node-12 waits")
    };
    let press = pressed(&thread, secret(HOOK_TOKEN)).await;
    let said = heard(bring(&hooked(), &press.to_string()));
    let whole = Heard {
        id: "button:dHJpZ2dlcg".to_owned(),
        user: "user7".to_owned(),
        room: "room7".to_owned(),
        thread: Some("root1".to_owned()),
        at: now(),
        text: "approve 1042".to_owned(),
        to_us: true,
    };
    assert_eq!(said, Some(whole));
    let mut press = pressed(&saying("node-12 waits"), secret(HOOK_TOKEN)).await;
    press["trigger_id"] = Value::Null;
    let said = heard(bring(&hooked(), &press.to_string())).unwrap();
    assert_eq!(said.id, "button:post1:user7:approve 1042");
    assert_eq!(said.thread.as_deref(), Some("post1"));
}

#[tokio::test]
async fn a_button_that_is_not_marked_with_one_of_our_tokens_is_forged() {
    let press = pressed(&saying("node-12 waits"), secret(HOOK_TOKEN)).await;
    for (part, other) in [
        ("line", json!("approve 1043")),
        ("key", json!("another")),
        ("root", json!("elsewhere")),
        ("mark", json!("")),
        ("mark", json!("zz")),
        ("mark", json!("00".repeat(32))),
        ("mark", Value::Null),
    ] {
        let mut changed = press.clone();
        changed["context"][part] = other;
        let answer = bring(&hooked(), &changed.to_string());
        assert!(is_forged(&answer), "{part} {answer:?}");
    }
    let foreign = pressed(&saying("node-12 waits"), secret("foreign")).await;
    assert!(is_forged(&bring(&hooked(), &foreign.to_string())));
    let empty = json!({ "context": {}, "user_id": "user7", "token": HOOK_TOKEN });
    assert!(is_forged(&bring(&hooked(), &empty.to_string())));
}
