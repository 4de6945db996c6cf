//! What the wire tests share: a running world, a client, and a receiver of alarms.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Json, Router, routing::post};
use reqwest::{Client, Method, RequestBuilder, Response};
use sandbox::{HookFormat, HookTarget, World, WorldConfig};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;

/// A world and a client for its faces.
pub struct Rig {
    pub world: World,
    pub client: Client,
}

impl Rig {
    pub async fn start(speed: f64) -> Rig {
        let world = World::start(WorldConfig {
            speed,
            ..WorldConfig::default()
        })
        .await
        .expect("ports on loopback");
        Rig {
            world,
            client: Client::new(),
        }
    }

    pub fn kube(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.world.kubernetes_url());
        self.client
            .request(method, url)
            .bearer_auth(self.world.kubernetes_token())
    }

    pub async fn get(&self, path: &str) -> Value {
        let response = self.kube(Method::GET, path).send().await.expect("answered");
        response.json().await.expect("JSON")
    }

    pub async fn patch(&self, path: &str, format: &str, body: &Value) -> Response {
        let request = self
            .kube(Method::PATCH, path)
            .header("content-type", format!("application/{format}"));
        request
            .body(body.to_string())
            .send()
            .await
            .expect("answered")
    }

    pub async fn control(&self, method: Method, path: &str, body: &Value) -> Value {
        let url = format!("{}/sandbox/{path}", self.world.control_url());
        let response = self
            .client
            .request(method, url)
            .json(body)
            .send()
            .await
            .expect("answered");
        let status = response.status();
        let answer = response.json().await.expect("JSON");
        assert!(status.is_success(), "{path}: {status} {answer}");
        answer
    }

    pub async fn faults(&self, faults: Value) {
        self.control(Method::PUT, "faults", &json!({ "faults": faults }))
            .await;
    }

    pub async fn ledger(&self, face: &str) -> Vec<Value> {
        let ledger = self.control(Method::GET, "ledger", &Value::Null).await;
        let items = ledger["items"].as_array().cloned().unwrap_or_default();
        items
            .into_iter()
            .filter(|item| item["face"] == face)
            .collect()
    }

    /// Watches a list until an object fits, and answers that object.
    pub async fn wait_for(&self, list: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let mut lines = self
            .watch(&format!(
                "{list}{}watch=1",
                if list.contains('?') { "&" } else { "?" }
            ))
            .await;
        loop {
            let event = lines.next().await.expect("the watch goes on");
            if event["type"] != "DELETED" && fits(&event["object"]) {
                return event["object"].clone();
            }
        }
    }

    pub async fn watch(&self, path: &str) -> Lines {
        let response = self.kube(Method::GET, path).send().await.expect("answered");
        assert_eq!(response.status(), 200);
        Lines {
            response,
            text: Vec::new(),
        }
    }

    /// A cloud token.
    pub async fn sign_in(&self, user: &str, password: &str) -> Response {
        let domain = json!({"name": "Default"});
        let body = json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": {"name": user, "domain": domain, "password": password}}},
            "scope": {"project": {"name": "prod", "domain": domain}},
        }});
        self.client
            .post(format!("{}/auth/tokens", self.world.keystone_url()))
            .json(&body)
            .send()
            .await
            .expect("answered")
    }
}

/// The events of a watch.
pub struct Lines {
    response: Response,
    text: Vec<u8>,
}

impl Lines {
    /// The next event; `None` when the watch ended or was cut.
    pub async fn next(&mut self) -> Option<Value> {
        loop {
            if let Some(end) = self.text.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.text.drain(..=end).collect();
                return Some(serde_json::from_slice(&line).expect("a JSON line"));
            }
            self.text
                .extend_from_slice(&self.response.chunk().await.ok()??);
        }
    }
}

/// Condition `Ready` of a node or pod.
pub fn ready(object: &Value) -> &str {
    let conditions = object["status"]["conditions"]
        .as_array()
        .into_iter()
        .flatten();
    conditions
        .filter(|one| one["type"] == "Ready")
        .find_map(|one| one["status"].as_str())
        .unwrap_or("")
}

/// A receiver that answers the given statuses in turn, then 202.
pub async fn receiver(
    format: HookFormat,
    answers: &[u16],
) -> (HookTarget, mpsc::UnboundedReceiver<Value>) {
    type Desk = (Arc<Mutex<Vec<u16>>>, mpsc::UnboundedSender<Value>);
    async fn take(
        State((answers, arrived)): State<Desk>,
        headers: HeaderMap,
        Json(mut body): Json<Value>,
    ) -> StatusCode {
        body["authorization"] = json!(
            headers
                .get("authorization")
                .and_then(|value| value.to_str().ok())
        );
        arrived.send(body).expect("the test still listens");
        let answer = answers.lock().expect("not poisoned").pop().unwrap_or(202);
        StatusCode::from_u16(answer).expect("a status")
    }
    let (sender, arrived) = mpsc::unbounded_channel();
    let answers: Vec<u16> = answers.iter().rev().copied().collect();
    let router = Router::new()
        .route("/hooks/sandbox", post(take))
        .with_state((Arc::new(Mutex::new(answers)), sender));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!(
        "http://{}/hooks/sandbox",
        listener.local_addr().expect("bound")
    );
    tokio::spawn(async move { axum::serve(listener, router).await });
    (
        HookTarget {
            url,
            token: "hook-token".to_owned(),
            format,
        },
        arrived,
    )
}
