//! Stands in for the API of a chat's vendor: keeps what came over the wire and answers what it was told to answer.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::IntoResponse;
use chat::Ask;
use engine::ports::{Button, Chat, HookRequest, Hooked, Saying, Turned};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// A request that came.
pub struct Call {
    pub method: String,
    pub path: String,
    pub bearer: String,
    pub body: Value,
}

#[derive(Clone, Default)]
struct Shared {
    calls: Arc<Mutex<Vec<Call>>>,
    answers: Arc<Mutex<HashMap<String, (u16, String)>>>,
}

pub struct Vendor {
    pub url: String,
    shared: Shared,
}

impl Vendor {
    /// Serves on loopback; `extra` serves what is no plain question and answer.
    pub async fn start(extra: Router) -> Self {
        let shared = Shared::default();
        let answers = Router::new().fallback(answer).with_state(shared.clone());
        let router = extra.fallback_service(answers);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, shared }
    }

    /// From now on this is the answer at that path.
    pub fn answers(&self, path: &str, status: u16, body: &Value) {
        let answer = (status, body.to_string());
        let mut answers = self.shared.answers.lock().unwrap();
        answers.insert(path.to_owned(), answer);
    }

    /// What came since the last look.
    pub fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut *self.shared.calls.lock().unwrap())
    }
}

async fn answer(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> impl IntoResponse {
    let path = uri.path().to_owned();
    let bearer = headers
        .get("authorization")
        .map_or("", |one| one.to_str().unwrap());
    shared.calls.lock().unwrap().push(Call {
        method: method.to_string(),
        path: path.clone(),
        bearer: bearer.to_owned(),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    });
    let unknown = (404, json!({ "ok": false, "error": "unknown" }).to_string());
    let answers = shared.answers.lock().unwrap();
    let (status, body) = answers.get(&path).cloned().unwrap_or(unknown);
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(header::RETRY_AFTER, "30")], body)
}

/// A secret that can be read.
pub fn secret(text: &str) -> Ask {
    let text = text.to_owned();
    Arc::new(move || Ok(text.clone()))
}

/// A secret that cannot be read at the moment.
pub fn lost() -> Ask {
    Arc::new(|| Err("the secret file is gone".to_owned()))
}

/// Brings a request to the hook.
pub fn told(
    chat: &dyn Chat,
    headers: &[(&str, &str)],
    body: &[u8],
    now: Timestamp,
) -> Result<Hooked, Turned> {
    let header = |name: &str| {
        let found = headers.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| *value)
    };
    chat.hook(&HookRequest {
        header: &header,
        body,
        now,
    })
}

/// A form as a browser would write it.
pub fn form(fields: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields).finish()
}

/// A message with one button.
pub fn saying(text: &str) -> Saying {
    Saying {
        key: "recovery-1042-needs-human".to_owned(),
        room: "room7".to_owned(),
        thread: None,
        only_to: None,
        text: text.to_owned(),
        buttons: vec![Button {
            label: "Approve".to_owned(),
            line: "approve 1042".to_owned(),
        }],
    }
}
