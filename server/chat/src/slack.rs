//! Slack: told by signed requests or over Socket Mode, answers by the Web API.

mod events;
mod hook;
mod socket;
mod text;

use crate::{Ask, http};
use async_trait::async_trait;
use engine::ports::{Batch, Can, Chat, Delivery, HookRequest, Hooked, Saying, Trust, Turned};
use reqwest::Client;
use serde_json::{Value, json};
use socket::Socket;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::Sender;

/// Where Slack's Web API is.
pub const API: &str = "https://slack.com/api";
/// How often the account is looked at where nothing else tells that it still works.
const AGAIN: Duration = Duration::from_secs(5 * 60);
/// What Slack says with status 200 where it will do on another try.
const PASSING: [&str; 6] = [
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
];

/// How one Slack is reached.
pub struct Settings {
    /// Its name in the config, for the words of errors.
    pub name: String,
    /// The Web API, such as [`API`].
    pub api_url: String,
    /// The bot token.
    pub token: Ask,
    /// The signing secret, where Slack tells by requests.
    pub signing: Option<Ask>,
    /// The app token, where Slack tells over Socket Mode.
    pub app_token: Option<Ask>,
}

/// One workspace of Slack.
pub struct Slack {
    settings: Settings,
    api: String,
    client: Client,
    /// The user that our bot is, once Slack said it.
    us: Mutex<Option<String>>,
}

impl Slack {
    /// Checks the address; nothing is sent. The error is a sentence.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let api =
            http::base(&settings.api_url).map_err(|why| format!("{}: {why}", settings.name))?;
        Ok(Self {
            settings,
            api,
            client: http::client()?,
            us: Mutex::new(None),
        })
    }

    /// Calls a method of the Web API; with status 200 too Slack may have refused it.
    async fn call(&self, method: &str, token: &Ask, body: &Value) -> Result<Value, Delivery> {
        let name = &self.settings.name;
        let token = token().map_err(|why| Delivery::Later { after: None, why })?;
        let request = self
            .client
            .post(format!("{}/{method}", self.api))
            .bearer_auth(&token)
            .json(body);
        let answered = http::call(request, name, &token).await?;
        let after = answered.after;
        // Hidden before it is cut: half a token is one too many.
        let said = http::hide(&answered.text, &token);
        let body = answered.taken(name, &token, Some(&said))?;
        match body["ok"].as_bool() {
            Some(true) => Ok(body),
            Some(false) => {
                let error = body["error"].as_str().unwrap_or("no reason");
                let error = http::one_line(&http::hide(error, &token));
                let why = format!("{name} refused {method}: {error}");
                Err(if PASSING.contains(&error.as_str()) {
                    Delivery::Later { after, why }
                } else {
                    Delivery::Refused(why)
                })
            }
            None => Err(Delivery::Unknown(format!(
                "{name} answered {method} with something that is not Slack's"
            ))),
        }
    }

    /// Asks who we are, and keeps it.
    async fn me(&self) -> Result<Value, String> {
        let me = self
            .call("auth.test", &self.settings.token, &json!({}))
            .await
            .map_err(http::why)?;
        let user = me["user_id"].as_str().map(str::to_owned);
        *self.us.lock().unwrap_or_else(PoisonError::into_inner) = user;
        Ok(me)
    }

    fn us(&self) -> Option<String> {
        let us = self.us.lock().unwrap_or_else(PoisonError::into_inner);
        us.clone()
    }

    /// Opens the socket and reads it to its end.
    async fn socket(&self, token: &Ask, ear: &Sender<Batch>) -> Result<String, String> {
        let name = &self.settings.name;
        self.me().await?;
        let us = self
            .us()
            .ok_or_else(|| format!("{name} does not say which user the bot is"))?;
        let opened = self
            .call("apps.connections.open", token, &json!({}))
            .await
            .map_err(http::why)?;
        let address = opened["url"].as_str().unwrap_or_default();
        let socket = Socket::open(name, address, self.api.starts_with("http://")).await?;
        Ok(socket.read(&us, ear).await)
    }

    /// Looks again and again whether the account still answers.
    async fn stand(&self, ear: &Sender<Batch>) -> String {
        loop {
            if let Err(why) = self.me().await {
                return why;
            }
            if ear.send(Batch::default()).await.is_err() {
                return "nobody listens any more".to_owned();
            }
            tokio::time::sleep(AGAIN).await;
        }
    }
}

#[async_trait]
impl Chat for Slack {
    fn can(&self) -> Can {
        Can {
            edit: true,
            threads: true,
            whisper: true,
            trust: Trust::Full,
        }
    }

    async fn listen(&self, _from: Option<String>, ear: Sender<Batch>) -> String {
        match &self.settings.app_token {
            Some(token) => self.socket(token, &ear).await.unwrap_or_else(|why| why),
            None => self.stand(&ear).await,
        }
    }

    fn hook(&self, request: &HookRequest<'_>) -> Result<Hooked, Turned> {
        let ask = self.settings.signing.as_ref().ok_or(Turned::NoHook)?;
        let secret = ask().map_err(Turned::Later)?;
        if secret.is_empty() {
            // Anyone can sign with nothing.
            let why = format!("the signing secret of {} is empty", self.settings.name);
            return Err(Turned::Later(why));
        }
        let at = hook::signed(request, &secret)?;
        hook::read(request.body, at, self.us().as_deref())
    }

    async fn say(&self, saying: &Saying) -> Result<String, Delivery> {
        let (text, blocks) = text::message(saying);
        let mut body = json!({
            "channel": saying.room,
            "text": text,
            "mrkdwn": false,
            "parse": "none",
            "link_names": false,
            "unfurl_links": false,
            "unfurl_media": false,
            "blocks": blocks,
        });
        if let Some(thread) = &saying.thread {
            body["thread_ts"] = json!(thread);
        }
        let (method, id) = match &saying.only_to {
            Some(user) => {
                body["user"] = json!(user);
                ("chat.postEphemeral", "message_ts")
            }
            None => ("chat.postMessage", "ts"),
        };
        let said = self.call(method, &self.settings.token, &body).await?;
        let id = said[id].as_str().map(str::to_owned);
        id.ok_or_else(|| {
            let name = &self.settings.name;
            Delivery::Unknown(format!("{name} took the message and did not name it"))
        })
    }

    async fn edit(&self, message: &str, saying: &Saying) -> Result<(), Delivery> {
        let (text, blocks) = text::message(saying);
        let body = json!({
            "channel": saying.room,
            "ts": message,
            "text": text,
            "parse": "none",
            "link_names": false,
            "blocks": blocks,
        });
        let token = &self.settings.token;
        self.call("chat.update", token, &body).await.map(|_| ())
    }

    async fn account(&self) -> Result<String, String> {
        let me = self.me().await?;
        let field = |name: &str| http::one_line(me[name].as_str().unwrap_or("?"));
        Ok(format!("bot @{} in team {}", field("user"), field("team")))
    }
}
