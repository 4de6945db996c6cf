//! The one message of a recovery: brought up to date in its place, and what people say below it.

use crate::SIGNING;
use crate::{PATIENCE, Place, event, place, sign, ts};
use app::desk::Desk;
use domain::access::{Door, Person, Role};
use domain::id::{PersonName, RecoveryId};
use domain::message::{About, Channel, Message, Stage};
use engine::ports::{Fate, Outbox, Recipient};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

const ROOT: &str = "1790000000.000100";

/// The room has a message about the first recovery.
async fn told(place: &Place) {
    let now = Timestamp::now();
    let room = Recipient::Room {
        chat: "ops".to_owned(),
        room: "C1".to_owned(),
    };
    let message = Message {
        about: About::Recovery(RecoveryId(1)),
        stage: Stage::Began,
        round: 0,
        channel: Channel::Default,
        title: "Recovery of node-12 began".to_owned(),
        body: String::new(),
        path: "/recoveries/1".to_owned(),
        until: now + SignedDuration::from_hours(1),
        not_to: None,
        clusters: Vec::new(),
    };
    place.store.post_to(&room, &message, now).await.unwrap();
    let letter = place.store.due(now, 1).await.unwrap().remove(0);
    let fate = Fate::Said(ROOT.to_owned());
    place.store.settle(&letter, &fate, now).await.unwrap();
}

/// The next change of a message.
async fn changed(place: &Place) -> Value {
    let mut said = place.said.lock().await;
    loop {
        let next = tokio::time::timeout(PATIENCE, said.recv()).await;
        let (call, body) = next.expect("a message is brought up to date").unwrap();
        if call == "chat.update" {
            return body;
        }
    }
}

#[tokio::test]
async fn the_message_of_a_recovery_is_brought_up_to_date_with_its_steps_and_what_may_be_done() {
    let place = place().await;
    place.world.power_off();
    place.linked("ops", "U1", "Kato", Role::Responder).await;
    told(&place).await;
    place.says("U1", "10.0.0.12 startup").await;
    let body = changed(&place).await;
    assert_eq!(
        (&body["channel"], &body["ts"]),
        (&"C1".into(), &ROOT.into())
    );
    let text = body["text"].as_str().unwrap();
    assert!(
        text.starts_with("Recovery #1 of node-12 in prod\n"),
        "{text}"
    );
    assert!(text.contains("Start the machine"), "{text}");
    assert!(
        text.ends_with("https://uncordon.test/recoveries/1"),
        "{text}"
    );
    assert!(body["blocks"].to_string().contains("stop 1"), "{body}");
    place.says("U1", "stop 1").await;
    let body = changed(&place).await;
    assert!(!body["blocks"].to_string().contains("\"stop 1\""), "{body}");
}

#[tokio::test]
async fn words_below_it_are_a_note_of_whoever_may_write_one() {
    let place = place().await;
    place.world.power_off();
    place.linked("ops", "U1", "Kato", Role::Responder).await;
    place.linked("ops", "U2", "Rosa", Role::Viewer).await;
    told(&place).await;
    place.says("U1", "10.0.0.12 startup").await;
    changed(&place).await;
    for (user, words) in [
        ("U2", "what is going on here"),
        ("U1", "The rack had no power."),
    ] {
        let now = Timestamp::now();
        let mut body: Value = serde_json::from_str(&event(user, words, &ts(now))).unwrap();
        body["event"]["thread_ts"] = ROOT.into();
        let body = body.to_string();
        assert_eq!(
            place.signed(&body, &sign(SIGNING, &body, now), now).await,
            200
        );
    }
    changed(&place).await;
    let said = place.said_events(RecoveryId(1)).await;
    let words: Vec<&str> = said.iter().map(|one| one.0.as_str()).collect();
    assert_eq!(words, ["10.0.0.12 startup", "The rack had no power."]);
}

#[tokio::test]
async fn what_we_said_stands_in_the_timeline_with_the_id_of_each_message() {
    let place = place().await;
    place.world.power_off();
    place.linked("ops", "U1", "Kato", Role::Responder).await;
    told(&place).await;
    place.says("U1", "10.0.0.12 startup").await;
    let told = |place: &Place| {
        let who = Person {
            name: PersonName::parse("reader").unwrap(),
            role: Role::Viewer,
            door: Door::Api,
        };
        let desk = place.desk.clone();
        async move { desk.recovery(&who, RecoveryId(1)).await.unwrap().words }
    };
    let mut changes = place.engine.listen();
    changed(&place).await;
    let mut words = told(&place).await;
    while words.len() < 2 {
        let change = tokio::time::timeout(PATIENCE, changes.recv()).await;
        change.expect("an answer is kept").unwrap();
        words = told(&place).await;
    }
    words.sort_by_key(|word| word.answers.clone());
    let [first, answer] = &words[..] else {
        panic!("{words:?}");
    };
    assert_eq!((first.chat.as_str(), first.room.as_str()), ("ops", "C1"));
    assert_eq!(first.message, ROOT);
    assert!(first.text.starts_with("Recovery of node-12 began"));
    let said = place.said_events(RecoveryId(1)).await;
    assert_eq!(answer.answers.as_ref(), Some(&said[0].1));
    assert!(answer.text.ends_with("https://uncordon.test/recoveries/1"));
    assert_ne!(answer.message, ROOT);
}
