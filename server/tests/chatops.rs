//! What is said in a chat, over the real adapters of Slack and Mattermost: who may, once, in time, and what comes back.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

use app::desk::Desk;
use app::desk::views::ConfigView;
use axum::extract::{Path, State};
use axum::routing::any;
use axum::{Json, Router};
use chat::mattermost::{self, Mattermost};
use chat::slack::{self, Slack};
use domain::access::{Door, Person, Role};
use domain::event::What;
use domain::id::{PersonName, RecoveryId};
use domain::rule::{Mode, shipped};
use engine::Engine;
use engine::fakes::{FakeWorld, MemoryStore, ports};
use engine::ports::{Chat, HookRequest};
use hmac::{Hmac, Mac};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use server::chatops::state::States;
use server::chatops::{ChatOps, Hook, Seat, Seats};
use server::current::Current;
use server::desk::{Facts, TheDesk};
use server::wiring::House;
use sha2::Sha256;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::Sqlite;
use store::accounts::{Hash, Invite, Uses};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

mod chatops {
    mod asks;
    mod boards;
    mod counts;
    mod links;
}

const SIGNING: &str = "signing-secret";
const TOKEN: &str = "slash-token";
/// Longest wait for words that must come.
const PATIENCE: Duration = Duration::from_secs(30);

static NUMBER: AtomicU64 = AtomicU64::new(1);

/// What the stand-in of a vendor was told: which call, with what.
type Wire = (String, Value);

struct Place {
    ops: ChatOps,
    desk: TheDesk,
    engine: Engine,
    world: FakeWorld,
    memory: MemoryStore,
    store: Sqlite,
    said: Mutex<UnboundedReceiver<Wire>>,
    _folder: TempDir,
}

async fn vendor(
    State(wire): State<UnboundedSender<Wire>>,
    Path(call): Path<String>,
    body: String,
) -> Json<Value> {
    let body = serde_json::from_str(&body).unwrap_or(Value::Null);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let spoken = call.contains("chat.") || call.ends_with("posts");
    if spoken {
        wire.send((call.clone(), body)).unwrap();
    }
    Json(match call.as_str() {
        "api/v4/users/me" => json!({ "id": "bot", "username": "uncordon" }),
        "api/v4/channels/direct" => json!({ "id": "direct" }),
        "auth.test" => json!({ "ok": true, "user_id": "UBOT", "user": "uncordon", "team": "Ops" }),
        _ => json!({ "ok": true, "ts": format!("{number}.0001"), "id": format!("post{number}") }),
    })
}

fn secret(text: &'static str) -> chat::Ask {
    Arc::new(move || Ok(text.to_owned()))
}

fn seat(kind: &'static str, chat: impl Chat + 'static) -> Seat {
    Seat {
        kind,
        chat: Arc::new(chat),
        rooms: Vec::new(),
        test_room: None,
    }
}

async fn seats() -> (Seats, UnboundedReceiver<Wire>) {
    let (wire, said) = unbounded_channel();
    let router = Router::new()
        .route("/{*call}", any(vendor))
        .with_state(wire);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let slack = Slack::new(slack::Settings {
        name: "ops".to_owned(),
        api_url: url.clone(),
        token: secret("bot-token"),
        signing: Some(secret(SIGNING)),
        app_token: None,
    });
    let mattermost = Mattermost::new(mattermost::Settings {
        name: "matter".to_owned(),
        api_url: url,
        token: secret("bot-token"),
        hook_tokens: vec![secret(TOKEN)],
        hook_url: "http://127.0.0.1:9/hooks/chat/matter".to_owned(),
    });
    let seats = BTreeMap::from([
        ("ops".to_owned(), seat("slack", slack.unwrap())),
        ("matter".to_owned(), seat("mattermost", mattermost.unwrap())),
    ]);
    (Arc::new(seats), said)
}

async fn place() -> Place {
    let folder = TempDir::new().unwrap();
    let store = Sqlite::open(&folder.path().join("uncordon.db"))
        .await
        .unwrap();
    let (world, memory) = (
        FakeWorld::new(),
        MemoryStore::new(vec![shipped(Mode::Observe)]),
    );
    let engine = Engine::start(ports(&world, &memory)).await.unwrap();
    let house = House {
        engine: engine.clone(),
        store: store.clone(),
        clock: world.clock(),
        telling: None,
        kubes: Current::new(server::wiring::Kubes::new()),
    };
    let facts = Facts {
        control: None,
        speed: "1".to_owned(),
        sources: Vec::new(),
        clusters: Vec::new(),
        environments: BTreeMap::new(),
        config: ConfigView::default(),
    };
    let desk = TheDesk::new(house.clone(), Current::new(facts));
    let (seats, said) = seats().await;
    let url = "https://uncordon.test/";
    Place {
        ops: ChatOps::start(desk.clone(), house, seats, States::default(), url),
        desk,
        engine,
        world,
        memory,
        store,
        said: Mutex::new(said),
        _folder: folder,
    }
}

fn name(text: &str) -> PersonName {
    PersonName::parse(text).unwrap()
}

impl Place {
    /// A person who signed in, and the code that this person is shown.
    async fn code_of(&self, who: &str, role: Role) -> String {
        let now = Timestamp::now();
        let hash = Hash::of(format!("invite of {who}"));
        let invite = Invite {
            name: name(who),
            role,
            expires_at: now + SignedDuration::from_hours(1),
            uses: Uses::Once,
        };
        self.store.add_invite(hash, &invite, now).await.unwrap();
        self.store.use_invite(hash, now).await.unwrap();
        let code = format!("{:08}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let until = now + SignedDuration::from_mins(5);
        let (person, hash) = (name(who), Hash::of(&code));
        let shown = self.store.show_link_code(&person, hash, until, now);
        shown.await.unwrap();
        code
    }

    /// A person who is linked as this user.
    async fn linked(&self, chat: &str, user: &str, who: &str, role: Role) {
        let code = self.code_of(who, role).await;
        let now = Timestamp::now();
        let linked = self.store.link(chat, user, Hash::of(&code), now).await;
        assert!(linked.unwrap().is_some());
    }

    /// Slack tells that this user said this in a room; answers the status of the hook.
    async fn slack(&self, user: &str, text: &str, at: Timestamp, ts: &str) -> u16 {
        let body = event(user, text, ts);
        self.signed(&body, &sign(SIGNING, &body, at), at).await
    }

    /// The same, now and with an id of its own.
    async fn says(&self, user: &str, text: &str) {
        let now = Timestamp::now();
        assert_eq!(self.slack(user, text, now, &ts(now)).await, 200);
    }

    async fn signed(&self, body: &str, signature: &str, at: Timestamp) -> u16 {
        let stamp = at.as_second().to_string();
        let header = |name: &str| match name {
            "x-slack-signature" => Some(signature),
            "x-slack-request-timestamp" => Some(stamp.as_str()),
            _ => None,
        };
        self.hook("ops", &header, body).await
    }

    async fn hook<'a>(
        &self,
        chat: &str,
        header: &'a (dyn Fn(&str) -> Option<&'a str> + Send + Sync),
        body: &'a str,
    ) -> u16 {
        let request = HookRequest {
            header,
            body: body.as_bytes(),
            now: Timestamp::now(),
        };
        match self.ops.hook(chat, &request).await.unwrap() {
            Hook::Taken(_) => 200,
            Hook::Turned(_) => 401,
            Hook::NotStored(error) => panic!("{error}"),
        }
    }

    /// The next words that are said, with the call they came by.
    async fn hears(&self) -> (String, String) {
        let mut said = self.said.lock().await;
        let (call, body) = tokio::time::timeout(PATIENCE, said.recv())
            .await
            .expect("words")
            .unwrap();
        let text = body["text"].as_str().or(body["message"].as_str());
        (call, text.unwrap_or_default().to_owned())
    }

    async fn heard(&self) -> String {
        self.hears().await.1
    }

    fn recoveries(&self) -> usize {
        self.memory.recoveries_now().len()
    }

    async fn said_events(&self, id: RecoveryId) -> Vec<(String, String)> {
        let who = Person {
            name: name("reader"),
            role: Role::Viewer,
            door: Door::Api,
        };
        let events = self.desk.recovery_events(&who, id).await.unwrap();
        let said = events.into_iter().filter_map(|event| match event.what {
            What::Said { text, message, .. } => Some((text, message)),
            _ => None,
        });
        said.collect()
    }
}

/// A message id of Slack, different each time, and of that moment.
fn ts(at: Timestamp) -> String {
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{}.{:06}", at.as_second(), number % 1_000_000)
}

fn event(user: &str, text: &str, ts: &str) -> String {
    json!({
        "type": "event_callback",
        "team_id": "T1",
        "event_id": format!("Ev{ts}"),
        "authorizations": [{ "user_id": "UBOT" }],
        "event": { "type": "message", "channel": "C1", "channel_type": "channel", "user": user, "text": text, "ts": ts },
    })
    .to_string()
}

fn sign(secret: &str, body: &str, at: Timestamp) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(format!("v0:{}:{body}", at.as_second()).as_bytes());
    let bytes = mac.finalize().into_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v0={hex}")
}
