//! Devices that are told, the second channel, and what may be ordered about them.

use domain::id::PersonName;
use domain::message::Channel;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// All that the page about devices shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DevicesView {
    /// The public key a browser subscribes with.
    pub key: String,
    /// The person's own devices, the last used first.
    pub mine: Vec<DeviceView>,
    /// Those of other people, for an admin.
    pub others: Vec<DeviceView>,
    /// Second channels.
    pub webhooks: Vec<WebhookView>,
}

/// One device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceView {
    /// Its number.
    pub id: u64,
    /// Whose it is.
    pub person: PersonName,
    /// What that person calls it.
    pub name: String,
    /// What it seems to be.
    pub platform: String,
    /// By this a browser knows its own row: the SHA-256 of its push address.
    pub mark: String,
    /// What it hears.
    pub channels: Vec<Channel>,
    /// Whether its lock screen shows the title only.
    pub hide_details: bool,
    /// Since when it is known.
    pub created_at: Timestamp,
    /// When it was used last.
    pub last_seen: Timestamp,
    /// When a message was last taken for it.
    pub last_ok: Option<Timestamp>,
    /// When one was not, and why; nothing once one was taken again.
    pub failed: Option<(Timestamp, String)>,
    /// When it is forgotten, if nobody uses it.
    pub expires_at: Timestamp,
    /// Whether that is near.
    pub expires_soon: bool,
    /// The last test.
    pub test: Option<LetterView>,
}

/// A second channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookView {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub host: String,
    /// What it hears.
    pub channels: Vec<Channel>,
    /// The last message to it.
    pub last: Option<LetterView>,
}

/// What became of a message to one recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterView {
    /// Its channel.
    pub channel: Channel,
    /// Its title.
    pub title: String,
    /// `waiting`, `trying`, `sent`, `failed`, `unknown` or `over`.
    pub state: String,
    /// Why it is not sent.
    pub why: Option<String>,
    /// When it was written.
    pub written_at: Timestamp,
    /// After how many milliseconds on the wall clock it arrived.
    pub arrived_ms: Option<u64>,
    /// Whether it was opened.
    pub opened: bool,
}

/// A browser that asks to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDevice {
    /// What it seems to be.
    pub platform: String,
    /// Its push address.
    pub endpoint: String,
    /// Its public key.
    pub p256dh: String,
    /// Its secret.
    pub auth: String,
    /// Its push address before, if the browser changed it.
    pub before: Option<String>,
}

/// What to do with a device or a second channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceOrder {
    /// Tell this browser.
    Add(NewDevice),
    /// Tell it other things.
    Change {
        /// Which.
        id: u64,
        /// What its person calls it.
        name: String,
        /// What it hears.
        channels: Vec<Channel>,
        /// Whether its lock screen shows the title only.
        hide_details: bool,
    },
    /// Forget it.
    Remove {
        /// Which.
        id: u64,
    },
    /// Send it a test.
    Test {
        /// Which.
        id: u64,
        /// As loud as this.
        channel: Channel,
    },
    /// Send a second channel a test.
    TestWebhook {
        /// Which.
        name: String,
    },
}

/// What a browser says of itself or of a message; whoever knows the secret in it may say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeviceReport {
    /// This message arrived.
    Received {
        /// Its unguessable id.
        id: String,
    },
    /// This message was opened.
    Clicked {
        /// Its unguessable id.
        id: String,
    },
    /// The device with this push address is in use.
    Seen {
        /// The address.
        endpoint: String,
    },
}
