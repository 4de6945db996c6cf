//! Mattermost: told by slash commands, outgoing webhooks and buttons, answers by its API as a bot.

mod api;
mod hook;
mod markdown;

use crate::http::{self, LIMIT};
use crate::{Ask, words};
use api::{Me, Request, later};
use async_trait::async_trait;
use engine::ports::{Batch, Can, Chat, Delivery, HookRequest, Hooked, Saying, Trust, Turned};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::Instant;

/// How often the account is looked at: nothing else tells that it still works.
const AGAIN: Duration = Duration::from_secs(5 * 60);

/// How one Mattermost is reached.
pub struct Settings {
    /// Its name in the config, for the words of errors.
    pub name: String,
    /// The address of the server.
    pub api_url: String,
    /// The access token of the bot.
    pub token: Ask,
    /// Tokens of slash commands and outgoing webhooks: each is taken, the first one marks our buttons.
    pub hook_tokens: Vec<Ask>,
    /// Where Mattermost reaches our hook, for buttons.
    pub hook_url: String,
}

/// One server of Mattermost.
pub struct Mattermost {
    settings: Settings,
    api: String,
    client: Client,
    /// Who we are, once Mattermost said it.
    me: Mutex<Option<Me>>,
}

impl Mattermost {
    /// Checks the addresses; nothing is sent. The error is a sentence.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let named = |why| format!("{}: {why}", settings.name);
        let server = http::base(&settings.api_url).map_err(named)?;
        http::base(&settings.hook_url).map_err(named)?;
        Ok(Self {
            settings,
            api: format!("{server}/api/v4"),
            client: http::client()?,
            me: Mutex::new(None),
        })
    }

    /// The text and the attachments of a post.
    fn post(&self, saying: &Saying) -> Result<(String, Vec<Value>), Delivery> {
        let token = match self.settings.hook_tokens.first() {
            Some(ask) if !saying.buttons.is_empty() => ask().map_err(later)?,
            _ => String::new(),
        };
        if token.is_empty() {
            // Nobody could tell a press of our buttons from a made-up one.
            let text = words::without_buttons(saying);
            return Ok((markdown::shown(&text), Vec::new()));
        }
        let actions: Vec<Value> = saying
            .buttons
            .iter()
            .enumerate()
            .map(|(place, button)| {
                json!({
                    // Letters and digits only: Mattermost finds no other id again.
                    "id": format!("line{place}"),
                    "type": "button",
                    "name": button.label,
                    "integration": {
                        "url": self.settings.hook_url,
                        "context": hook::context(button, &saying.key, root(saying), &token),
                    },
                })
            })
            .collect();
        let attachments = vec![json!({ "actions": actions })];
        Ok((markdown::shown(&saying.text), attachments))
    }

    /// Our hook tokens that can be read and are not empty, and why another one cannot be read.
    fn hook_tokens(&self) -> (Vec<String>, Option<String>) {
        let mut tokens = Vec::new();
        let mut failed = None;
        for ask in &self.settings.hook_tokens {
            match ask() {
                Ok(token) if token.is_empty() => {}
                Ok(token) => tokens.push(token),
                Err(why) => failed = Some(why),
            }
        }
        (tokens, failed)
    }

    fn read(&self, request: &HookRequest<'_>, tokens: &[String]) -> Result<Hooked, Turned> {
        let fields = hook::fields(request.body)?;
        let heard = if fields["context"].is_object() {
            Some(hook::press(&fields, request.now, tokens)?)
        } else if !hook::known(request, &fields, tokens) {
            let why = "the token is missing or none of ours".to_owned();
            return Err(Turned::Forged(why));
        } else if hook::text(&fields, "command").is_some() {
            let heard = hook::slash(&fields, request.now).map_err(Turned::Unreadable)?;
            Some(heard)
        } else {
            hook::message(&fields, request.now, self.me().as_ref()).map_err(Turned::Unreadable)?
        };
        Ok(Hooked {
            heard: heard.into_iter().collect(),
            // Mattermost shows an error where nothing comes back.
            answer: Some(("application/json", "{}".to_owned())),
        })
    }
}

#[async_trait]
impl Chat for Mattermost {
    fn can(&self) -> Can {
        Can {
            edit: true,
            threads: true,
            whisper: true,
            trust: Trust::Token,
        }
    }

    async fn listen(&self, _from: Option<String>, ear: Sender<Batch>) -> String {
        loop {
            if let Err(why) = self.account().await {
                return why;
            }
            if ear.send(Batch::default()).await.is_err() {
                return "nobody listens any more".to_owned();
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    fn hook(&self, request: &HookRequest<'_>) -> Result<Hooked, Turned> {
        if self.settings.hook_tokens.is_empty() {
            return Err(Turned::NoHook);
        }
        let (tokens, failed) = self.hook_tokens();
        match (self.read(request, &tokens), failed) {
            // It may carry the very token that cannot be read.
            (Err(Turned::Forged(_)), Some(why)) => Err(Turned::Later(why)),
            (read, _) => read,
        }
    }

    async fn say(&self, saying: &Saying) -> Result<String, Delivery> {
        let until = Instant::now() + LIMIT;
        let (text, attachments) = self.post(saying)?;
        let me = self.known_me(until).await?;
        let room = match &saying.only_to {
            Some(user) => self.direct(&me, user, until).await?,
            None => saying.room.clone(),
        };
        // The same for every try: Mattermost takes such a post once, for as long as it remembers.
        let key = hex::encode(Sha256::digest(saying.key.as_bytes()));
        let mut body = json!({
            "channel_id": room,
            "message": text,
            "pending_post_id": format!("{}:{key}", me.id),
            "props": { "attachments": attachments },
        });
        if let Some(root) = root(saying) {
            body["root_id"] = json!(root);
        }
        let request = Request {
            method: Method::POST,
            path: "posts",
            body: Some(body),
            until,
        };
        let said = self.call(request).await?;
        let id = hook::text(&said, "id").map(str::to_owned);
        id.ok_or_else(|| {
            let name = &self.settings.name;
            Delivery::Unknown(format!("{name} took the message and did not name it"))
        })
    }

    async fn alone_with(&self, user: &str) -> Result<String, Delivery> {
        let until = Instant::now() + LIMIT;
        let me = self.known_me(until).await?;
        self.direct(&me, user, until).await
    }

    async fn edit(&self, message: &str, saying: &Saying) -> Result<(), Delivery> {
        if message.is_empty() || !message.bytes().all(|one| one.is_ascii_alphanumeric()) {
            // It becomes part of an address.
            let why = "the id of the message is none of Mattermost's".to_owned();
            return Err(Delivery::Refused(why));
        }
        let (text, attachments) = self.post(saying)?;
        // Empty attachments too are written: they take the buttons away.
        let body = json!({ "message": text, "props": { "attachments": attachments } });
        let request = Request {
            method: Method::PUT,
            path: &format!("posts/{message}/patch"),
            body: Some(body),
            until: Instant::now() + LIMIT,
        };
        self.call(request).await.map(|_| ())
    }

    async fn account(&self) -> Result<String, String> {
        let me = self.ask_me(Instant::now() + LIMIT).await;
        me.map(|me| format!("bot @{}", http::one_line(&me.name)))
            .map_err(http::why)
    }
}

/// The thread; a direct channel has none of the threads of other rooms.
fn root(saying: &Saying) -> Option<&str> {
    let thread = saying.thread.as_deref();
    thread.filter(|_| saying.only_to.is_none())
}
