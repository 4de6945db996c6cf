//! Matrix: words in unencrypted rooms, over the client-server API of a homeserver and with an account of our own.

mod alone;
mod listen;
mod read;
mod say;

use crate::Ask;
use crate::http::{self, Answered, why};
use async_trait::async_trait;
use engine::ports::{Batch, Can, Chat, Delivery, HookRequest, Hooked, Saying, Trust, Turned};
use reqwest::{Client, Method, Url};
use serde_json::Value;
use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// How many of our messages are remembered, so that a word under one of them is known to be meant for us.
const OURS_MAX: usize = 2000;

/// How a homeserver is reached.
pub struct Settings {
    /// The chat's name in our own words.
    pub name: String,
    /// The homeserver, such as `https://matrix.example.org`.
    pub api_url: String,
    /// Reads the access token of the bot's account.
    pub token: Ask,
}

/// A homeserver with our account on it.
pub struct Matrix {
    name: String,
    base: Url,
    token: Ask,
    client: Client,
    remembered: Mutex<Remembered>,
}

/// What this process knows of itself; nothing is lost with it but a courtesy.
#[derive(Default)]
struct Remembered {
    /// Messages of ours and messages under which we spoke, oldest first.
    ours: VecDeque<String>,
    /// Encrypted rooms in which we said that we cannot read there.
    told: HashSet<String>,
}

/// One request.
struct Request<'a> {
    method: Method,
    path: &'a [&'a str],
    query: &'a [(&'a str, &'a str)],
    body: Option<&'a Value>,
    limit: Duration,
}

/// Who we are on the homeserver.
struct Me {
    id: String,
    display: Option<String>,
}

impl Matrix {
    /// The error names the setting that cannot be used.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let Settings {
            name,
            api_url,
            token,
        } = settings;
        let base = Url::parse(&api_url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"));
        let base = base.ok_or_else(|| format!("{name}: api_url is not an http address"))?;
        let host = base.host_str().unwrap_or_default().to_owned();
        Ok(Self {
            name: format!("{name} at {host}"),
            base,
            token,
            client: http::client()?,
            remembered: Mutex::default(),
        })
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.remembered
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn is_ours(&self, message: &str) -> bool {
        self.remembered().ours.iter().any(|one| one == message)
    }

    fn remember(&self, message: &str) {
        let mut remembered = self.remembered();
        if remembered.ours.len() >= OURS_MAX {
            remembered.ours.pop_front();
        }
        remembered.ours.push_back(message.to_owned());
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["_matrix", "client", "v3"]);
            segments.extend(path);
        }
        url
    }

    async fn call(&self, request: Request<'_>) -> Result<Value, Delivery> {
        let token = (self.token)().map_err(|why| Delivery::Later { after: None, why })?;
        let mut url = self.url(request.path);
        if !request.query.is_empty() {
            url.query_pairs_mut().extend_pairs(request.query);
        }
        let mut built = self
            .client
            .request(request.method, url)
            .bearer_auth(&token)
            .timeout(request.limit);
        if let Some(body) = request.body {
            built = built.json(body);
        }
        let mut answered = http::call(built, &self.name, &token).await?;
        answered.after = answered.after.or_else(|| asked_to_wait(&answered.body));
        let why = in_words(&answered);
        answered.taken(&self.name, &token, why.as_deref())
    }

    async fn get(&self, path: &[&str]) -> Result<Value, Delivery> {
        self.call(Request {
            method: Method::GET,
            path,
            query: &[],
            body: None,
            limit: http::LIMIT,
        })
        .await
    }

    async fn me(&self) -> Result<Me, Delivery> {
        let whoami = self.get(&["account", "whoami"]).await?;
        let id = whoami["user_id"].as_str().unwrap_or_default().to_owned();
        if id.is_empty() {
            let why = format!("{} does not say who we are", self.name);
            return Err(Delivery::Refused(why));
        }
        // An account without a profile is answered with 404: it has no other name than its id.
        let display = match self.get(&["profile", &id, "displayname"]).await {
            Ok(profile) => profile["displayname"].as_str().map(str::to_owned),
            Err(Delivery::Refused(_)) => None,
            Err(other) => return Err(other),
        };
        Ok(Me { id, display })
    }
}

/// The wait that stands in the body of a 429.
fn asked_to_wait(body: &Value) -> Option<Duration> {
    body["retry_after_ms"].as_u64().map(Duration::from_millis)
}

/// What the homeserver means, for a person; `None` where it gives no reason of its own.
fn in_words(answered: &Answered) -> Option<String> {
    let said = answered.body["error"].as_str().unwrap_or_default();
    let meant = match answered.body["errcode"].as_str()? {
        "M_UNKNOWN_TOKEN" => "the access token is not valid there (any more)",
        "M_MISSING_TOKEN" => "the access token is empty",
        "M_USER_DEACTIVATED" => "the bot's account is deactivated",
        "M_USER_LOCKED" => "the bot's account is locked",
        "M_LIMIT_EXCEEDED" => "too many requests",
        "M_TOO_LARGE" => "the message is too large",
        "M_FORBIDDEN" => {
            return Some(format!("the bot's account may not do that: {said}"));
        }
        other => return Some(format!("{other}: {said}")),
    };
    Some(meant.to_owned())
}

#[async_trait]
impl Chat for Matrix {
    fn can(&self) -> Can {
        Can {
            edit: true,
            threads: true,
            whisper: false,
            trust: Trust::Full,
        }
    }

    async fn listen(&self, from: Option<String>, ear: Sender<Batch>) -> String {
        match self.listening(from, &ear).await {
            Ok(never) => match never {},
            Err(why) => why,
        }
    }

    fn hook(&self, _: &HookRequest<'_>) -> Result<Hooked, Turned> {
        Err(Turned::NoHook)
    }

    async fn say(&self, saying: &Saying) -> Result<String, Delivery> {
        let content = say::message(saying);
        let message = self.send("say", saying, &content).await?;
        self.remember(&message);
        if let Some(thread) = &saying.thread {
            self.remember(thread);
        }
        Ok(message)
    }

    async fn alone_with(&self, user: &str) -> Result<String, Delivery> {
        self.room_with(user).await
    }

    async fn edit(&self, message: &str, saying: &Saying) -> Result<(), Delivery> {
        let content = say::replacement(message, saying);
        // One message may be edited more than once under one key: other words are another try.
        let what = format!("edit {message} {}", content["m.new_content"]);
        self.send(&what, saying, &content).await.map(drop)
    }

    async fn account(&self) -> Result<String, String> {
        let me = self.me().await.map_err(why)?;
        Ok(match me.display {
            Some(display) => format!("{display} ({})", me.id),
            None => me.id,
        })
    }
}
