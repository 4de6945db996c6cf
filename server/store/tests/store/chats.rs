//! Chats: what was heard once, who speaks there, and where a thing is told.

use crate::make::{Place, at, person, place};
use domain::access::Role;
use domain::id::RecoveryId;
use domain::message::{About, Channel, Message, Stage};
use engine::ports::{Fate, Heard, Outbox, Recipient, StoreError, Way};
use store::accounts::{Hash, Invite, Uses};
use store::chats::Line;

fn heard(id: &str, user: &str, second: i64) -> Heard {
    Heard {
        id: id.to_owned(),
        user: user.to_owned(),
        room: "room".to_owned(),
        thread: None,
        at: at(second),
        text: "approve 7".to_owned(),
        to_us: true,
    }
}

async fn admit(place: &Place, name: &str) {
    let invite = Invite {
        name: person(name),
        role: Role::Responder,
        uses: Uses::Once,
        expires_at: at(1_000_000),
    };
    let secret = format!("invite of {name}");
    place
        .store
        .add_invite(Hash::of(&secret), &invite, at(0))
        .await
        .unwrap();
    let admitted = place.store.use_invite(Hash::of(&secret), at(0)).await;
    assert_eq!(admitted.unwrap().unwrap().name, person(name));
}

async fn show(place: &Place, name: &str, code: &str) -> Result<(), StoreError> {
    let store = &place.store;
    store
        .show_link_code(&person(name), Hash::of(code), at(300), at(0))
        .await
}

/// Who that user is after saying the code.
async fn say(place: &Place, user: &str, code: &str, second: i64) -> Option<String> {
    let linked = place
        .store
        .link("matrix", user, Hash::of(code), at(second))
        .await;
    linked.unwrap().map(|account| account.name.to_string())
}

#[tokio::test]
async fn a_line_is_heard_once_and_an_order_never_overtakes_a_later_one_of_the_same_user() {
    let place = place().await;
    let hear = async |place: &Place, chat: &str, line: Heard, acts: bool| {
        let now = at(100);
        place.store.hear(chat, &line, acts, now).await.unwrap()
    };
    let first = heard("1", "kato", 10);
    assert_eq!(hear(&place, "a", first.clone(), true).await, Line::Fresh);
    let place = place.reopened().await;
    assert_eq!(hear(&place, "a", first.clone(), true).await, Line::Again);
    assert_eq!(
        hear(&place, "b", first, true).await,
        Line::Fresh,
        "another chat has ids of its own"
    );
    for (id, user, second, acts, line) in [
        ("2", "kato", 9, true, Line::Behind),
        ("2", "kato", 9, true, Line::Again),
        ("3", "kato", 9, false, Line::Fresh),
        ("4", "ito", 9, true, Line::Fresh),
        ("5", "kato", 10, true, Line::Fresh),
        ("6", "kato", 50, false, Line::Fresh),
        ("7", "kato", 20, true, Line::Fresh),
    ] {
        let found = hear(&place, "a", heard(id, user, second), acts).await;
        assert_eq!(found, line, "line {id} of {user} at {second}");
    }
    place.store.forget_chat_lines(at(101)).await.unwrap();
    let forgotten = hear(&place, "a", heard("2", "kato", 9), true).await;
    assert_eq!(forgotten, Line::Fresh);
    place.assert_sound().await;
}

#[tokio::test]
async fn a_code_links_one_user_once_and_a_wrong_or_old_one_links_nobody() {
    let place = place().await;
    admit(&place, "Kato").await;
    assert_eq!(show(&place, "Kato", "11111111").await, Ok(()));
    assert_eq!(say(&place, "@k:x", "22222222", 1).await, None, "wrong");
    assert_eq!(say(&place, "@k:x", "11111111", 300).await, None, "too old");
    let place = place.reopened().await;
    assert_eq!(
        say(&place, "@k:x", "11111111", 299).await.as_deref(),
        Some("Kato")
    );
    assert_eq!(say(&place, "@thief:x", "11111111", 299).await, None, "used");
    let known = place.store.chat_person("matrix", "@k:x").await.unwrap();
    assert_eq!(known.unwrap().role, Role::Responder);
    for (chat, user) in [("matrix", "@thief:x"), ("slack", "@k:x")] {
        assert_eq!(place.store.chat_person(chat, user).await, Ok(None));
    }
    let links = place.store.chat_links(&person("Kato")).await.unwrap();
    assert_eq!(links.len(), 1);
    assert_eq!(
        (links[0].chat.as_str(), links[0].user.as_str()),
        ("matrix", "@k:x")
    );
    assert_eq!(links[0].linked_at, at(299));
}

#[tokio::test]
async fn a_new_code_replaces_the_old_one_of_its_person_and_two_people_never_share_one() {
    let place = place().await;
    admit(&place, "Kato").await;
    admit(&place, "Ito").await;
    assert_eq!(show(&place, "Kato", "11111111").await, Ok(()));
    let taken = show(&place, "Ito", "11111111").await;
    assert!(matches!(taken, Err(StoreError::Taken(_))), "{taken:?}");
    assert_eq!(show(&place, "Kato", "33333333").await, Ok(()));
    assert_eq!(say(&place, "U1", "11111111", 1).await, None, "replaced");
    assert_eq!(show(&place, "Ito", "11111111").await, Ok(()));
    assert_eq!(
        say(&place, "U1", "33333333", 1).await.as_deref(),
        Some("Kato")
    );
    let moved = say(&place, "U1", "11111111", 2).await;
    assert_eq!(moved.as_deref(), Some("Ito"), "the newest link counts");
    assert_eq!(
        place.store.chat_links(&person("Kato")).await,
        Ok(Vec::new())
    );
    let foreign = place.store.unlink(&person("Kato"), "matrix", "U1").await;
    assert_eq!(foreign, Ok(false), "a link of somebody else stays");
    for there in [true, false] {
        let done = place.store.unlink(&person("Ito"), "matrix", "U1").await;
        assert_eq!(done, Ok(there));
    }
    assert_eq!(place.store.chat_person("matrix", "U1").await, Ok(None));
}

#[tokio::test]
async fn a_removed_person_is_nobody_in_a_chat_and_their_code_is_dead() {
    let place = place().await;
    admit(&place, "Kato").await;
    show(&place, "Kato", "11111111").await.unwrap();
    say(&place, "U1", "11111111", 1).await.unwrap();
    show(&place, "Kato", "22222222").await.unwrap();
    place.store.remove_person(&person("Kato")).await.unwrap();
    assert_eq!(place.store.chat_person("matrix", "U1").await, Ok(None));
    assert_eq!(say(&place, "U1", "22222222", 2).await, None);
    admit(&place, "Kato").await;
    assert_eq!(
        place.store.chat_links(&person("Kato")).await,
        Ok(Vec::new()),
        "a person of the same name later is not the same"
    );
    place.assert_sound().await;
}

#[tokio::test]
async fn the_file_holds_no_link_code() {
    let place = place().await;
    admit(&place, "Kato").await;
    show(&place, "Kato", "48213377").await.unwrap();
    place.store.close().await;
    let bytes = std::fs::read(place.file()).unwrap();
    assert!(!bytes.windows(8).any(|window| window == b"48213377"));
}

#[tokio::test]
async fn what_is_told_about_a_thing_stands_below_the_first_message_about_it() {
    let place = place().await;
    let about = About::Recovery(RecoveryId(7));
    let room = Recipient::Room {
        chat: "matrix".to_owned(),
        room: "!ops/1:x".to_owned(),
    };
    let tell = async |place: &Place, stage: Stage, second: i64, said: &str| {
        let message = Message {
            about,
            stage,
            round: 0,
            channel: Channel::Default,
            title: "node-12".to_owned(),
            body: "prod".to_owned(),
            path: "/recoveries/7".to_owned(),
            until: at(3600),
            not_to: None,
            clusters: Vec::new(),
        };
        let rooms = [room.clone()];
        let posted = place.store.post(&message, &rooms, at(second)).await;
        assert_eq!(posted, Ok(1));
        let mut letter = place.store.due(at(second), 10).await.unwrap().remove(0);
        letter.tries = 1;
        place.store.begin(&letter, at(second + 60)).await.unwrap();
        let fate = Fate::Said(said.to_owned());
        let settled = place.store.settle(&letter, &fate, at(second + 1)).await;
        assert_eq!(settled, Ok(()));
        letter.way
    };
    let below = |thread: Option<&str>| Way::Room {
        chat: "matrix".to_owned(),
        room: "!ops/1:x".to_owned(),
        thread: thread.map(str::to_owned),
    };
    assert_eq!(tell(&place, Stage::Began, 0, "$one").await, below(None));
    let place = place.reopened().await;
    let second = tell(&place, Stage::Recovered, 10, "$two").await;
    assert_eq!(second, below(Some("$one")));
    let threads = place.store.threads(about).await;
    assert_eq!(threads, Ok(vec![(room.clone(), "$one".to_owned())]));
    let other = About::Recovery(RecoveryId(8));
    assert_eq!(place.store.threads(other).await, Ok(Vec::new()));
    for (message, found) in [("$one", Some(about)), ("$two", None)] {
        let what = place.store.thread_about(&room, message).await;
        assert_eq!(what, Ok(found), "{message}");
    }
    let last = place.store.last_letter(&room).await.unwrap().unwrap();
    assert_eq!((last.state.as_str(), last.sent_at), ("sent", Some(at(11))));
    place.assert_sound().await;
}

#[tokio::test]
async fn whoever_is_called_by_name_is_called_in_every_chat_that_knows_that_person() {
    let place = place().await;
    admit(&place, "Kato").await;
    admit(&place, "Ito").await;
    for (chat, user, name, code) in [
        ("matrix", "@k:x", "Kato", "11111111"),
        ("ops", "U1", "Kato", "22222222"),
        ("ops", "U2", "Ito", "33333333"),
    ] {
        show(&place, name, code).await.unwrap();
        let linked = place.store.link(chat, user, Hash::of(code), at(1)).await;
        assert_eq!(linked.unwrap().unwrap().name, person(name));
    }
    let call = Message {
        about: About::Recovery(RecoveryId(7)),
        stage: Stage::Escalated,
        round: 0,
        channel: Channel::Important,
        title: "Kato: node-12 needs you".to_owned(),
        body: String::new(),
        path: "/recoveries/7".to_owned(),
        until: at(3600),
        not_to: None,
        clusters: Vec::new(),
    };
    let kato = person("Kato");
    assert_eq!(place.store.post_person(&kato, &call, at(2)).await, Ok(2));
    assert_eq!(place.store.post_person(&kato, &call, at(3)).await, Ok(0));
    let letters = place.store.due(at(4), 10).await.unwrap();
    let direct = |chat: &str, user: &str| Way::Direct {
        chat: chat.to_owned(),
        user: user.to_owned(),
    };
    let ways: Vec<Way> = letters.iter().map(|one| one.way.clone()).collect();
    assert_eq!(ways, [direct("matrix", "@k:x"), direct("ops", "U1")]);
    let said = Fate::Said("$1".to_owned());
    place.store.settle(&letters[0], &said, at(5)).await.unwrap();
    let words = place.store.chat_words(RecoveryId(7)).await.unwrap();
    assert_eq!((words.len(), words[0].room.as_str()), (1, "@k:x"));
}
