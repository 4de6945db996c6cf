//! The second channel: a small JSON to an address of the config, for whatever gets through where a web app cannot.

use crate::answer::{Absent, client, send};
use crate::{Ask, pager};
use engine::ports::{Delivery, Letter};
use reqwest::{Client, Url};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How a webhook wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Our own small JSON, for every message.
    #[default]
    Plain,
    /// PagerDuty's Events API v2: calls for help open, ends resolve.
    PagerDuty,
    /// GoAlert's generic API: calls for help open, ends close.
    GoAlert,
}

/// One webhook.
pub struct Webhook {
    name: String,
    url: Url,
    shape: Shape,
    bearer: Option<Ask>,
    public_url: String,
    client: Client,
}

/// An absolute http(s) address without a name or password in it.
pub fn address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    })
}

impl Webhook {
    /// Checks the address; nothing is sent. `bearer` is the token, and to a pager its routing key or integration key,
    /// without which it takes nothing. The error is a sentence.
    pub fn new(
        name: String,
        url: &str,
        shape: Shape,
        bearer: Option<Ask>,
        public_url: String,
    ) -> Result<Self, String> {
        let url = address(url)
            .ok_or_else(|| format!("webhook {url:?} is not valid: expected http(s)://host/.."))?;
        if shape != Shape::Plain && bearer.is_none() {
            return Err(format!(
                "webhook {name}: a pager needs its key: set token_file or token_env"
            ));
        }
        Ok(Self {
            name,
            url,
            shape,
            bearer,
            public_url,
            client: client()?,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hands one message over. A pager is told only of what opens or ends a call for help; the rest counts as taken.
    pub async fn deliver(&self, letter: &Letter) -> Delivery {
        let event = pager::event(letter);
        if self.shape != Shape::Plain && event.is_none() {
            return Delivery::Taken;
        }
        let token = match self.bearer.as_ref().map(|ask| ask()).transpose() {
            Ok(token) => token,
            Err(why) => return Delivery::Later { after: None, why },
        };
        let post = self.client.post(self.url.clone());
        let request = match (self.shape, event, &token) {
            (Shape::PagerDuty, Some(event), Some(key)) => {
                post.json(&pager::pagerduty(letter, event, key, &self.public_url))
            }
            (Shape::GoAlert, Some(event), Some(key)) => {
                post.form(&pager::goalert(letter, event, key, &self.public_url))
            }
            (_, _, Some(token)) => post
                .json(&body(letter, &self.public_url))
                .bearer_auth(token),
            (_, _, None) => post.json(&body(letter, &self.public_url)),
        };
        let name = self.url.host_str().unwrap_or("the webhook").to_owned();
        send(request, &name, Absent::Wrong, token.as_deref()).await
    }
}

/// What it is told; `id` is the same for every try of one message.
pub fn body(letter: &Letter, public_url: &str) -> Value {
    json!({
        "id": letter.id,
        "about": letter.about.key(),
        "state": letter.stage,
        "channel": letter.channel,
        "title": letter.title,
        "body": letter.body,
        "url": link(letter, public_url),
        "written_at": format!("{:.3}", letter.written_at),
    })
}

/// The address of the screen that a message opens.
pub fn link(letter: &Letter, public_url: &str) -> String {
    format!("{}{}", public_url.trim_end_matches('/'), letter.path)
}
