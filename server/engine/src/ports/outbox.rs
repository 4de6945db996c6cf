//! Messages on their way to phones and webhooks, and who carries them there.

use super::StoreError;
use async_trait::async_trait;
use domain::id::PersonName;
use domain::message::{About, Channel, Message, Stage};
use jiff::Timestamp;
use std::time::Duration;

/// Who gets a message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient {
    /// A subscribed device.
    Device(u64),
    /// A configured webhook.
    Webhook(String),
    /// A room of a configured chat.
    Room {
        /// The chat's name.
        chat: String,
        /// The room's id there.
        room: String,
    },
    /// A person alone, in a configured chat.
    Direct {
        /// The chat's name.
        chat: String,
        /// The person's id there.
        user: String,
    },
    /// A configured mailbox.
    Mailbox(String),
}

impl Recipient {
    /// The word of the store.
    pub fn key(&self) -> String {
        match self {
            Self::Device(id) => format!("device-{id}"),
            Self::Webhook(name) => format!("webhook-{name}"),
            Self::Room { chat, room } => format!("chat-{chat}/{room}"),
            Self::Direct { chat, user } => format!("direct-{chat}/{user}"),
            Self::Mailbox(name) => format!("mail-{name}"),
        }
    }

    /// The chat and the room in it, or the person there; `None` for what is no chat.
    pub fn chat(&self) -> Option<(&str, &str)> {
        match self {
            Self::Room { chat, room } => Some((chat, room)),
            Self::Direct { chat, user } => Some((chat, user)),
            Self::Device(_) | Self::Webhook(_) | Self::Mailbox(_) => None,
        }
    }

    /// What a word of the store means; a name of a chat has no slash in it.
    pub fn parse(key: &str) -> Option<Self> {
        let (kind, rest) = key.split_once('-')?;
        match kind {
            "device" => rest.parse().ok().map(Self::Device),
            "webhook" => Some(Self::Webhook(rest.to_owned())),
            "chat" => rest.split_once('/').map(|(chat, room)| Self::Room {
                chat: chat.to_owned(),
                room: room.to_owned(),
            }),
            "direct" => rest.split_once('/').map(|(chat, user)| Self::Direct {
                chat: chat.to_owned(),
                user: user.to_owned(),
            }),
            "mail" => Some(Self::Mailbox(rest.to_owned())),
            _ => None,
        }
    }
}

/// Where a device's push service takes messages, and the keys only that device can read with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Address at the push service.
    pub endpoint: String,
    /// The device's public key, base64url.
    pub p256dh: String,
    /// The device's secret, base64url.
    pub auth: String,
    /// Whether its lock screen shows the title only.
    pub hide_details: bool,
}

/// The way to a recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// To a device, by its push service.
    Push(Subscription),
    /// To the webhook of this name.
    Webhook(String),
    /// To a room of a chat: below the message that the thing has there already, if it has one.
    Room {
        /// The chat's name.
        chat: String,
        /// The room's id there.
        room: String,
        /// The message.
        thread: Option<String>,
    },
    /// To a person alone.
    Direct {
        /// The chat's name.
        chat: String,
        /// The person's id there.
        user: String,
    },
    /// To the mailbox of this name.
    Mailbox(String),
}

/// One message to one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Nobody can guess it: who shows it has got the message.
    pub id: String,
    /// To whom.
    pub to: Recipient,
    /// How.
    pub way: Way,
    /// What it is about.
    pub about: About,
    /// Which state of it.
    pub stage: Stage,
    /// How much it may disturb.
    pub channel: Channel,
    /// Title.
    pub title: String,
    /// Body.
    pub body: String,
    /// The screen it opens.
    pub path: String,
    /// Useless afterwards, on the product's clock.
    pub until: Timestamp,
    /// When it was written.
    pub written_at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
    /// Whether nobody wrote down what came of the last try: the process died in it.
    pub in_doubt: bool,
}

/// A letter as it goes out: what only the moment knows is added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending<'a> {
    /// The letter.
    pub letter: &'a Letter,
    /// How long it is of use, on the wall clock.
    pub lasts: Duration,
    /// Alarms that fire and nobody has acknowledged: the number on the app's icon.
    pub badge: u32,
}

/// What came of handing a letter over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// It was taken.
    Taken,
    /// It was said, and the message has this id.
    Said(String),
    /// That recipient does not exist any more.
    Gone(String),
    /// It will never be taken as it is.
    Refused(String),
    /// It was not taken this time; the other side may say from when on it may be tried again.
    Later {
        /// Not before.
        after: Option<Duration>,
        /// Why.
        why: String,
    },
    /// No answer: it may have been taken.
    Unknown(String),
}

/// Carries a letter; never decides, never tries twice.
#[async_trait]
pub trait Notifier: Send + Sync {
    /// Hands it over within 10 s.
    async fn deliver(&self, sending: &Sending<'_>) -> Delivery;
}

/// What becomes of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Taken.
    Sent,
    /// Said: the message of this id is the one to which the rest about the same thing belongs, if it is the first.
    Said(String),
    /// Tried again then.
    Retry {
        /// When, on the product's clock.
        at: Timestamp,
        /// Why it was not taken.
        why: String,
    },
    /// Given up.
    Failed(String),
    /// It may have arrived; not tried again.
    Unknown(String),
    /// The recipient does not exist any more: it is forgotten.
    Gone(String),
    /// What it says is no longer so.
    Over,
}

/// The letters that survive a restart; a method answers only after its commit.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Writes a message to every device that wants its channel, and to these others; who has it already, for the
    /// same thing, state and round, gets it once. Answers how many letters are new.
    async fn post(
        &self,
        message: &Message,
        others: &[Recipient],
        now: Timestamp,
    ) -> Result<u32, StoreError>;
    /// The same to one recipient, whatever it wants to hear.
    async fn post_to(
        &self,
        to: &Recipient,
        message: &Message,
        now: Timestamp,
    ) -> Result<u32, StoreError>;
    /// The same to every device of a person, whatever it wants to hear, and to that person alone in every chat in which
    /// the person is known.
    async fn post_person(
        &self,
        person: &PersonName,
        message: &Message,
        now: Timestamp,
    ) -> Result<u32, StoreError>;
    /// Letters that may go out, the most important and then the oldest first.
    async fn due(&self, now: Timestamp, limit: u32) -> Result<Vec<Letter>, StoreError>;
    /// When the next letter may go out.
    async fn next_due(&self) -> Result<Option<Timestamp>, StoreError>;
    /// Stores the intent to hand it over; without a word on what came of it, it is due again at `again`.
    async fn begin(&self, letter: &Letter, again: Timestamp) -> Result<(), StoreError>;
    /// Stores what came of it.
    async fn settle(&self, letter: &Letter, fate: &Fate, now: Timestamp) -> Result<(), StoreError>;
    /// Devices nobody used since then, with the time they were last seen.
    async fn silent(&self, since: Timestamp) -> Result<Vec<(u64, Timestamp)>, StoreError>;
    /// Forgets devices nobody used since then, and letters written before `letters`; answers how many devices.
    async fn forget(&self, devices: Timestamp, letters: Timestamp) -> Result<u32, StoreError>;
}
