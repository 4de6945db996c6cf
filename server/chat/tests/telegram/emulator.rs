//! A person and our bot on telegram-test-api.

use crate::{TOKEN, adapter, batch, counterparts, heard, saying};
use engine::ports::{Button, Chat, Heard};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::mpsc::channel;

struct Person {
    base: String,
    _server: counterparts::Launched,
}

impl Person {
    fn new() -> Option<Self> {
        let server = counterparts::launch("telegram.sh")?;
        Some(Self {
            base: format!("http://127.0.0.1:{}", server.port),
            _server: server,
        })
    }

    async fn post(&self, path: &str, mut body: Value) -> Value {
        body["botToken"] = TOKEN.into();
        body["token"] = TOKEN.into();
        let url = format!("{}/{path}", self.base);
        let answer = Client::new().post(url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}");
        answer.json().await.unwrap()
    }

    async fn says(&self, chat: Value, text: &str, more: Value) {
        let mut message = json!({
            "from": { "id": 42, "username": "ola", "is_bot": false },
            "chat": chat, "date": 1_796_000_000, "text": text,
        });
        let more = more.as_object().unwrap().clone();
        message.as_object_mut().unwrap().extend(more);
        self.post("sendMessage", message).await;
    }

    async fn says_alone(&self, text: &str) {
        let chat = json!({ "id": 42, "type": "private" });
        self.says(chat, text, json!({})).await;
    }

    async fn says_to_all(&self, text: &str, more: Value) {
        let chat = json!({ "id": -100, "type": "supergroup" });
        self.says(chat, text, more).await;
    }

    /// What the bot said in a chat so far.
    async fn sees(&self) -> Vec<Value> {
        let all = self.post("getUpdatesHistory", json!({})).await;
        let all = all["result"].as_array().unwrap().iter();
        all.filter(|one| one["message"].get("chat_id").is_some())
            .cloned()
            .collect()
    }
}

fn texts(heard: &[Heard]) -> Vec<(&str, bool)> {
    heard
        .iter()
        .map(|one| (one.text.as_str(), one.to_us))
        .collect()
}

#[tokio::test]
async fn words_are_heard_once_with_who_where_and_when_and_nothing_that_was_said_before_the_start() {
    let Some(ola) = Person::new() else { return };
    ola.says_alone("freeze old words").await;
    let (ear, mut batches) = channel(8);
    let telegram = adapter(&ola.base, None);
    tokio::spawn(async move { telegram.listen(None, ear).await });
    let first = batch(&mut batches).await;
    assert_eq!(
        (first.heard, first.cursor.as_deref()),
        (Vec::new(), Some("2"))
    );

    ola.says_alone("10.0.0.12 startup – węzeł").await;
    ola.says_alone("/start").await;
    ola.says_alone("/start node-12").await;
    ola.says_alone("/start 10.0.0.12").await;
    ola.says_alone("/cluster_health prod_1").await;
    let all = heard(&mut batches, 5).await;
    assert_eq!(
        texts(&all),
        [
            ("10.0.0.12 startup – węzeł", true),
            ("help", true),
            ("help", true),
            ("start 10.0.0.12", true),
            ("cluster-health prod_1", true),
        ]
    );
    let one = &all[0];
    assert_eq!((one.id.as_str(), one.user.as_str()), ("msg:42:2", "42"));
    assert_eq!((one.room.as_str(), &one.thread), ("42", &None));
    assert_eq!(one.at.as_second(), 1_796_000_000);
}

#[tokio::test]
async fn in_a_group_only_a_command_a_mention_or_an_answer_to_us_is_meant_for_us() {
    let Some(ola) = Person::new() else { return };
    let (ear, mut batches) = channel(8);
    let telegram = adapter(&ola.base, None);
    tokio::spawn(async move { telegram.listen(Some("1".to_owned()), ear).await });
    batch(&mut batches).await;

    let mention = |from: u32, length: u32| json!({ "entities": [{ "type": "mention", "offset": from, "length": length }] });
    let above = |id: u32| json!({ "reply_to_message": { "message_id": 7, "from": { "id": id } } });
    let bot = json!({ "from": { "id": 43, "is_bot": true } });
    let forwarded = json!({ "forward_origin": { "type": "hidden_user" } });
    let channel = json!({ "sender_chat": { "id": -100 } });
    ola.says_to_all("shall we start lunch?", json!({})).await;
    ola.says_to_all("/startup@TestNameBot 10.0.0.12", json!({}))
        .await;
    ola.says_to_all("/startup@another_bot 10.0.0.12", json!({}))
        .await;
    ola.says_to_all("🛠 @testnamebot status", mention(3, 12))
        .await;
    ola.says_to_all("@TestNameBot: who", mention(0, 12)).await;
    ola.says_to_all("@somebody who", mention(0, 9)).await;
    ola.says_to_all("approve 7", above(666)).await;
    ola.says_to_all("approve 8", above(43)).await;
    ola.says_to_all("freeze", bot).await;
    ola.says_to_all("freeze", channel).await;
    ola.says_to_all("/freeze", forwarded).await;
    ola.says_to_all("@x", mention(0, u32::MAX)).await;

    let all = heard(&mut batches, 8).await;
    assert_eq!(
        texts(&all),
        [
            ("shall we start lunch?", false),
            ("startup 10.0.0.12", true),
            ("🛠 status", true),
            ("who", true),
            ("@somebody who", false),
            ("approve 7", true),
            ("approve 8", false),
            ("@x", false),
        ]
    );
    assert_eq!(all[5].thread.as_deref(), Some("7"));
    assert_eq!(all[5].room, "-100");
}

#[tokio::test]
async fn a_message_shows_its_buttons_and_a_press_says_their_line_and_an_edit_replaces_it() {
    let Some(ola) = Person::new() else { return };
    let telegram = adapter(&ola.base, None);
    let mut words = saying("-100", "<b>node-12</b> *stoi*");
    words.thread = Some("7".to_owned());
    words.buttons.push(Button {
        label: "Approve".to_owned(),
        line: "approve 7".to_owned(),
    });
    let id = telegram.say(&words).await.unwrap();
    let shown = ola.sees().await;
    let message = &shown[0]["message"];
    assert_eq!(message["text"], "<b>node-12</b> *stoi*");
    assert_eq!(message["chat_id"], -100);
    assert!(message.get("parse_mode").is_none());
    assert_eq!(message["link_preview_options"]["is_disabled"], true);
    let under = json!({ "message_id": 7, "allow_sending_without_reply": true });
    assert_eq!(message["reply_parameters"], under);
    let button = &message["reply_markup"]["inline_keyboard"][0][0];
    assert_eq!(
        button,
        &json!({ "text": "Approve", "callback_data": "approve 7" })
    );

    let (ear, mut batches) = channel(8);
    let listener = adapter(&ola.base, None);
    tokio::spawn(async move { listener.listen(None, ear).await });
    batch(&mut batches).await;
    let under = json!({ "message_id": 9, "chat": { "id": -100 } });
    let press = json!({ "from": { "id": 42 }, "message": under, "data": button["callback_data"] });
    ola.post("sendCallback", press).await;
    let pressed = heard(&mut batches, 1).await.remove(0);
    assert_eq!((pressed.id.as_str(), pressed.user.as_str()), ("cb:1", "42"));
    assert_eq!(
        (pressed.room.as_str(), pressed.thread.as_deref()),
        ("-100", Some("9"))
    );
    assert_eq!(texts(&[pressed]), [("approve 7", true)]);

    words.text = "ready".to_owned();
    words.buttons.clear();
    telegram.edit(&id, &words).await.unwrap();
    let shown = ola.sees().await;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0]["message"]["text"], "ready");
}

#[tokio::test]
async fn the_account_is_named_and_what_it_can_do() {
    let Some(ola) = Person::new() else { return };
    let telegram = adapter(&ola.base, None);
    let account = telegram.account().await;
    assert_eq!(account.as_deref(), Ok("Test First name (@TestNameBot)"));
    let can = telegram.can();
    assert!(can.edit && can.threads && can.whisper);
    assert_eq!(can.trust, engine::ports::Trust::Full);
}
