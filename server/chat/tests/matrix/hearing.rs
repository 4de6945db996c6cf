//! What people say in rooms with us.

use crate::people::{Listening, Person, adapter, saying, server};
use engine::ports::Chat;
use serde_json::json;

fn texts(heard: &[engine::ports::Heard]) -> Vec<(&str, bool)> {
    heard
        .iter()
        .map(|one| (one.text.as_str(), one.to_us))
        .collect()
}

#[tokio::test]
async fn a_line_is_heard_once_with_who_where_and_when_and_nothing_that_was_said_before_the_start() {
    let Some(base) = server() else { return };
    let (bot, ola) = (
        Person::new(&base, "bot1").await,
        Person::new(&base, "ola1").await,
    );
    let room = ola.room(&[&bot]).await;
    bot.join(&room).await;
    ola.say(&room, "old words").await;
    let matrix = adapter(&base, &bot.token);
    let mut listening = Listening::start(&matrix, None).await;

    matrix
        .say(&saying("k", &room, "our own words"))
        .await
        .unwrap();
    let id = ola.say(&room, "10.0.0.12 startup – węzeł").await;
    let mut heard = listening.until(&id).await;
    let last = ola.say(&room, "status").await;
    heard.extend(listening.until(&last).await);

    assert_eq!(
        texts(&heard),
        [("10.0.0.12 startup – węzeł", true), ("status", true)]
    );
    let shown = ola.messages(&room).await;
    let shown = shown.iter().find(|event| event["event_id"] == id.as_str());
    let at = shown.unwrap()["origin_server_ts"].as_i64();
    let first = &heard[0];
    assert_eq!((&first.user, &first.room), (&ola.id, &room));
    assert_eq!((&first.id, &first.thread), (&id, &None));
    assert_eq!(Some(first.at.as_millisecond()), at);
}

#[tokio::test]
async fn after_a_restart_the_cursor_goes_on_without_loss_or_repeat() {
    let Some(base) = server() else { return };
    let (bot, ola) = (
        Person::new(&base, "bot2").await,
        Person::new(&base, "ola2").await,
    );
    let room = ola.room(&[&bot]).await;
    bot.join(&room).await;
    let mut listening = Listening::start(&adapter(&base, &bot.token), None).await;
    let first = ola.say(&room, "one").await;
    let heard = listening.until(&first).await;
    assert_eq!(texts(&heard), [("one", true)]);
    let cursor = listening.kill().await;

    ola.say(&room, "two, while nobody listened").await;
    let last = ola.say(&room, "three").await;
    let (ear, mut batches) = tokio::sync::mpsc::channel(8);
    let again = adapter(&base, &bot.token);
    tokio::spawn(async move { again.listen(cursor, ear).await });
    let batch = batches.recv().await.unwrap();
    assert_eq!(
        texts(&batch.heard),
        [("two, while nobody listened", true), ("three", true)]
    );
    assert_eq!(batch.heard[1].id, last);
}

#[tokio::test]
async fn an_invitation_is_taken_and_only_what_was_said_since_then_is_heard() {
    let Some(base) = server() else { return };
    let (bot, ola) = (
        Person::new(&base, "bot3").await,
        Person::new(&base, "ola3").await,
    );
    let matrix = adapter(&base, &bot.token);
    let mut listening = Listening::start(&matrix, None).await;
    let room = ola.room(&[]).await;
    ola.say(&room, "startup of long ago").await;
    let invite = json!({ "user_id": bot.id });
    let path = format!("rooms/{room}/invite");
    ola.call(reqwest::Method::POST, &path, invite).await;
    ola.welcomes(&room, &bot).await;
    let id = ola.say(&room, "status").await;
    assert_eq!(texts(&listening.until(&id).await), [("status", true)]);
}

#[tokio::test]
async fn what_was_said_to_us_before_our_very_first_start_is_not_heard_even_where_we_come_later() {
    let Some(base) = server() else { return };
    let (bot, ola) = (
        Person::new(&base, "bot7").await,
        Person::new(&base, "ola7").await,
    );
    let room = ola.room(&[&bot]).await;
    ola.say(&room, "freeze").await;
    let mut listening = Listening::start(&adapter(&base, &bot.token), None).await;
    ola.welcomes(&room, &bot).await;
    let id = ola.say(&room, "status").await;
    assert_eq!(texts(&listening.until(&id).await), [("status", true)]);
}

#[tokio::test]
async fn in_a_room_of_many_only_a_mention_a_call_or_a_word_under_ours_is_meant_for_us() {
    let Some(base) = server() else { return };
    let (bot, ola, jan) = (
        Person::new(&base, "bot4").await,
        Person::new(&base, "ola4").await,
        Person::new(&base, "jan4").await,
    );
    let path = format!("profile/{}/displayname", bot.id);
    let name = json!({ "displayname": "Uncordon" });
    bot.call(reqwest::Method::PUT, &path, name).await;
    let room = ola.room(&[&bot, &jan]).await;
    bot.join(&room).await;
    jan.join(&room).await;
    let matrix = adapter(&base, &bot.token);
    let mut listening = Listening::start(&matrix, None).await;
    let ours = matrix
        .say(&saying("k", &room, "node-12 stoi"))
        .await
        .unwrap();

    let under = |relation: serde_json::Value, body: &str| json!({ "msgtype": "m.text", "body": body, "m.relates_to": relation });
    ola.say(&room, "shall we start lunch?").await;
    ola.say(&room, "@bot4:example.test: status").await;
    ola.say(&room, "@bot4 who").await;
    ola.say(&room, "Uncordon: alarms").await;
    ola.say(&room, "uncordon is slow today").await;
    let pill = json!({ "msgtype": "m.text", "body": "Uncordon help", "m.mentions": { "user_ids": [bot.id] } });
    ola.send(&room, "m.room.message", pill).await;
    ola.say(&room, "!nodes prod").await;
    ola.say(&room, "/nodes").await;
    let thread = json!({ "rel_type": "m.thread", "event_id": ours });
    let threaded = under(thread, "approve 7");
    let threaded = ola.send(&room, "m.room.message", threaded).await;
    let reply = json!({ "m.in_reply_to": { "event_id": ours } });
    let quoted = "> <@bot4:example.test> node-12 stoi\n> and more\n\nstop 7";
    let quoted = under(reply, quoted);
    ola.send(&room, "m.room.message", quoted).await;
    let asked = jan.say(&room, "!who").await;
    let mut answer = saying("answer", &room, "you are jan");
    answer.thread = Some(asked.clone());
    matrix.say(&answer).await.unwrap();
    let below = json!({ "rel_type": "m.thread", "event_id": asked });
    let below = under(below, "status");
    let id = jan.send(&room, "m.room.message", below).await;

    let heard = listening.until(&id).await;
    assert_eq!(
        texts(&heard),
        [
            ("shall we start lunch?", false),
            ("status", true),
            ("who", true),
            ("alarms", true),
            ("uncordon is slow today", false),
            ("help", true),
            ("nodes prod", true),
            ("/nodes", true),
            ("approve 7", true),
            ("stop 7", true),
            ("who", true),
            ("status", true),
        ]
    );
    let in_thread = heard.iter().find(|one| one.id == threaded).unwrap();
    assert_eq!(in_thread.thread.as_ref(), Some(&ours));
    assert_eq!(heard[9].thread, None, "a reply is no thread");
}

#[tokio::test]
async fn edits_notices_pictures_and_what_was_taken_back_are_not_heard() {
    let Some(base) = server() else { return };
    let (bot, ola) = (
        Person::new(&base, "bot5").await,
        Person::new(&base, "ola5").await,
    );
    let room = ola.room(&[&bot]).await;
    bot.join(&room).await;
    let listening = Listening::start(&adapter(&base, &bot.token), None).await;
    let cursor = listening.kill().await;

    let first = ola.say(&room, "status").await;
    let edit = json!({
        "msgtype": "m.text", "body": "* 10.0.0.12 startup",
        "m.new_content": { "msgtype": "m.text", "body": "10.0.0.12 startup" },
        "m.relates_to": { "rel_type": "m.replace", "event_id": first },
    });
    ola.send(&room, "m.room.message", edit).await;
    for kind in ["m.notice", "m.emote", "m.image"] {
        let other = json!({ "msgtype": kind, "body": "startup", "url": "mxc://x/y" });
        ola.send(&room, "m.room.message", other).await;
    }
    let taken = ola.say(&room, "freeze").await;
    let path = format!("rooms/{room}/redact/{taken}/r1");
    ola.call(reqwest::Method::PUT, &path, json!({})).await;
    let last = ola.say(&room, "who").await;

    let again = adapter(&base, &bot.token);
    let (ear, mut batches) = tokio::sync::mpsc::channel(8);
    tokio::spawn(async move { again.listen(cursor, ear).await });
    let heard = batches.recv().await.unwrap().heard;
    assert_eq!(heard.last().unwrap().id, last);
    // The server shows an edited message with its new words; what counts is that the edit itself is no second word.
    let ids: Vec<&str> = heard.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, [first.as_str(), last.as_str()]);
}

#[tokio::test]
async fn an_encrypted_room_is_told_once_that_we_cannot_read_it() {
    let Some(base) = server() else { return };
    let (bot, ola) = (
        Person::new(&base, "bot6").await,
        Person::new(&base, "ola6").await,
    );
    let room = ola.room(&[&bot]).await;
    bot.join(&room).await;
    let matrix = adapter(&base, &bot.token);
    let mut listening = Listening::start(&matrix, None).await;
    let sealed =
        json!({ "algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "s" });
    ola.send(&room, "m.room.encrypted", sealed.clone()).await;
    let told = ola.sees(&room, &bot, 1).await;
    let text = told[0]["content"]["body"].as_str().unwrap();
    assert!(text.contains("cannot read encrypted rooms"), "{text}");
    assert!(text.contains("make a new room without it"), "{text}");

    ola.send(&room, "m.room.encrypted", sealed).await;
    let id = ola.say(&room, "status").await;
    let heard = listening.until(&id).await;
    assert_eq!(texts(&heard), [("status", true)]);
    // A later batch is handed over only after the one before it was dealt with.
    let id = ola.say(&room, "who").await;
    listening.until(&id).await;
    assert_eq!(ola.sees(&room, &bot, 1).await.len(), 1);
}
