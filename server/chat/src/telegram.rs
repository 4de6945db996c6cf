//! Telegram: words to and from a bot's account over the Bot API, read by long polls or told by a webhook.

mod listen;
mod read;
mod say;

use crate::Ask;
use crate::http::{self, why};
use async_trait::async_trait;
use engine::ports::{Batch, Can, Chat, Delivery, HookRequest, Hooked, Saying, Trust, Turned};
use reqwest::{Client, StatusCode, Url};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use subtle::ConstantTimeEq;
use tokio::sync::mpsc::Sender;

/// Where Telegram's own Bot API stands.
pub const API: &str = "https://api.telegram.org";
/// The header in which Telegram shows the webhook's secret.
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// How the Bot API is reached.
pub struct Settings {
    /// The chat's name in our own words.
    pub name: String,
    /// The Bot API; [`API`], unless a team runs its own.
    pub api_url: String,
    /// Reads the bot's token.
    pub token: Ask,
    /// Reads the secret of the webhook; without one the bot is read by long polls.
    pub webhook_secret: Option<Ask>,
}

/// A bot's account.
pub struct Telegram {
    name: String,
    base: Url,
    token: Ask,
    webhook_secret: Option<Ask>,
    client: Client,
    /// Known as soon as somebody listens: without it a request to the hook cannot be read.
    me: Mutex<Option<Arc<Me>>>,
}

/// Who we are on Telegram.
struct Me {
    id: i64,
    username: String,
    first_name: String,
}

impl Telegram {
    /// The error names the setting that cannot be used.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let Settings {
            name,
            api_url,
            token,
            webhook_secret,
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
            webhook_secret,
            client: http::client()?,
            me: Mutex::default(),
        })
    }

    /// Calls a method of the Bot API and answers its result.
    async fn call(&self, method: &str, body: &Value, limit: Duration) -> Result<Value, Delivery> {
        let token = self.token()?;
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments
                .pop_if_empty()
                .push(&format!("bot{token}"))
                .push(method);
        }
        let request = self.client.post(url).json(body).timeout(limit);
        let mut answered = http::call(request, &self.name, &token).await?;
        let parameters = &answered.body["parameters"];
        let after = parameters["retry_after"].as_u64().map(Duration::from_secs);
        answered.after = answered.after.or(after);
        // What it answers counts as it says itself, however a relay on the way passes it on.
        let code = answered.body["error_code"].as_u64();
        let code = code.filter(|_| answered.body["ok"] == false);
        if let Some(code) =
            code.and_then(|code| StatusCode::from_u16(u16::try_from(code).ok()?).ok())
        {
            answered.status = code;
        }
        // Hidden before it is shortened: half a token would not be found.
        let why = match answered.status.as_u16() {
            401 | 404 => "the bot's token is not valid there (any more)".to_owned(),
            409 => {
                "something else reads this bot already: another process, or a webhook that is set"
                    .to_owned()
            }
            _ => http::hide(
                answered.body["description"]
                    .as_str()
                    .unwrap_or(&answered.text),
                &token,
            ),
        };
        let mut body = answered.taken(&self.name, &token, Some(&why))?;
        if body["ok"] != true {
            let why = format!("{} does not answer as Telegram does", self.name);
            return Err(Delivery::Refused(why));
        }
        Ok(body["result"].take())
    }

    /// The token, which stands in the address of every call: only what is one may get there.
    fn token(&self) -> Result<String, Delivery> {
        let token = (self.token)().map_err(|why| Delivery::Later { after: None, why })?;
        let plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b':' | b'_' | b'-');
        if token.is_empty() || !token.bytes().all(plain) {
            let why = format!("{}: what is set as the bot's token is none", self.name);
            return Err(Delivery::Refused(why));
        }
        Ok(token)
    }

    /// Asks who we are, and keeps it.
    async fn ask_me(&self) -> Result<Arc<Me>, Delivery> {
        let said = self.call("getMe", &json!({}), http::LIMIT).await?;
        let text = |name: &str| said[name].as_str().unwrap_or_default().to_owned();
        let Some(id) = said["id"].as_i64() else {
            let why = format!("{} does not say who we are", self.name);
            return Err(Delivery::Refused(why));
        };
        let me = Arc::new(Me {
            id,
            username: text("username"),
            first_name: text("first_name"),
        });
        *self.me.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&me));
        Ok(me)
    }

    /// Whether a request to the hook shows the secret.
    fn shows_secret(&self, request: &HookRequest<'_>) -> Result<(), Turned> {
        let secret = self.webhook_secret.as_ref().ok_or(Turned::NoHook)?;
        let secret = secret().map_err(Turned::Later)?;
        if secret.is_empty() {
            return Err(Turned::Later(
                "the secret of the webhook is empty".to_owned(),
            ));
        }
        let shown = (request.header)(SECRET_HEADER)
            .ok_or_else(|| Turned::Forged(format!("the {SECRET_HEADER} header is missing")))?;
        if bool::from(shown.as_bytes().ct_eq(secret.as_bytes())) {
            Ok(())
        } else {
            Err(Turned::Forged(format!(
                "the {SECRET_HEADER} header is not the secret"
            )))
        }
    }
}

#[async_trait]
impl Chat for Telegram {
    fn can(&self) -> Can {
        Can {
            edit: true,
            threads: true,
            whisper: true,
            trust: Trust::Full,
        }
    }

    async fn listen(&self, from: Option<String>, ear: Sender<Batch>) -> String {
        let listening = match self.webhook_secret {
            Some(_) => self.standing(&ear).await,
            None => self.polling(from, &ear).await,
        };
        match listening {
            Ok(never) => match never {},
            Err(why) => why,
        }
    }

    fn hook(&self, request: &HookRequest<'_>) -> Result<Hooked, Turned> {
        self.shows_secret(request)?;
        let me = self
            .me
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let me =
            me.ok_or_else(|| Turned::Later("we do not know yet who we are there".to_owned()))?;
        let update: Value = serde_json::from_slice(request.body).unwrap_or_default();
        if !update["update_id"].is_i64() {
            return Err(Turned::Unreadable(
                "the body is no update of Telegram".to_owned(),
            ));
        }
        let pressed = read::pressed(&update);
        Ok(Hooked {
            heard: read::heard(&me, &update, request.now).into_iter().collect(),
            // Telegram calls the method that stands in the answer: so the button stops to wait.
            answer: pressed.map(|id| {
                let call = json!({ "method": "answerCallbackQuery", "callback_query_id": id });
                ("application/json", call.to_string())
            }),
        })
    }

    async fn say(&self, saying: &Saying) -> Result<String, Delivery> {
        let sent = self
            .call("sendMessage", &say::message(saying), http::LIMIT)
            .await?;
        match sent["message_id"].as_i64() {
            Some(id) => Ok(id.to_string()),
            None => Err(Delivery::Unknown(format!(
                "{} took a message and named no id for it",
                self.name
            ))),
        }
    }

    async fn edit(&self, message: &str, saying: &Saying) -> Result<(), Delivery> {
        let body = say::replacement(message, saying);
        match self.call("editMessageText", &body, http::LIMIT).await {
            // It says already what it is to say.
            Err(Delivery::Refused(why)) if why.contains("message is not modified") => Ok(()),
            other => other.map(drop),
        }
    }

    async fn account(&self) -> Result<String, String> {
        let me = self.ask_me().await.map_err(why)?;
        Ok(format!("{} (@{})", me.first_name, me.username))
    }
}
