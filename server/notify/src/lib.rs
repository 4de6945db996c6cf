//! Carries messages to phones by Web Push, to webhooks and by mail; decides nothing and never tries twice.

mod answer;
pub mod heartbeat;
pub mod hosts;
pub mod mail;
mod pager;
pub mod payload;
pub mod push;
pub mod room;
pub mod vapid;
pub mod webhook;

use async_trait::async_trait;
use engine::ports::{Chat, Delivery, Letter, Notifier, Sending, Way};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads a secret at the moment it is used; the error is a sentence without the secret.
pub type Ask = Arc<dyn Fn() -> Result<String, String> + Send + Sync>;

/// All ways out.
pub struct Carrier {
    /// To devices.
    pub push: push::WebPush,
    /// To webhooks, by name.
    pub webhooks: Vec<webhook::Webhook>,
    /// To mailboxes, where there is a mail server.
    pub mail: Option<mail::Mail>,
    /// Addresses of each mailbox.
    pub mailboxes: BTreeMap<String, Vec<String>>,
    /// To rooms, by the name of their chat.
    pub chats: BTreeMap<String, Arc<dyn Chat>>,
    /// Where people reach us.
    pub public_url: String,
}

#[async_trait]
impl Notifier for Carrier {
    async fn deliver(&self, sending: &Sending<'_>) -> Delivery {
        match &sending.letter.way {
            Way::Push(subscription) => self.push.deliver(subscription, sending).await,
            Way::Webhook(name) => match self.webhooks.iter().find(|one| one.name() == name) {
                Some(webhook) => webhook.deliver(sending.letter).await,
                None => Delivery::Refused(format!("no webhook is called {name} any more")),
            },
            Way::Room { chat, room, thread } => {
                self.say(sending.letter, chat, room, thread.as_deref())
                    .await
            }
            Way::Direct { chat, user } => {
                let Some(found) = self.chats.get(chat) else {
                    return gone(chat);
                };
                match found.alone_with(user).await {
                    Ok(room) => self.say(sending.letter, chat, &room, None).await,
                    Err(failed) => failed,
                }
            }
            Way::Mailbox(name) => match (&self.mail, self.mailboxes.get(name)) {
                (Some(mail), Some(to)) => mail.deliver(to, sending.letter).await,
                _ => Delivery::Refused(format!("no mailbox is called {name} any more")),
            },
        }
    }
}

impl Carrier {
    async fn say(&self, letter: &Letter, chat: &str, room: &str, thread: Option<&str>) -> Delivery {
        let Some(found) = self.chats.get(chat) else {
            return gone(chat);
        };
        let thread = thread.filter(|_| found.can().threads);
        let saying = room::saying(letter, room, thread, &self.public_url);
        let said = found.say(&saying).await;
        said.map_or_else(|failed| failed, Delivery::Said)
    }
}

fn gone(chat: &str) -> Delivery {
    Delivery::Refused(format!("no chat is called {chat} any more"))
}
