//! A source with an address of its own that is told by a small JSON when an alarm is over.

use crate::close::{Ask, address, answer, client, send};
use async_trait::async_trait;
use domain::alarm::Alarm;
use domain::step::Answer;
use engine::ports::AlarmSource;
use jiff::Timestamp;
use reqwest::{Client, Url};
use serde_json::json;

/// The callback of one source; its address comes from the config, never from an alarm.
pub struct Callback {
    url: Url,
    bearer: Option<Ask>,
    client: Client,
}

impl Callback {
    /// Checks the address; nothing is sent. The error is a sentence.
    pub fn new(url: &str, bearer: Option<Ask>) -> Result<Self, String> {
        let url = address(url)
            .ok_or_else(|| format!("callback {url:?} is not valid: expected http(s)://host/.."))?;
        Ok(Self {
            url,
            bearer,
            client: client()?,
        })
    }
}

#[async_trait]
impl AlarmSource for Callback {
    async fn close(&self, alarm: &Alarm, now: Timestamp) -> Answer {
        let mut request = self.client.post(self.url.clone()).json(&json!({
            "source": alarm.source,
            "fingerprint": alarm.fingerprint,
            "status": "closed",
            "text": alarm.text,
            "labels": alarm.labels,
            "starts_at": alarm.starts_at.to_string(),
            "closed_at": now.to_string(),
        }));
        match self.bearer.as_ref().map(|ask| ask()) {
            None => {}
            Some(Ok(token)) => request = request.bearer_auth(token),
            Some(Err(why)) => return Answer::Retryable(why),
        }
        answer(
            self.url.host_str().unwrap_or("the callback"),
            send(request).await,
        )
    }
}
