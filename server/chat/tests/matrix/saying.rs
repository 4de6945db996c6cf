//! What we say in rooms, as the people there see it.

use crate::people::{Person, adapter, saying, server};
use engine::ports::{Button, Chat, Delivery, HookRequest, Trust, Turned};

async fn three(base: &str, number: u32) -> (Person, Person, String) {
    let bot = Person::new(base, &format!("teller{number}")).await;
    let ola = Person::new(base, &format!("reader{number}")).await;
    let room = ola.room(&[&bot]).await;
    bot.join(&room).await;
    (bot, ola, room)
}

#[tokio::test]
async fn a_message_said_twice_under_one_key_is_shown_once_as_plain_text_that_calls_nobody() {
    let Some(base) = server() else { return };
    let (bot, ola, room) = three(&base, 1).await;
    let mut words = saying("outbox/17", &room, "<b>@room</b> *node-12* stoi");
    words.buttons.push(Button {
        label: "Approve".to_owned(),
        line: "approve 7".to_owned(),
    });
    let first = adapter(&base, &bot.token).say(&words).await.unwrap();
    // The second try comes from another process.
    let second = adapter(&base, &bot.token).say(&words).await.unwrap();
    assert_eq!(first, second);

    let shown = ola.sees(&room, &bot, 1).await;
    assert_eq!(shown.len(), 1);
    let content = &shown[0]["content"];
    assert_eq!(
        content["body"],
        "<b>@room</b> *node-12* stoi\nReply with one of\nApprove: approve 7"
    );
    assert_eq!(content["msgtype"], "m.text");
    assert_eq!(content["m.mentions"], serde_json::json!({}));
    assert!(content.get("formatted_body").is_none());

    let other = saying("outbox/18", &room, "another");
    let other = adapter(&base, &bot.token).say(&other).await.unwrap();
    assert_ne!(first, other);
}

#[tokio::test]
async fn an_edit_puts_other_words_in_the_place_of_a_message() {
    let Some(base) = server() else { return };
    let (bot, ola, room) = three(&base, 2).await;
    let matrix = adapter(&base, &bot.token);
    let id = matrix.say(&saying("k", &room, "starting")).await.unwrap();
    for text in ["still starting", "ready"] {
        let words = saying("k", &room, text);
        matrix.edit(&id, &words).await.unwrap();
    }
    let path = format!("rooms/{room}/event/{id}");
    let event = ola.get(&path).await;
    let newest = &event["unsigned"]["m.relations"]["m.replace"]["content"];
    assert_eq!(newest["m.new_content"]["body"], "ready", "{event}");
    assert_eq!(ola.sees(&room, &bot, 3).await.len(), 3);
}

#[tokio::test]
async fn an_answer_stands_in_its_thread_and_calls_only_whom_it_is_for() {
    let Some(base) = server() else { return };
    let (bot, ola, room) = three(&base, 3).await;
    let asked = ola.say(&room, "status").await;
    let mut words = saying("k", &room, "all is well");
    words.thread = Some(asked.clone());
    words.only_to = Some(ola.id.clone());
    adapter(&base, &bot.token).say(&words).await.unwrap();
    let shown = ola.sees(&room, &bot, 1).await;
    let content = &shown[0]["content"];
    assert_eq!(content["m.mentions"]["user_ids"][0], ola.id.as_str());
    let relation = &content["m.relates_to"];
    assert_eq!(relation["rel_type"], "m.thread");
    assert_eq!(relation["event_id"], asked.as_str());
    assert_eq!(relation["is_falling_back"], true);
}

#[tokio::test]
async fn a_text_of_any_length_and_script_is_taken() {
    let Some(base) = server() else { return };
    let (bot, ola, room) = three(&base, 4).await;
    let matrix = adapter(&base, &bot.token);
    for (key, letter) in [("a", "x"), ("b", "ż"), ("c", "🛠"), ("d", "\"")] {
        let words = saying(key, &room, &letter.repeat(70_000));
        let id = matrix.say(&words).await.unwrap();
        matrix.edit(&id, &words).await.unwrap();
    }
    let shown = ola.sees(&room, &bot, 8).await;
    assert!(
        shown[0]["content"]["body"]
            .as_str()
            .unwrap()
            .ends_with("\n..")
    );
}

#[tokio::test]
async fn a_room_we_are_not_in_and_a_wrong_token_are_refused_in_words_without_the_token() {
    let Some(base) = server() else { return };
    let (bot, ola, _) = three(&base, 5).await;
    let elsewhere = ola.room(&[]).await;
    let words = saying("k", &elsewhere, "hello");
    let refused = adapter(&base, &bot.token).say(&words).await.unwrap_err();
    assert!(
        matches!(&refused, Delivery::Refused(why) if why.contains("may not do that")),
        "{refused:?}"
    );

    let wrong = adapter(&base, "canary-token");
    let refused = wrong.say(&words).await.unwrap_err();
    let (ear, _batches) = tokio::sync::mpsc::channel(1);
    let ended = wrong.listen(None, ear).await;
    let account = wrong.account().await.unwrap_err();
    let meant = "team at 127.0.0.1 answered 401 the access token is not valid there (any more)";
    assert_eq!(refused, Delivery::Refused(meant.to_owned()));
    assert_eq!((ended.as_str(), account.as_str()), (meant, meant));
}

#[tokio::test]
async fn the_account_is_named_and_what_it_can_do() {
    let Some(base) = server() else { return };
    let (bot, _, _) = three(&base, 6).await;
    let matrix = adapter(&base, &bot.token);
    let account = matrix.account().await.unwrap();
    assert_eq!(account, "teller6 (@teller6:example.test)");
    let can = matrix.can();
    assert!(can.edit && can.threads && !can.whisper && can.trust == Trust::Full);
    let request = HookRequest {
        header: &|_| None,
        body: b"{}",
        now: jiff::Timestamp::UNIX_EPOCH,
    };
    assert_eq!(matrix.hook(&request), Err(Turned::NoHook));
}

#[tokio::test]
async fn a_person_alone_is_told_in_one_room_of_two_until_that_person_leaves_it() {
    let Some(base) = server() else { return };
    let (bot, ola, _) = three(&base, 9).await;
    let room = adapter(&base, &bot.token).alone_with(&ola.id).await;
    let room = room.unwrap();
    ola.join(&room).await;
    let words = saying("call", &room, "Ola: node-12 needs you");
    adapter(&base, &bot.token).say(&words).await.unwrap();
    let shown = ola.sees(&room, &bot, 1).await;
    assert_eq!(shown[0]["content"]["body"], "Ola: node-12 needs you");
    // Another process finds it again.
    let again = adapter(&base, &bot.token).alone_with(&ola.id).await;
    assert_eq!(again.as_ref(), Ok(&room));
    let left = format!("rooms/{room}/leave");
    ola.call(reqwest::Method::POST, &left, serde_json::json!({}))
        .await;
    let other = adapter(&base, &bot.token).alone_with(&ola.id).await;
    assert_ne!(other.unwrap(), room);
}
