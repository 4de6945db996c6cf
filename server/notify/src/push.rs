//! Web Push (RFC 8030, 8188, 8291): encrypts a message for one device and hands it to that device's push service.

use crate::answer::{Absent, client, send};
use crate::hosts::Hosts;
use crate::payload::payload;
use crate::vapid::Key;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::message::Channel;
use engine::ports::{Delivery, Sending, Subscription};
use jiff::Timestamp;
use reqwest::Client;
use std::sync::Arc;
use web_push_native::{Auth, encrypt, p256};

/// Longest time a push service keeps a message for a device that is off.
const TTL_MAX_S: u64 = 4 * 3600;

/// The way to devices.
pub struct WebPush {
    key: Arc<Key>,
    subject: String,
    hosts: Hosts,
    public_url: String,
    client: Client,
}

impl WebPush {
    /// Opens it; nothing is sent. The error is a sentence.
    pub fn new(
        key: Arc<Key>,
        subject: String,
        hosts: Hosts,
        public_url: String,
    ) -> Result<Self, String> {
        Ok(Self {
            key,
            subject,
            hosts,
            public_url,
            client: client()?,
        })
    }

    /// Hands one message over.
    pub async fn deliver(&self, to: &Subscription, sending: &Sending<'_>) -> Delivery {
        let url = match self.hosts.check(&to.endpoint) {
            Ok(url) => url,
            Err(bad) => return Delivery::Refused(bad.to_string()),
        };
        let name = url.host_str().unwrap_or("the push service").to_owned();
        let body = match seal(to, &payload(sending, to, &self.public_url).to_string()) {
            Ok(body) => body,
            Err(why) => return Delivery::Refused(why.to_owned()),
        };
        let authorization = match self.key.header(&url, &self.subject, Timestamp::now()) {
            Ok(authorization) => authorization,
            Err(error) => return Delivery::Refused(error.to_string()),
        };
        let request = self
            .client
            .post(url)
            .header("authorization", authorization)
            .header("content-encoding", "aes128gcm")
            .header("content-type", "application/octet-stream")
            .header("ttl", sending.lasts.as_secs().clamp(1, TTL_MAX_S))
            .header("urgency", urgency(sending.letter.channel))
            // What is still on its way about the same thing is replaced.
            .header("topic", sending.letter.about.key())
            .body(body);
        send(request, &name, Absent::Gone, None).await
    }
}

/// Whether the keys of a subscription can be used; said when a device subscribes, not at the first alarm.
pub fn usable(to: &Subscription) -> Result<(), &'static str> {
    seal(to, "").map(drop)
}

fn seal(to: &Subscription, text: &str) -> Result<Vec<u8>, &'static str> {
    let public = URL_SAFE_NO_PAD
        .decode(to.p256dh.trim_end_matches('='))
        .ok()
        .and_then(|bytes| p256::PublicKey::from_sec1_bytes(&bytes).ok())
        .ok_or("the device's key (p256dh) is not a point of P-256")?;
    let auth = URL_SAFE_NO_PAD
        .decode(to.auth.trim_end_matches('='))
        .ok()
        .and_then(Auth::from_exact_iter)
        .ok_or("the device's secret (auth) is not 16 bytes")?;
    encrypt(text.as_bytes().to_vec(), &public, &auth)
        .map_err(|_| "the message could not be encrypted")
}

const fn urgency(channel: Channel) -> &'static str {
    match channel {
        Channel::Important => "high",
        Channel::Default => "normal",
        Channel::Info => "low",
    }
}
