//! A house that is well, in a folder of its own, and a world behind it.

use crate::manifest;
use sandbox::{World, WorldConfig};
use serde::Deserialize;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::process::Command;

pub const TOKEN: &str = "0123456789abcdef0123456789abcdef-of-the-account";
const HOOK: &str = "0123456789abcdef0123456789abcdef-of-the-hook";
const PAGER: &str = "0123456789abcdef0123456789abcdef-of-the-pager";

pub struct Place {
    pub world: World,
    pub folder: TempDir,
    pub config: String,
    /// Kept open: the pager listens there.
    _pager: tokio::task::JoinHandle<()>,
}

/// What the doctor said.
#[derive(Debug)]
pub struct Told {
    pub code: i32,
    pub lines: Vec<Line>,
    pub raw: String,
}

#[derive(Debug, Deserialize)]
pub struct Line {
    pub what: String,
    pub found: String,
    pub text: String,
}

impl Place {
    pub async fn open() -> Self {
        let world = World::start(WorldConfig::default()).await.unwrap();
        let pager = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hook = pager.local_addr().unwrap();
        let router = axum::Router::new().fallback(|| async { "" });
        let _pager = tokio::spawn(async move { axum::serve(pager, router).await.unwrap() });
        let config = format!(
            r#"[server]
listen = "127.0.0.1:0"
public_url = "https://uncordon.example"
data = "data"

[[cluster]]
name = "prod"
kubeconfig = "kubeconfig"
cloud = "one"
own_node = "node-11"

[[cloud]]
name = "one"
kind = "openstack"
auth_url = "{keystone}"
username = "uncordon"
password_file = "password"
project = "prod"

[[alarm_source]]
name = "alertmanager"
kind = "alertmanager"
token_file = "hook"
api_url = "{alertmanager}"

[[notify.webhook]]
name = "pager"
url = "http://{hook}/"
token_file = "pager"
"#,
            keystone = world.keystone_url(),
            alertmanager = world.alertmanager_url(),
        );
        let place = Self {
            config,
            folder: tempfile::tempdir().unwrap(),
            _pager,
            world,
        };
        place.write("kubeconfig", &place.kubeconfig());
        place.write("password", place.world.openstack_password());
        place.write("hook", HOOK);
        place.write("pager", PAGER);
        place.callers(json!(manifest::rules(manifest::RBAC))).await;
        place
    }

    pub fn kubeconfig(&self) -> String {
        let own = self.world.kubernetes_token();
        self.world.kubeconfig().replace(&own, TOKEN)
    }

    pub fn secrets(&self) -> Vec<String> {
        let password = self.world.openstack_password().to_owned();
        vec![
            TOKEN.to_owned(),
            HOOK.to_owned(),
            PAGER.to_owned(),
            password,
        ]
    }

    /// The account may do this, and nothing else.
    pub async fn callers(&self, rules: Value) {
        let callers = json!({"callers": [{"token": TOKEN, "name": "account", "rules": rules}]});
        self.control("callers", &callers).await;
    }

    pub async fn control(&self, what: &str, body: &Value) {
        let url = format!("{}/sandbox/{what}", self.world.control_url());
        let put = reqwest::Client::new().put(url).json(body);
        put.send().await.unwrap().error_for_status().unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file that only we may read.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
        self.mode(name, 0o600);
    }

    pub fn mode(&self, name: &str, mode: u32) {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(self.path(name), mode).unwrap();
    }

    /// Replaces a part of the config.
    pub fn instead(&mut self, old: &str, new: &str) {
        assert!(self.config.contains(old), "the config no longer says {old}");
        self.config = self.config.replacen(old, new, 1);
    }

    async fn run(&self, more: &[&str]) -> std::process::Output {
        self.write("uncordon.toml", &self.config);
        Command::new(env!("CARGO_BIN_EXE_uncordon"))
            .args(["check", "--config"])
            .arg(self.path("uncordon.toml"))
            .args(more)
            .env_remove("KUBERNETES_SERVICE_HOST")
            .env_remove("NODE_NAME")
            .output()
            .await
            .unwrap()
    }

    pub async fn check(&self) -> Told {
        #[derive(Deserialize)]
        struct All {
            items: Vec<Line>,
        }
        let output = self.run(&["--json"]).await;
        let raw = String::from_utf8(output.stdout).unwrap();
        let all: All = serde_json::from_str(&raw).unwrap_or_else(|error| {
            panic!("{error}: {raw}{}", String::from_utf8_lossy(&output.stderr))
        });
        Told {
            code: output.status.code().unwrap(),
            lines: all.items,
            raw,
        }
    }

    pub async fn table(&self) -> String {
        String::from_utf8(self.run(&[]).await.stdout).unwrap()
    }
}
