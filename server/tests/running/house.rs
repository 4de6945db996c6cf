//! A make-believe world and `uncordon serve` on it, as two processes.

use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const UNCORDON: &str = env!("CARGO_BIN_EXE_uncordon");

/// Ends with the test, whatever becomes of it.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub struct House {
    pub folder: TempDir,
    /// The config that is served.
    pub config: PathBuf,
    pub client: Client,
    /// What the world says of itself.
    pub facts: Value,
    url: String,
    serve: Option<Process>,
    world: Process,
}

impl House {
    /// A world of this speed, and a config for it to which `more` is added; nothing is served yet.
    pub fn new(speed: u32, more: impl FnOnce(&Self) -> String) -> Self {
        let folder = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let (config, addr) = (
            folder.path().join("serve.toml"),
            format!("127.0.0.1:{port}"),
        );
        let mut world = Command::new(UNCORDON)
            .args(["sandbox", "--world-only", "--print-json", "--addr", &addr])
            .args(["--speed", &speed.to_string(), "--data"])
            .arg(folder.path().join("data"))
            .arg("--config-out")
            .arg(&config)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = world.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let house = Self {
            folder,
            config,
            client: Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .unwrap(),
            facts: serde_json::from_str(&line).unwrap(),
            url: format!("http://{addr}"),
            serve: None,
            world: Process(world),
        };
        let text = house.text() + &more(&house);
        house.write(&text);
        house
    }

    pub fn text(&self) -> String {
        std::fs::read_to_string(&self.config).unwrap()
    }

    pub fn write(&self, config: &str) {
        std::fs::write(&self.config, config).unwrap();
    }

    /// A file beside the config.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Serves until it is ready; with these variables in its environment.
    pub async fn serve(&mut self, env: &[(&str, &str)]) {
        let serve = Command::new(UNCORDON)
            .args(["serve", "--config"])
            .arg(&self.config)
            .env("RUST_LOG", "trace")
            .envs(env.iter().copied())
            .stderr(File::create(self.log()).unwrap())
            .spawn()
            .unwrap();
        self.serve = Some(Process(serve));
        let ready = || async {
            let answer = self.client.get(format!("{}/readyz", self.url)).send().await;
            answer.is_ok_and(|answer| answer.status() == StatusCode::OK)
        };
        until("it is ready", ready).await;
    }

    /// Any other verb on the same config: what it printed.
    pub fn run(&self, verb: &[&str], env: &[(&str, &str)]) -> String {
        let out = Command::new(UNCORDON)
            .args(verb)
            .arg("--config")
            .arg(&self.config)
            .envs(env.iter().copied())
            .output()
            .unwrap();
        format!(
            "{}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        )
    }

    pub fn hang_up(&self) {
        signal("-HUP", self.serve.as_ref().unwrap());
    }

    /// Holds the served process: it is there and does nothing.
    pub fn hold(&self) {
        signal("-STOP", self.serve.as_ref().unwrap());
    }

    pub fn let_go(&self) {
        signal("-CONT", self.serve.as_ref().unwrap());
    }

    /// Nothing of the world answers any more.
    pub fn hold_world(&self) {
        signal("-STOP", &self.world);
    }

    pub fn let_world_go(&self) {
        signal("-CONT", &self.world);
    }

    /// Whether what is served has said this since it was started.
    pub fn logged(&self, words: &str) -> bool {
        std::fs::read_to_string(self.log()).unwrap().contains(words)
    }

    pub fn stop(&mut self) {
        self.serve = None;
    }

    pub fn ask(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub fn rest(&self, method: Method, path: &str) -> RequestBuilder {
        self.ask(method, path)
            .bearer_auth(self.facts["admin_token"].as_str().unwrap())
    }

    pub async fn json(&self, path: &str) -> Value {
        let answer = self.rest(Method::GET, path).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// Does something to a node of the world.
    pub async fn act(&self, node: &str, what: &str) {
        let url = format!(
            "{}/sandbox/clusters/prod/nodes/{node}/{what}",
            self.facts["world"].as_str().unwrap()
        );
        assert!(
            self.client
                .post(url)
                .send()
                .await
                .unwrap()
                .status()
                .is_success()
        );
    }

    /// The cookie of a browser that came by the link.
    pub async fn sign_in(&self) -> String {
        let link = self.facts["sign_in"].as_str().unwrap();
        let page = self
            .client
            .get(link)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        let attribute = |tag: &str, name: &str| {
            let (_, rest) = tag.split_once(&format!("{name}=\""))?;
            Some(rest.split('"').next()?.replace("&amp;", "&"))
        };
        let fields: Vec<String> = page
            .split("<input")
            .skip(1)
            .filter_map(|tag| {
                Some(format!(
                    "{}={}",
                    attribute(tag, "name")?,
                    attribute(tag, "value")?
                ))
            })
            .collect();
        let action = page
            .split("<form")
            .skip(1)
            .find_map(|tag| attribute(tag, "action"));
        let path = action.unwrap_or_else(|| link.replace(&self.url, ""));
        let answer = self
            .ask(Method::POST, &path)
            .header("origin", &self.url)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(fields.join("&"))
            .send()
            .await
            .unwrap();
        let cookie = answer
            .headers()
            .get("set-cookie")
            .expect("a session")
            .to_str()
            .unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }
}

fn signal(name: &str, to: &Process) {
    let id = to.0.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status().unwrap();
    assert!(sent.success());
}

/// Looks again and again until it is so.
pub async fn until<F: Future<Output = bool>>(what: &str, so: impl Fn() -> F) {
    for _ in 0..1_200 {
        if so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it never came to be that {what}");
}

/// As TOML writes a path.
pub fn quoted(path: &Path) -> String {
    format!("{:?}", path.display().to_string())
}
