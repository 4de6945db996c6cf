//! The objects of `/api/v1/devices`.

use crate::web::api::moment::written;
use app::desk::views::{DeviceView, DevicesView, LetterView, WebhookView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who is told.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Devices {
    /// The public key a browser subscribes with, base64url.
    pub key: String,
    /// The person's own devices first, then for an admin those of others.
    pub items: Vec<Device>,
    /// Second channels.
    pub webhooks: Vec<Webhook>,
}

/// One device.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Device {
    /// Number.
    pub id: u64,
    /// Whose.
    pub person: String,
    /// What that person calls it.
    pub name: String,
    /// What it seems to be.
    pub platform: String,
    /// What it hears: `important`, `default`, `info`.
    pub channels: Vec<&'static str>,
    /// Whether its lock screen shows the title only.
    pub hide_details: bool,
    /// Since when it is known.
    pub created_at: String,
    /// When it was used last.
    pub last_seen: String,
    /// When a message was last taken for it.
    pub last_delivery: Option<String>,
    /// Why the last one was not; null once one was taken again.
    pub failure: Option<String>,
    /// When it is forgotten, if nobody uses it.
    pub expires_at: String,
    /// The last test.
    pub test: Option<Letter>,
}

/// A second channel.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Webhook {
    /// Name.
    pub name: String,
    /// Host.
    pub host: String,
    /// What it hears.
    pub channels: Vec<&'static str>,
    /// The last message to it.
    pub last: Option<Letter>,
}

/// What became of a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Letter {
    /// `important`, `default` or `info`.
    pub channel: &'static str,
    /// Title.
    pub title: String,
    /// `waiting`, `trying`, `sent`, `failed`, `unknown` or `over`.
    pub state: String,
    /// Why it is not sent.
    pub why: Option<String>,
    /// When it was written.
    pub written_at: String,
    /// After how many milliseconds it arrived, as far as the device said so.
    pub arrived_ms: Option<u64>,
    /// Whether it was opened.
    pub opened: bool,
}

/// What the Push API of a browser gives.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Subscription {
    /// The push address.
    pub endpoint: String,
    /// The keys.
    pub keys: Keys,
    /// When the browser lets it expire; not used.
    #[serde(default, rename = "expirationTime")]
    pub _expiration: Option<f64>,
    /// The push address before, if the browser changed it.
    pub before: Option<String>,
    /// What to call it; else guessed from the user agent.
    pub platform: Option<String>,
}

/// The keys of a subscription.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Public key.
    pub p256dh: String,
    /// Secret.
    pub auth: String,
}

/// The new device.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Added {
    /// Its number.
    pub id: u64,
}

/// What a device is to hear.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Name.
    pub name: String,
    /// `important`, `default`, `info`.
    pub channels: Vec<String>,
    /// Whether its lock screen shows the title only.
    pub hide_details: bool,
}

/// How loud a test is.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Test {
    /// `important`, `default` or `info`; `default` if nobody says.
    pub channel: Option<String>,
}

/// What became of a message on a device.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The message's id, as it stood in the message.
    pub id: String,
    /// `received` or `clicked`.
    pub what: String,
}

/// A device in use.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Its push address.
    pub endpoint: String,
}

impl From<DevicesView> for Devices {
    fn from(view: DevicesView) -> Self {
        let items = view.mine.into_iter().chain(view.others);
        Self {
            key: view.key,
            items: items.map(Device::from).collect(),
            webhooks: view.webhooks.into_iter().map(Webhook::from).collect(),
        }
    }
}

impl From<DeviceView> for Device {
    fn from(view: DeviceView) -> Self {
        Self {
            id: view.id,
            person: view.person.into(),
            name: view.name,
            platform: view.platform,
            channels: view.channels.iter().map(|one| one.word()).collect(),
            hide_details: view.hide_details,
            created_at: written(view.created_at),
            last_seen: written(view.last_seen),
            last_delivery: view.last_ok.map(written),
            failure: view.failed.map(|(_, why)| why),
            expires_at: written(view.expires_at),
            test: view.test.map(Letter::from),
        }
    }
}

impl From<WebhookView> for Webhook {
    fn from(view: WebhookView) -> Self {
        Self {
            name: view.name,
            host: view.host,
            channels: view.channels.iter().map(|one| one.word()).collect(),
            last: view.last.map(Letter::from),
        }
    }
}

impl From<LetterView> for Letter {
    fn from(view: LetterView) -> Self {
        Self {
            channel: view.channel.word(),
            title: view.title,
            state: view.state,
            why: view.why,
            written_at: written(view.written_at),
            arrived_ms: view.arrived_ms,
            opened: view.opened,
        }
    }
}
