//! PagerDuty as the place where an alarm is closed: a `resolve` event of its Events API v2.

use crate::close::{Ask, address, answer, client, send};
use async_trait::async_trait;
use domain::alarm::Alarm;
use domain::step::Answer;
use engine::ports::AlarmSource;
use jiff::Timestamp;
use reqwest::{Client, Url};
use serde_json::json;

/// Where events go unless another region's address is set.
pub const DEFAULT_URL: &str = "https://events.pagerduty.com/v2/enqueue";

/// One integration of a PagerDuty service.
pub struct PagerDuty {
    url: Url,
    routing_key: Ask,
    dedup_label: Option<String>,
    client: Client,
}

impl PagerDuty {
    /// `dedup_label`: the label that holds the `dedup_key` under which the incident was opened; without it, or where
    /// an alarm lacks it, the alarm's fingerprint. Nothing is sent. The error is a sentence.
    pub fn new(url: &str, routing_key: Ask, dedup_label: Option<String>) -> Result<Self, String> {
        let url = address(url).ok_or_else(|| {
            format!("pagerduty_url {url:?} is not valid: expected http(s)://host/..")
        })?;
        Ok(Self {
            url,
            routing_key,
            dedup_label,
            client: client()?,
        })
    }
}

#[async_trait]
impl AlarmSource for PagerDuty {
    async fn close(&self, alarm: &Alarm, _now: Timestamp) -> Answer {
        let routing_key = match (self.routing_key)() {
            Ok(key) => key,
            Err(why) => return Answer::Retryable(why),
        };
        let label = self
            .dedup_label
            .as_ref()
            .and_then(|name| alarm.labels.get(name));
        let request = self.client.post(self.url.clone()).json(&json!({
            "routing_key": routing_key,
            "event_action": "resolve",
            "dedup_key": label.unwrap_or(&alarm.fingerprint),
        }));
        let reply = send(request).await;
        answer("PagerDuty", reply.map(|reply| reply.without(&routing_key)))
    }
}
