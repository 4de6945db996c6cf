//! The second channel: a small JSON to an address of the config, for whatever gets through where a web app cannot.

use crate::Ask;
use crate::answer::{Absent, client, send};
use engine::ports::{Delivery, Letter};
use reqwest::{Client, Url};
use serde_json::{Value, json};

/// One webhook.
pub struct Webhook {
    name: String,
    url: Url,
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
    /// Checks the address; nothing is sent. The error is a sentence.
    pub fn new(
        name: String,
        url: &str,
        bearer: Option<Ask>,
        public_url: String,
    ) -> Result<Self, String> {
        let url = address(url)
            .ok_or_else(|| format!("webhook {url:?} is not valid: expected http(s)://host/.."))?;
        Ok(Self {
            name,
            url,
            bearer,
            public_url,
            client: client()?,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hands one message over.
    pub async fn deliver(&self, letter: &Letter) -> Delivery {
        let mut request = self
            .client
            .post(self.url.clone())
            .json(&body(letter, &self.public_url));
        match self.bearer.as_ref().map(|ask| ask()) {
            None => {}
            Some(Ok(token)) => request = request.bearer_auth(token),
            Some(Err(why)) => return Delivery::Later { after: None, why },
        }
        let name = self.url.host_str().unwrap_or("the webhook").to_owned();
        send(request, &name, Absent::Wrong).await
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
        "url": format!("{}{}", public_url.trim_end_matches('/'), letter.path),
        "written_at": format!("{:.3}", letter.written_at),
    })
}
