//! Chats at the doors: the acts of a person, what REST says of them, and the make-believe desk's part.

use super::house::{Answer, House, ask, get, post};
use super::kept::FakeDesk;
use super::things::{HOSTILE, at};
use app::desk::Chatting;
use app::desk::views::{ChatLinkView, ChatRoomView, ChatView, ChatsView, LetterView};
use app::error::AppError;
use async_trait::async_trait;
use axum::http::StatusCode;
use domain::access::{Person, Role};
use domain::message::Channel;
use serde_json::{Value, json};

#[async_trait]
impl Chatting for FakeDesk {
    async fn chats(&self, _: &Person) -> Result<ChatsView, AppError> {
        Ok(chats())
    }
    async fn show_link_code(&self, who: &Person) -> Result<String, AppError> {
        self.order(who, "shows a chat code")?;
        Ok("48213377".to_owned())
    }
    async fn unlink_chat(&self, who: &Person, chat: &str, user: &str) -> Result<(), AppError> {
        self.order(who, format!("leaves chat {chat} as {user}"))
    }
}

fn chats() -> ChatsView {
    let room = |id: &str, last| ChatRoomView {
        id: id.to_owned(),
        channels: vec![Channel::Important],
        last,
    };
    let told = LetterView {
        channel: Channel::Important,
        title: HOSTILE.to_owned(),
        state: "failed".to_owned(),
        why: Some(HOSTILE.to_owned()),
        written_at: at(),
        arrived_ms: None,
        opened: false,
    };
    ChatsView {
        chats: vec![ChatView {
            name: "ops".to_owned(),
            kind: "matrix".to_owned(),
            listening_since: Some(at()),
            last_heard: None,
            last_answer: Some(at()),
            trouble: Some((at(), HOSTILE.to_owned())),
            rooms: vec![room("!a:x", Some(told)), room("!b:x", None)],
        }],
        mine: vec![ChatLinkView {
            chat: "ops".to_owned(),
            user: "@k:x".to_owned(),
            since: at(),
        }],
    }
}

const CODE: &str = "/do/show_link_code";
const UNLINK: &str = "/do/unlink_chat";

async fn tap(house: &House, cookie: &str, act: &str, fields: &str) -> Answer {
    let form = post(act).cookie(cookie).on_page().form(fields);
    house.send(form.build()).await
}

/// The settings with the word that an act left.
async fn shown(house: &House, cookie: &str, answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), Some("/settings"));
    let flash = answer.cookie("flash").expect("a flash");
    let both = format!("{cookie}; {flash}");
    house
        .send(get("/settings").cookie(&both).build())
        .await
        .body
}

#[tokio::test]
async fn a_form_shows_a_link_code_once_on_the_settings() {
    let house = House::new().await;
    let cookie = house.sign_in("vera", Role::Viewer).await;
    let answer = tap(&house, &cookie, CODE, "").await;
    assert!(!answer.body.contains("48213377"), "{}", answer.body);
    let page = shown(&house, &cookie, &answer).await;
    let word = "Say this to Uncordon in the chat within 5 minutes: link 48213377";
    assert!(page.contains(word), "{page}");
    let again = house.send(get("/settings").cookie(&cookie).build()).await;
    assert!(!again.body.contains("48213377"));
    assert!(
        again.body.contains("action=\"/do/show_link_code\""),
        "without a key: what it shows is not kept to answer a repeated tap"
    );
    assert_eq!(house.desk.orders(), ["vera shows a chat code"]);
}

#[tokio::test]
async fn a_person_takes_a_link_back_once_per_tap() {
    let house = House::new().await;
    let cookie = house.sign_in("vera", Role::Viewer).await;
    let act = format!("{UNLINK}?intent=tap-1");
    for _ in 0..2 {
        let answer = tap(&house, &cookie, &act, "chat=ops&user=%40k%3Ax").await;
        let page = shown(&house, &cookie, &answer).await;
        assert!(page.contains("Unlinked."), "{page}");
    }
    assert_eq!(house.desk.orders(), ["vera leaves chat ops as @k:x"]);
    for fields in ["", "chat=ops", "chat=ops&user=", "chat=&user=x"] {
        let call = post(UNLINK)
            .cookie(&cookie)
            .header("sec-fetch-site", "same-origin")
            .header("accept", "application/json");
        let answer = house.send(call.form(fields).build()).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{fields:?}"
        );
    }
    house.desk.refuse(Some(AppError::NotFound {
        what: "Your link to x in ops".to_owned(),
    }));
    let absent = tap(&house, &cookie, UNLINK, "chat=ops&user=x").await;
    let page = shown(&house, &cookie, &absent).await;
    assert!(
        page.contains("Your link to x in ops is not there."),
        "{page}"
    );
}

#[tokio::test]
async fn a_token_can_neither_be_shown_a_code_nor_unlink() {
    let house = House::new().await;
    let token = house.token(Role::Admin).await;
    for act in [CODE, UNLINK] {
        let call = post(act)
            .bearer(&token)
            .header("sec-fetch-site", "same-origin")
            .header("accept", "application/json")
            .form("chat=ops&user=x");
        let answer = house.send(call.build()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{act}");
    }
    assert_eq!(house.desk.orders(), Vec::<String>::new());
}

#[tokio::test]
async fn rest_says_how_each_chat_is_doing() {
    let house = House::new().await;
    let token = house.token(Role::Viewer).await;
    let list = ask("GET", "/api/v1/chats").bearer(&token);
    let list = house.send(list.build()).await.json();
    let when = "2026-01-31T09:12:00.123Z";
    let expected = json!({
        "name": "ops", "kind": "matrix", "listening_since": when, "last_heard": null, "last_answer": when,
        "trouble": HOSTILE, "trouble_at": when,
        "rooms": [
            { "id": "!a:x", "last_told": when, "state": "failed" },
            { "id": "!b:x", "last_told": null, "state": null },
        ],
    });
    assert_eq!(list["items"], json!([expected]));
    assert_eq!(list["mine"], Value::Null, "who is linked is not told");
}
