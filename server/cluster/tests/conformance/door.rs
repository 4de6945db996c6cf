//! The server under test, and what is made on it for the checks.

use cluster::Settings;
use domain::id::ClusterName;
use http_body_util::BodyExt;
use kube::client::Body;
use kube::config::{AuthInfo, KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::{Value, json};

/// One API server and three callers: with all rights, with few, and with none.
pub struct Door {
    pub settings: Settings,
    pub full: Client,
    pub limited: Result<Client, &'static str>,
    pub stranger: Client,
    /// Where the sandbox forgets its history on demand; a real server has forgotten version 1 by itself.
    pub compact: Option<String>,
    /// Ends every name, so that two runs do not meet.
    pub run: String,
}

/// A token that may get and list nodes and nothing else, or the variable that would hold it.
pub enum Limited {
    Token(String),
    Missing(&'static str),
}

/// What came back.
pub struct Told {
    pub code: u16,
    pub body: Value,
    pub text: String,
}

pub const NODES: &str = "/api/v1/nodes";
pub const LEASES: &str = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

pub fn settings() -> Settings {
    Settings::of(ClusterName::parse("conformance").unwrap())
}

impl Door {
    pub async fn open(settings: Settings, limited: Limited, compact: Option<String>) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let kubeconfig = match (&settings.kubeconfig_text, &settings.kubeconfig) {
            (Some(text), _) => Kubeconfig::from_yaml(text).unwrap(),
            (None, path) => Kubeconfig::read_from(path.as_ref().unwrap()).unwrap(),
        };
        let mut config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default())
            .await
            .unwrap();
        config.default_retry = false;
        let full = Client::try_from(config.clone()).unwrap();
        let with = |token: &str| {
            let mut config = config.clone();
            config.auth_info = AuthInfo::default();
            config.auth_info.token = Some(token.to_owned().into());
            Client::try_from(config).unwrap()
        };
        let limited = match limited {
            Limited::Token(token) => Ok(with(&token)),
            Limited::Missing(variable) => Err(variable),
        };
        let run = format!(
            "{}-{}",
            std::process::id(),
            jiff::Timestamp::now().as_millisecond() % 1_000_000
        );
        Self {
            settings,
            full,
            limited,
            stranger: with("nobody-knows-this-token"),
            compact,
            run,
        }
    }

    /// The name of a node made for the checks.
    pub fn node(&self, letter: &str) -> String {
        format!("uncordon-conf-{letter}-{}", self.run)
    }

    /// Selects what this run made.
    pub fn mine(&self) -> String {
        format!("uncordon.dev/conformance={}", self.run)
    }

    pub async fn get(&self, path: &str) -> Told {
        call(&self.full, "GET", path, "application/json", None).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Told {
        call(&self.full, "POST", path, "application/json", Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Told {
        call(&self.full, "DELETE", path, "application/json", None).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Told {
        call(
            &self.full,
            "PATCH",
            path,
            "application/merge-patch+json",
            Some(body),
        )
        .await
    }

    /// Makes three nodes and a lease; the checks need no more than these and what is there anyway.
    pub async fn furnish(&self) {
        for (letter, tier) in [("a", "front"), ("b", "back"), ("c", "back")] {
            let labels = json!({"uncordon.dev/conformance": self.run, "tier": tier});
            let node = json!({"apiVersion": "v1", "kind": "Node", "metadata": {"name": self.node(letter), "labels": labels}, "spec": {"unschedulable": false}});
            self.post(NODES, &node).await.is(201);
        }
        let lease = json!({"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
            "metadata": {"name": self.node("a"), "namespace": "kube-node-lease"},
            "spec": {"holderIdentity": self.node("a"), "leaseDurationSeconds": 40, "renewTime": "2026-01-02T03:04:05.678901Z"}});
        self.post(LEASES, &lease).await.is(201);
    }

    pub async fn clear(&self) {
        for letter in ["a", "b", "c", "d"] {
            self.delete(&format!("{NODES}/{}", self.node(letter))).await;
        }
        self.delete(&format!("{LEASES}/{}", self.node("a"))).await;
    }
}

impl Told {
    /// Expects this status.
    #[track_caller]
    pub fn is(self, code: u16) -> Value {
        assert_eq!(self.code, code, "{}", self.text);
        self.body
    }

    /// Expects a refusal written as a `Status`.
    #[track_caller]
    pub fn refused(self, code: u16, reason: &str) {
        let body = self.is(code);
        assert_eq!(
            (&body["kind"], &body["reason"], &body["code"]),
            (&json!("Status"), &json!(reason), &json!(code)),
            "{body}"
        );
        assert!(
            body["message"]
                .as_str()
                .is_some_and(|message| !message.is_empty()),
            "{body}"
        );
    }
}

pub async fn call(
    client: &Client,
    method: &str,
    path: &str,
    content_type: &str,
    body: Option<&Value>,
) -> Told {
    let body = body
        .map(|body| body.to_string().into_bytes())
        .unwrap_or_default();
    let request = http::Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", content_type);
    let answer = client
        .send(request.body(Body::from(body)).unwrap())
        .await
        .unwrap();
    let code = answer.status().as_u16();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Told {
        code,
        body: serde_json::from_str(&text).unwrap_or_default(),
        text,
    }
}

/// The names in a list.
pub fn names(list: &Value) -> Vec<String> {
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["metadata"]["name"].as_str().unwrap().to_owned())
        .collect()
}

pub fn version(object: &Value) -> &str {
    object["metadata"]["resourceVersion"].as_str().unwrap()
}
