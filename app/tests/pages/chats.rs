//! What the settings say of chats, and the hostile world's chats.

use crate::desk::Fake;
use crate::draw::{Asked, draw};
use crate::world::{HOSTILE, at};
use app::desk::Chatting;
use app::desk::views::{ChatLinkView, ChatRoomView, ChatView, ChatsView, LetterView};
use app::error::AppError;
use async_trait::async_trait;
use domain::access::Person;
use domain::message::Channel;

#[async_trait]
impl Chatting for Fake {
    async fn chats(&self, _: &Person) -> Result<ChatsView, AppError> {
        self.answer(ChatsView {
            chats: self.many(vec![
                chat("ops", Some(-600), true),
                chat("lab", None, true),
                chat("new", None, false),
            ]),
            mine: self.many(vec![ChatLinkView {
                chat: "ops".to_owned(),
                user: HOSTILE.to_owned(),
                since: at(-90_000),
            }]),
        })
    }
    async fn show_link_code(&self, _: &Person) -> Result<String, AppError> {
        self.answer("48213377".to_owned())
    }
    async fn unlink_chat(&self, _: &Person, _: &str, _: &str) -> Result<(), AppError> {
        self.answer(())
    }
}

fn chat(name: &str, since: Option<i64>, trouble: bool) -> ChatView {
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
        written_at: at(-30),
        arrived_ms: None,
        opened: false,
    };
    ChatView {
        name: name.to_owned(),
        kind: "matrix".to_owned(),
        listening_since: since.map(at),
        last_heard: since.map(|_| at(-60)),
        last_answer: None,
        trouble: trouble.then(|| (at(-20), HOSTILE.to_owned())),
        rooms: if trouble {
            vec![room(HOSTILE, Some(told)), room("!b:x", None)]
        } else {
            Vec::new()
        },
    }
}

/// The item of one chat, without comments for the browser.
fn item(html: &str, name: &str) -> String {
    let (_, rest) = html
        .split_once(&format!("data-chat=\"{name}\""))
        .expect("the chat");
    let (item, _) = rest.split_once("</li>").expect("its end");
    item.replace("<!>", "")
}

#[tokio::test]
async fn a_chat_says_in_words_whether_it_listens_and_what_went_wrong() {
    let (_, html) = draw(Fake::default(), Asked::new("/settings")).await;
    let ops = item(&html, "ops");
    assert!(ops.contains("<span>Listening</span>"), "{ops}");
    assert!(ops.contains(" since <time"), "{ops}");
    assert!(ops.contains("Last error"), "{ops}");
    assert!(ops.contains("hears important"), "{ops}");
    assert!(ops.contains("not delivered: "), "{ops}");
    assert!(ops.contains("Nothing was told there yet."), "{ops}");
    let lab = item(&html, "lab");
    assert!(lab.contains("<span>Not connected</span>"), "{lab}");
    assert!(lab.contains(", at <time"), "{lab}");
    assert!(!lab.contains("Last error"), "it is said once: {lab}");
    let new = item(&html, "new");
    assert!(new.contains("It has not been reached yet."), "{new}");
    assert!(new.contains("No room there is told."), "{new}");
}

#[tokio::test]
async fn a_person_links_and_unlinks_by_plain_forms() {
    let (_, html) = draw(Fake::default(), Asked::new("/settings")).await;
    assert!(html.contains("action=\"/do/unlink_chat?intent=key"));
    let code = "<form method=\"post\" action=\"/do/show_link_code\"><button class=\"button\">Show a link code</button>";
    assert!(html.contains(code), "{html}");
}

#[tokio::test]
async fn without_a_chat_the_settings_say_who_adds_one_and_offer_no_code() {
    let none = Fake {
        empty: true,
        ..Fake::default()
    };
    let (_, html) = draw(none, Asked::new("/settings")).await;
    assert!(html.contains("No chat is set up. An admin adds one as [[chat]] in the config."));
    assert!(!html.contains("show_link_code"));
}
