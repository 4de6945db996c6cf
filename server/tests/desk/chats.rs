//! Chats at the real desk: what it knows of each, codes that link once, and links that are one's own.

use app::desk::Chatting;
use app::desk::views::ConfigView;
use app::error::AppError;
use async_trait::async_trait;
use domain::access::{Door, Person, Role};
use domain::id::PersonName;
use domain::message::{Channel, Wants, test};
use domain::rule::{Mode, shipped};
use engine::Engine;
use engine::fakes::{FakeCarrier, FakeOutbox, FakeWorld, MemoryStore, ports};
use engine::ports::{
    Batch, Can, Chat, Delivery, HookRequest, Hooked, Outbox, Recipient, Saying, Trust, Turned,
};
use engine::tell::Teller;
use jiff::{SignedDuration, Timestamp};
use notify::hosts::Hosts;
use server::chatops::state::States;
use server::chatops::{Seat, Seats};
use server::current::Current;
use server::desk::{Facts, TheDesk};
use server::telling::Telling;
use server::wiring::{House, Kubes};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Sqlite;
use store::accounts::{Hash, Invite, Uses};
use tempfile::TempDir;

/// A chat in which nothing is ever said.
struct Silence;

#[async_trait]
impl Chat for Silence {
    fn can(&self) -> Can {
        Can {
            edit: false,
            threads: false,
            whisper: false,
            trust: Trust::Full,
        }
    }
    async fn listen(&self, _: Option<String>, _: tokio::sync::mpsc::Sender<Batch>) -> String {
        std::future::pending().await
    }
    fn hook(&self, _: &HookRequest<'_>) -> Result<Hooked, Turned> {
        Err(Turned::NoHook)
    }
    async fn say(&self, _: &Saying) -> Result<String, Delivery> {
        std::future::pending().await
    }
    async fn edit(&self, _: &str, _: &Saying) -> Result<(), Delivery> {
        std::future::pending().await
    }
    async fn account(&self) -> Result<String, String> {
        std::future::pending().await
    }
}

struct Place {
    desk: TheDesk,
    store: Sqlite,
    states: States,
    _folder: TempDir,
}

fn seats() -> Seats {
    let wants = Wants {
        channels: vec![Channel::Important],
        ..Wants::default()
    };
    let seat = Seat {
        kind: "matrix",
        chat: Arc::new(Silence),
        rooms: vec![("!ops:x".to_owned(), wants)],
        test_room: None,
    };
    Arc::new(BTreeMap::from([("ops".to_owned(), seat)]))
}

/// A house on the time of the wall, for databases do not run on another; in it is a person called Kato.
async fn place(chats: Seats) -> Place {
    let folder = TempDir::new().unwrap();
    let store = Sqlite::open(&folder.path().join("uncordon.db"))
        .await
        .unwrap();
    let now = Timestamp::now();
    for name in ["Kato", "Ito"] {
        let invite = Invite {
            name: PersonName::parse(name).unwrap(),
            role: Role::Viewer,
            uses: Uses::Once,
            expires_at: now + SignedDuration::from_mins(1),
        };
        let secret = Hash::of(format!("invite of {name}"));
        store.add_invite(secret, &invite, now).await.unwrap();
        store.use_invite(secret, now).await.unwrap().unwrap();
    }
    let world = FakeWorld::new();
    let memory = MemoryStore::new(vec![shipped(Mode::Observe)]);
    let engine = Engine::start(ports(&world, &memory)).await.unwrap();
    let states = States::default();
    let teller = Teller::start(
        engine.clone(),
        Arc::new(FakeOutbox::default()),
        Arc::new(FakeCarrier::default()),
        Vec::new(),
        None,
    );
    let telling = Telling {
        teller,
        key: String::new(),
        hosts: Hosts::new(&[], false),
        webhooks: Vec::new(),
        chats,
        states: states.clone(),
    };
    let house = House {
        engine,
        store: store.clone(),
        clock: world.clock(),
        telling: Some(telling),
        kubes: Current::new(Kubes::new()),
    };
    let facts = Facts {
        control: None,
        speed: "1".to_owned(),
        sources: Vec::new(),
        clusters: Vec::new(),
        environments: BTreeMap::new(),
        config: ConfigView::default(),
    };
    Place {
        desk: TheDesk::new(house, Current::new(facts)),
        store,
        states,
        _folder: folder,
    }
}

fn browser(name: &str) -> Person {
    Person {
        name: PersonName::parse(name).unwrap(),
        role: Role::Viewer,
        door: Door::Page,
    }
}

#[tokio::test]
async fn the_desk_says_how_each_chat_is_doing_and_what_its_rooms_were_told() {
    let place = place(seats()).await;
    let kato = browser("Kato");
    let before = place.desk.chats(&kato).await.unwrap();
    let ops = &before.chats[0];
    assert_eq!((ops.name.as_str(), ops.kind.as_str()), ("ops", "matrix"));
    assert_eq!((ops.listening_since, &ops.trouble), (None, &None));
    assert_eq!(ops.rooms[0].channels, [Channel::Important]);
    assert_eq!(ops.rooms[0].last, None);
    let now = Timestamp::now();
    place.states.note("ops", |state| {
        state.since = Some(now);
        state.trouble = Some((now, "it was away".to_owned()));
    });
    let room = Recipient::Room {
        chat: "ops".to_owned(),
        room: "!ops:x".to_owned(),
    };
    let told = test(Channel::Important, now);
    place.store.post_to(&room, &told, now).await.unwrap();
    let after = place.desk.chats(&kato).await.unwrap();
    let ops = &after.chats[0];
    assert_eq!(ops.listening_since, Some(now));
    assert_eq!(ops.trouble, Some((now, "it was away".to_owned())));
    let last = ops.rooms[0].last.as_ref().unwrap();
    assert_eq!((last.state.as_str(), &last.title), ("waiting", &told.title));
}

#[tokio::test]
async fn a_code_of_eight_digits_links_its_person_who_alone_can_unlink() {
    let place = place(seats()).await;
    let (kato, ito) = (browser("Kato"), browser("Ito"));
    let code = place.desk.show_link_code(&kato).await.unwrap();
    assert!(code.len() == 8 && code.bytes().all(|digit| digit.is_ascii_digit()));
    let (hash, now) = (Hash::of(&code), Timestamp::now());
    let late = now + SignedDuration::from_mins(5) + SignedDuration::from_secs(1);
    assert_eq!(place.store.link("ops", "@k:x", hash, late).await, Ok(None));
    let linked = place.store.link("ops", "@k:x", hash, now).await.unwrap();
    assert_eq!(linked.unwrap().name, kato.name);
    let mine = place.desk.chats(&kato).await.unwrap().mine;
    assert_eq!(
        (mine[0].chat.as_str(), mine[0].user.as_str()),
        ("ops", "@k:x")
    );
    assert_eq!(place.desk.chats(&ito).await.unwrap().mine, []);
    let foreign = place.desk.unlink_chat(&ito, "ops", "@k:x").await;
    assert!(matches!(foreign, Err(AppError::NotFound { .. })));
    assert_eq!(place.desk.unlink_chat(&kato, "ops", "@k:x").await, Ok(()));
    let again = place.desk.unlink_chat(&kato, "ops", "@k:x").await;
    assert!(matches!(again, Err(AppError::NotFound { .. })));
    assert_eq!(place.desk.chats(&kato).await.unwrap().mine, []);
}

#[tokio::test]
async fn a_code_is_for_people_who_signed_in_with_a_browser_and_where_there_is_a_chat() {
    let full = place(seats()).await;
    let unknown = full.desk.show_link_code(&browser("Zoe")).await;
    let program = Person {
        door: Door::Api,
        ..browser("Kato")
    };
    let program = full.desk.show_link_code(&program).await;
    let empty = place(Seats::default()).await;
    let nowhere = empty.desk.show_link_code(&browser("Kato")).await;
    for refused in [unknown, program, nowhere] {
        assert!(
            matches!(refused, Err(AppError::Conflict { .. })),
            "{refused:?}"
        );
    }
}
