//! People on a real Synapse, and our account among them.

use crate::counterparts::{Launched, launch};
use chat::matrix::{Matrix, Settings};
use engine::ports::{Batch, Chat, Heard, Saying};
use reqwest::Method;
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinHandle;

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// One server for all tests; it ends with them.
static SERVER: OnceLock<Option<Launched>> = OnceLock::new();

/// The server's address; `None` where it is not installed.
pub fn server() -> Option<String> {
    let server = SERVER.get_or_init(|| launch("synapse.sh")).as_ref()?;
    Some(format!("http://127.0.0.1:{}", server.port))
}

pub struct Person {
    pub id: String,
    pub token: String,
    base: String,
}

impl Person {
    pub async fn new(base: &str, name: &str) -> Self {
        let mut person = Self {
            id: String::new(),
            token: String::new(),
            base: base.to_owned(),
        };
        let account =
            json!({ "username": name, "password": "x", "auth": { "type": "m.login.dummy" } });
        let made = person.call(Method::POST, "register", account).await;
        person.id = made["user_id"].as_str().unwrap().to_owned();
        person.token = made["access_token"].as_str().unwrap().to_owned();
        person
    }

    /// `path` without its part in front; ids in it stand as they are.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> Value {
        let url = format!("{}/_matrix/client/v3/{path}", self.base);
        let request = reqwest::Client::new().request(method.clone(), url);
        let request = match self.token.as_str() {
            "" => request,
            token => request.bearer_auth(token),
        };
        let request = match method {
            Method::GET => request,
            _ => request.json(&body),
        };
        let answer = request.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    pub async fn get(&self, path: &str) -> Value {
        self.call(Method::GET, path, Value::Null).await
    }

    /// Makes a room and invites people into it.
    pub async fn room(&self, invited: &[&Self]) -> String {
        let invited: Vec<&str> = invited.iter().map(|one| one.id.as_str()).collect();
        let room = json!({ "preset": "private_chat", "invite": invited });
        let made = self.call(Method::POST, "createRoom", room).await;
        made["room_id"].as_str().unwrap().to_owned()
    }

    pub async fn join(&self, room: &str) {
        let path = format!("rooms/{room}/join");
        self.call(Method::POST, &path, json!({})).await;
    }

    pub async fn send(&self, room: &str, kind: &str, content: Value) -> String {
        static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let txn = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = format!("rooms/{room}/send/{kind}/{txn}");
        let sent = self.call(Method::PUT, &path, content).await;
        sent["event_id"].as_str().unwrap().to_owned()
    }

    pub async fn say(&self, room: &str, text: &str) -> String {
        let content = json!({ "msgtype": "m.text", "body": text });
        self.send(room, "m.room.message", content).await
    }

    /// The messages of a room, oldest first.
    pub async fn messages(&self, room: &str) -> Vec<Value> {
        let path = format!("rooms/{room}/messages?dir=f&limit=200");
        let page = self.get(&path).await;
        let events = page["chunk"].as_array().unwrap().iter().cloned();
        events
            .filter(|event| event["type"] == "m.room.message")
            .collect()
    }

    /// Waits until a room shows so many messages of that person.
    pub async fn sees(&self, room: &str, of: &Self, count: usize) -> Vec<Value> {
        let mut beat = tokio::time::interval(Duration::from_millis(50));
        let waiting = async {
            loop {
                let mut all = self.messages(room).await;
                all.retain(|event| event["sender"] == of.id.as_str());
                if all.len() >= count {
                    return all;
                }
                beat.tick().await;
            }
        };
        let seen = tokio::time::timeout(PATIENCE, waiting).await;
        seen.expect("the messages did not come")
    }

    /// Waits until that person is in the room.
    pub async fn welcomes(&self, room: &str, who: &Self) {
        let mut beat = tokio::time::interval(Duration::from_millis(50));
        let path = format!("rooms/{room}/joined_members");
        let waiting = async {
            while self.get(&path).await["joined"].get(&who.id).is_none() {
                beat.tick().await;
            }
        };
        let joined = tokio::time::timeout(PATIENCE, waiting).await;
        joined.expect("the invitation was not taken");
    }
}

pub fn adapter(base: &str, token: &str) -> Arc<Matrix> {
    let token = token.to_owned();
    let settings = Settings {
        name: "team".to_owned(),
        api_url: base.to_owned(),
        token: Arc::new(move || Ok(token.clone())),
    };
    Arc::new(Matrix::new(settings).unwrap())
}

/// Something that listens, as the product does.
pub struct Listening {
    batches: Receiver<Batch>,
    task: JoinHandle<String>,
    /// The last one that was handed over.
    pub cursor: Option<String>,
}

impl Listening {
    /// Answers when the connection stands.
    pub async fn start(matrix: &Arc<Matrix>, from: Option<String>) -> Self {
        let (ear, batches) = channel(64);
        let matrix = Arc::clone(matrix);
        let task = tokio::spawn(async move { matrix.listen(from, ear).await });
        let mut listening = Self {
            batches,
            task,
            cursor: None,
        };
        let first = listening.batch().await;
        assert_eq!(first, Vec::new(), "nothing was said since");
        listening
    }

    pub async fn batch(&mut self) -> Vec<Heard> {
        let batch = tokio::time::timeout(PATIENCE, self.batches.recv()).await;
        let batch = batch.expect("nothing was handed over").unwrap();
        self.cursor = batch.cursor;
        batch.heard
    }

    /// What was heard up to the message with this id.
    pub async fn until(&mut self, id: &str) -> Vec<Heard> {
        let mut all = Vec::new();
        while !all.iter().any(|heard: &Heard| heard.id == id) {
            all.extend(self.batch().await);
        }
        all
    }

    /// The process dies here; what was handed over stays handed over.
    pub async fn kill(self) -> Option<String> {
        self.task.abort();
        let _ = self.task.await;
        self.cursor
    }
}

pub fn saying(key: &str, room: &str, text: &str) -> Saying {
    Saying {
        key: key.to_owned(),
        room: room.to_owned(),
        thread: None,
        only_to: None,
        text: text.to_owned(),
        buttons: Vec::new(),
    }
}
