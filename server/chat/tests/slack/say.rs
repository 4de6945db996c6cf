//! What is said in Slack.

use super::vendor::{Vendor, lost, saying};
use super::{BOT_TOKEN, slack};
use axum::Router;
use chat::slack::{Settings, Slack};
use engine::ports::{Can, Chat, Delivery, Saying, Trust};
use serde_json::{Value, json};
use std::time::Duration;

const POST: &str = "/chat.postMessage";

async fn vendor() -> Vendor {
    let vendor = Vendor::start(Router::new()).await;
    let said = json!({ "ok": true, "channel": "room7", "ts": "1531420618.000200" });
    vendor.answers(POST, 200, &said);
    vendor.answers("/chat.update", 200, &said);
    let whispered = json!({ "ok": true, "message_ts": "1531420619.000100" });
    vendor.answers("/chat.postEphemeral", 200, &whispered);
    vendor
}

#[tokio::test]
async fn a_message_is_plain_text_with_one_row_of_buttons() {
    let vendor = vendor().await;
    let slack = slack(&vendor.url, None, None);
    let said = slack.say(&saying("node-12 waits for your yes")).await;
    assert_eq!(said, Ok("1531420618.000200".to_owned()));
    let call = vendor.calls().pop().unwrap();
    assert_eq!(call.bearer, format!("Bearer {BOT_TOKEN}"));
    let whole = json!({
        "channel": "room7", "text": "node-12 waits for your yes", "mrkdwn": false, "parse": "none",
        "link_names": false, "unfurl_links": false, "unfurl_media": false,
        "blocks": [
            { "type": "section", "text": {
                "type": "plain_text", "text": "node-12 waits for your yes", "emoji": false,
            } },
            { "type": "actions", "elements": [{
                "type": "button", "action_id": "line-0", "value": "approve 1042",
                "text": { "type": "plain_text", "text": "Approve", "emoji": false },
            }] },
        ],
    });
    assert_eq!(call.body, whole);
    let can = Can {
        edit: true,
        threads: true,
        whisper: true,
        trust: Trust::Full,
    };
    assert_eq!(slack.can(), can);
}

#[tokio::test]
async fn hostile_text_is_escaped_on_the_wire() {
    let vendor = vendor().await;
    let slack = slack(&vendor.url, None, None);
    let mut hostile = saying("<!channel> *bold* <https://evil.test|ok> & :tada:");
    hostile.buttons[0].label = "<!here>".to_owned();
    slack.say(&hostile).await.unwrap();
    let body = vendor.calls().pop().unwrap().body;
    let inert = "&lt;!channel&gt; *bold* &lt;https://evil.test|ok&gt; &amp; :tada:";
    assert_eq!(body["text"], inert);
    let section = &body["blocks"][0]["text"];
    assert_eq!(
        section,
        &json!({ "type": "plain_text", "text": inert, "emoji": false })
    );
    let label = &body["blocks"][1]["elements"][0]["text"]["text"];
    assert_eq!(label, "&lt;!here&gt;");
}

#[tokio::test]
async fn a_long_text_is_split_into_sections_that_slack_takes() {
    let vendor = vendor().await;
    let slack = slack(&vendor.url, None, None);
    for text in [
        "a line of text\n".repeat(500),
        "&".repeat(40_000),
        "🚑".repeat(9_000),
    ] {
        slack.say(&saying(&text)).await.unwrap();
        let body = vendor.calls().pop().unwrap().body;
        let blocks = body["blocks"].as_array().unwrap();
        assert!((3..=50).contains(&blocks.len()), "{}", blocks.len());
        for block in &blocks[..blocks.len() - 1] {
            let section = block["text"]["text"].as_str().unwrap();
            assert!((1..=3000).contains(&section.encode_utf16().count()));
            assert!(!section.starts_with("amp;") && !section.ends_with('&'));
        }
    }
}

#[tokio::test]
async fn a_message_for_one_person_is_ephemeral_and_stands_in_its_thread() {
    let vendor = vendor().await;
    let slack = slack(&vendor.url, None, None);
    let whisper = Saying {
        thread: Some("1531420600.000100".to_owned()),
        only_to: Some("U7".to_owned()),
        ..saying("only you")
    };
    let said = slack.say(&whisper).await;
    assert_eq!(said, Ok("1531420619.000100".to_owned()));
    let call = vendor.calls().pop().unwrap();
    assert_eq!(call.path, "/chat.postEphemeral");
    assert_eq!(call.body["user"], "U7");
    assert_eq!(call.body["thread_ts"], "1531420600.000100");
    let loud = Saying {
        only_to: None,
        ..whisper
    };
    slack.say(&loud).await.unwrap();
    let call = vendor.calls().pop().unwrap();
    assert_eq!((call.path.as_str(), call.body.get("user")), (POST, None));
    assert_eq!(call.body["thread_ts"], "1531420600.000100");
}

#[tokio::test]
async fn an_edit_puts_other_words_in_the_place_and_takes_the_buttons_away() {
    let vendor = vendor().await;
    let slack = slack(&vendor.url, None, None);
    let done = Saying {
        buttons: Vec::new(),
        ..saying("approved by <you>")
    };
    let edited = slack.edit("1531420618.000200", &done).await;
    assert_eq!(edited, Ok(()));
    let call = vendor.calls().pop().unwrap();
    assert_eq!(call.path, "/chat.update");
    let whole = json!({
        "channel": "room7", "ts": "1531420618.000200", "text": "approved by &lt;you&gt;",
        "parse": "none", "link_names": false,
        "blocks": [{ "type": "section", "text": {
            "type": "plain_text", "text": "approved by &lt;you&gt;", "emoji": false,
        } }],
    });
    assert_eq!(call.body, whole);
}

#[tokio::test]
async fn an_answer_of_200_that_is_not_ok_means_what_slack_says() {
    let vendor = vendor().await;
    let slack = slack(&vendor.url, None, None);
    let after = Some(Duration::from_secs(30));
    for error in [
        "ratelimited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
    ] {
        vendor.answers(POST, 200, &json!({ "ok": false, "error": error }));
        let why = format!("team-sre refused chat.postMessage: {error}");
        let later = Delivery::Later { after, why };
        assert_eq!(slack.say(&saying("x")).await, Err(later));
    }
    for error in [
        "channel_not_found",
        "invalid_auth",
        "is_archived",
        "no_text",
    ] {
        vendor.answers(POST, 200, &json!({ "ok": false, "error": error }));
        let why = format!("team-sre refused chat.postMessage: {error}");
        let refused = Delivery::Refused(why);
        assert_eq!(slack.say(&saying("x")).await, Err(refused));
    }
    for body in [Value::Null, json!({ "ok": true }), json!([])] {
        vendor.answers(POST, 200, &body);
        let unknown = slack.say(&saying("x")).await;
        assert!(
            matches!(unknown, Err(Delivery::Unknown(_))),
            "{body} {unknown:?}"
        );
    }
    vendor.answers(POST, 429, &json!({ "ok": false, "error": "ratelimited" }));
    let busy = slack.say(&saying("x")).await.unwrap_err();
    assert!(
        matches!(busy, Delivery::Later { after: found, .. } if found == after),
        "{busy:?}"
    );
}

#[tokio::test]
async fn the_token_is_in_no_error_and_without_it_nothing_is_sent() {
    let vendor = vendor().await;
    let chat = slack(&vendor.url, None, None);
    // The second one is cut in the middle of the token.
    for echo in [
        BOT_TOKEN.to_owned(),
        format!("{}{BOT_TOKEN}", "x".repeat(100)),
    ] {
        for status in [200, 400, 500] {
            vendor.answers(POST, status, &json!({ "ok": false, "error": echo }));
            let failed = chat.say(&saying("x")).await.unwrap_err();
            assert!(!format!("{failed:?}").contains("xoxb"), "{failed:?}");
        }
        vendor.answers("/auth.test", 200, &json!({ "ok": false, "error": echo }));
        let failed = chat.account().await.unwrap_err();
        assert!(!failed.contains("xoxb"), "{failed}");
    }
    vendor.calls();
    let settings = |api_url: &str| Settings {
        name: "team-sre".to_owned(),
        api_url: api_url.to_owned(),
        token: lost(),
        signing: None,
        app_token: None,
    };
    let mute = Slack::new(settings(&vendor.url)).unwrap();
    let why = "the secret file is gone".to_owned();
    let later = Delivery::Later { after: None, why };
    assert_eq!(mute.say(&saying("x")).await, Err(later));
    assert!(vendor.calls().is_empty());
    for wrong in [
        "slack.com/api",
        "ftp://slack.com",
        "https://me:hush@slack.com",
    ] {
        let why = Slack::new(settings(wrong)).err().unwrap();
        assert!(
            why.starts_with("team-sre: ") && !why.contains("hush"),
            "{why}"
        );
    }
}
