//! Requests of Slack to our hook.

use super::vendor::{Vendor, form, lost, secret, told};
use super::{BOT_TOKEN, SECRET, slack};
use axum::Router;
use chat::Ask;
use chat::slack::{API, Slack};
use engine::ports::{Chat, Heard, Hooked, Turned};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The example of Slack's own documentation.
const TIME: &str = "1531420618";
const BODY: &str = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
const SIGNATURE: &str = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";

fn hooked() -> Slack {
    slack(API, Some(secret(SECRET)), None)
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn example(slack: &Slack, body: &str, now: i64) -> Result<Hooked, Turned> {
    let headers = [
        ("x-slack-request-timestamp", TIME),
        ("x-slack-signature", SIGNATURE),
    ];
    told(slack, &headers, body.as_bytes(), at(now))
}

/// Brings a body that is signed as Slack signs.
fn signed(slack: &Slack, body: &str) -> Result<Hooked, Turned> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(format!("v0:{TIME}:{body}").as_bytes());
    let signature = format!("v0={}", hex::encode(mac.finalize().into_bytes()));
    let headers = [
        ("x-slack-request-timestamp", TIME),
        ("x-slack-signature", signature.as_str()),
    ];
    told(slack, &headers, body.as_bytes(), at(1_531_420_620))
}

fn heard(hooked: Result<Hooked, Turned>) -> Option<Heard> {
    let mut heard = hooked.unwrap().heard;
    assert!(heard.len() < 2);
    heard.pop()
}

fn is_forged(hooked: &Result<Hooked, Turned>) -> bool {
    matches!(hooked, Err(Turned::Forged(_)))
}

/// An event as Slack wraps it; our bot is U0BOT.
fn event(event: &Value) -> String {
    json!({
        "type": "event_callback", "team_id": "T1DC2JH3J", "event_id": "Ev08MFMKH6",
        "authorizations": [{ "team_id": "T1DC2JH3J", "user_id": "U0BOT", "is_bot": true }],
        "event": event,
    })
    .to_string()
}

fn message(text: &str) -> Value {
    json!({
        "type": "message", "channel": "C7", "channel_type": "channel", "user": "U2CERLKJA",
        "text": text, "ts": "1531420618.000200",
    })
}

#[test]
fn the_documented_example_of_a_signature_is_taken_and_a_command_without_words_asks_for_help() {
    let said = heard(example(&hooked(), BODY, 1_531_420_618)).unwrap();
    let whole = Heard {
        id: "slash:398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c".to_owned(),
        user: "U2CERLKJA".to_owned(),
        room: "G8PSS9T3V".to_owned(),
        thread: None,
        at: at(1_531_420_618),
        text: "help".to_owned(),
        to_us: true,
    };
    assert_eq!(said, whole);
}

#[test]
fn a_request_that_is_old_or_of_the_future_is_forged() {
    let slack = hooked();
    for (now, taken) in [
        (1_531_420_618 + 300, true),
        (1_531_420_618 + 301, false),
        (1_531_420_618 - 300, true),
        (1_531_420_618 - 301, false),
    ] {
        assert_eq!(is_forged(&example(&slack, BODY, now)), !taken, "{now}");
    }
}

#[test]
fn a_changed_byte_a_missing_header_and_another_secret_are_forged() {
    let changed = BODY.replace("U2CERLKJA", "U2CERLKJB");
    assert!(is_forged(&example(&hooked(), &changed, 1_531_420_618)));
    let other = slack(API, Some(secret("8f742231b10e8888abcd99yyyzzz85a6")), None);
    assert!(is_forged(&example(&other, BODY, 1_531_420_618)));
    let time = ("x-slack-request-timestamp", TIME);
    let later = ("x-slack-request-timestamp", "1531420619");
    for headers in [
        vec![],
        vec![time],
        vec![("x-slack-signature", SIGNATURE)],
        vec![later, ("x-slack-signature", SIGNATURE)],
        vec![time, ("x-slack-signature", "v0=")],
        vec![time, ("x-slack-signature", "v0=zz")],
        vec![time, ("x-slack-signature", &SIGNATURE[3..])],
        vec![
            ("x-slack-request-timestamp", "soon"),
            ("x-slack-signature", SIGNATURE),
        ],
    ] {
        let answer = told(&hooked(), &headers, BODY.as_bytes(), at(1_531_420_618));
        assert!(is_forged(&answer), "{headers:?} {answer:?}");
        let words = answer.unwrap_err().to_string();
        assert!(
            !words.contains(SECRET) && !words.contains("a2114d"),
            "{words}"
        );
    }
}

#[test]
fn without_a_secret_there_is_no_hook_and_one_that_cannot_be_read_or_is_empty_is_asked_for_again() {
    let none = example(&slack(API, None, None), BODY, 1_531_420_618);
    assert_eq!(none, Err(Turned::NoHook));
    for ask in [lost(), secret("")] {
        let later = example(&slack(API, Some(ask), None), BODY, 1_531_420_618);
        assert!(matches!(later, Err(Turned::Later(_))), "{later:?}");
    }
}

#[test]
fn the_secret_is_read_anew_for_each_request() {
    let asked = AtomicBool::new(false);
    let ask: Ask = Arc::new(move || {
        let first = !asked.swap(true, Ordering::Relaxed);
        Ok(if first { "before" } else { SECRET }.to_owned())
    });
    let slack = slack(API, Some(ask), None);
    assert!(is_forged(&example(&slack, BODY, 1_531_420_618)));
    assert!(!is_forged(&example(&slack, BODY, 1_531_420_618)));
}

#[test]
fn the_challenge_is_answered_only_when_it_is_signed() {
    let body = r#"{"token":"x","challenge":"3eZbrw1aBm2rZgRNFdxV","type":"url_verification"}"#;
    let answer = signed(&hooked(), body).unwrap();
    let challenge = Some(("text/plain", "3eZbrw1aBm2rZgRNFdxV".to_owned()));
    assert_eq!(answer.answer, challenge);
    assert!(is_forged(&example(&hooked(), body, 1_531_420_618)));
}

#[test]
fn a_slash_command_says_its_words_and_a_copy_of_it_has_the_same_id() {
    let body = form(&[
        ("command", "/uncordon"),
        (
            "text",
            " check <http://node-12.test|node-12.test> a &amp; b ",
        ),
        ("user_id", "U7"),
        ("channel_id", "C7"),
        ("trigger_id", "13345224609.738474920.8088930838d88f008e0"),
    ]);
    let first = heard(signed(&hooked(), &body)).unwrap();
    assert_eq!(first.text, "check node-12.test a & b");
    assert_eq!(heard(signed(&hooked(), &body)), Some(first));
    let check = signed(&hooked(), "ssl_check=1&token=x");
    assert_eq!(heard(check), None);
    let nothing = signed(&hooked(), "hello");
    assert!(matches!(nothing, Err(Turned::Unreadable(_))), "{nothing:?}");
}

#[test]
fn a_press_says_the_line_of_its_button() {
    let mut press = json!({
        "type": "block_actions", "trigger_id": "13345224609.738474920.80889",
        "user": { "id": "U7", "username": "roadrunner" }, "channel": { "id": "C7" },
        "container": { "type": "message", "message_ts": "1531420600.000100", "channel_id": "C7" },
        "message": { "ts": "1531420600.000100", "text": "x" },
        "actions": [{
            "type": "button", "action_id": "line-0", "value": "approve 1042", "action_ts": "1531420618.840180",
        }],
    });
    let bring = |press: &Value| {
        let body = form(&[("payload", &press.to_string())]);
        heard(signed(&hooked(), &body))
    };
    let said = bring(&press).unwrap();
    let whole = Heard {
        id: "action:13345224609.738474920.80889".to_owned(),
        user: "U7".to_owned(),
        room: "C7".to_owned(),
        thread: Some("1531420600.000100".to_owned()),
        at: Timestamp::from_microsecond(1_531_420_618_840_180).unwrap(),
        text: "approve 1042".to_owned(),
        to_us: true,
    };
    assert_eq!(said, whole);
    press["message"]["thread_ts"] = json!("1531420500.000001");
    let thread = bring(&press).unwrap().thread;
    assert_eq!(thread.as_deref(), Some("1531420500.000001"));
    press["trigger_id"] = Value::Null;
    assert_eq!(bring(&press).unwrap().id, "action:1531420618.840180:U7");
    press["message"] = Value::Null;
    press["container"]["is_ephemeral"] = json!(true);
    assert_eq!(bring(&press).unwrap().thread, None);
    press["actions"][0]["action_id"] = json!("other");
    assert_eq!(bring(&press), None, "a button of somebody else");
}

#[test]
fn a_message_is_heard_and_a_mention_and_a_retry_of_the_same_words_have_the_same_id() {
    let words = "<@U0BOT> approve 1042 &lt;now&gt;";
    let said = heard(signed(&hooked(), &event(&message(words)))).unwrap();
    let whole = Heard {
        id: "msg:C7:1531420618.000200".to_owned(),
        user: "U2CERLKJA".to_owned(),
        room: "C7".to_owned(),
        thread: None,
        at: Timestamp::from_microsecond(1_531_420_618_000_200).unwrap(),
        text: "approve 1042 <now>".to_owned(),
        to_us: true,
    };
    assert_eq!(said, whole);
    let mut mention = message(words);
    mention["type"] = json!("app_mention");
    assert_eq!(heard(signed(&hooked(), &event(&mention))), Some(said));
    let bare = heard(signed(&hooked(), &event(&message("<@U0BOT>"))));
    assert_eq!(bare.unwrap().text, "help");
}

#[test]
fn a_message_is_meant_for_us_in_a_direct_message_and_in_our_own_thread_alone() {
    let to_us = |change: Value| {
        let mut said = message("approve 1042");
        for (name, value) in change.as_object().unwrap() {
            said[name] = value.clone();
        }
        let said = heard(signed(&hooked(), &event(&said))).unwrap();
        (said.to_us, said.thread)
    };
    assert_eq!(to_us(json!({})), (false, None));
    assert_eq!(to_us(json!({ "channel_type": "im" })), (true, None));
    let thread = Some("1531420600.000100".to_owned());
    let ours = json!({ "thread_ts": thread, "parent_user_id": "U0BOT" });
    assert_eq!(to_us(ours), (true, thread.clone()));
    let theirs = json!({ "thread_ts": thread, "parent_user_id": "U9" });
    assert_eq!(to_us(theirs), (false, thread));
}

#[test]
fn our_own_messages_those_of_bots_and_changes_are_not_heard() {
    for change in [
        json!({ "user": "U0BOT" }),
        json!({ "bot_id": "B1" }),
        json!({ "subtype": "message_changed" }),
        json!({ "subtype": "bot_message" }),
        json!({ "type": "reaction_added" }),
        json!({ "text": "" }),
    ] {
        let mut said = message("approve 1042");
        for (name, value) in change.as_object().unwrap() {
            said[name] = value.clone();
        }
        let answer = signed(&hooked(), &event(&said));
        assert_eq!(heard(answer), None, "{change}");
    }
}

#[tokio::test]
async fn the_user_that_we_are_is_learnt_from_slack_itself() {
    let vendor = Vendor::start(Router::new()).await;
    let me = json!({ "ok": true, "team": "SRE", "user": "uncordon", "user_id": "U0NEW" });
    vendor.answers("/auth.test", 200, &me);
    let slack = slack(&vendor.url, Some(secret(SECRET)), None);
    let words = "<@U0NEW> approve 1042";
    let before = heard(signed(&slack, &event(&message(words)))).unwrap();
    assert!(!before.to_us, "the event names U0BOT");
    let account = slack.account().await;
    assert_eq!(account.as_deref(), Ok("bot @uncordon in team SRE"));
    let after = heard(signed(&slack, &event(&message(words)))).unwrap();
    assert_eq!((after.to_us, after.text.as_str()), (true, "approve 1042"));
    let call = vendor.calls().pop().unwrap();
    assert_eq!(
        (call.method.as_str(), call.path.as_str()),
        ("POST", "/auth.test")
    );
    assert_eq!(call.bearer, format!("Bearer {BOT_TOKEN}"));
}
