//! Carries messages to phones by Web Push, to webhooks and by mail; decides nothing and never tries twice.

mod answer;
pub mod heartbeat;
pub mod hosts;
pub mod mail;
mod pager;
pub mod payload;
pub mod push;
pub mod vapid;
pub mod webhook;

use async_trait::async_trait;
use engine::ports::{Delivery, Notifier, Sending, Way};
use std::sync::Arc;

/// Reads a secret at the moment it is used; the error is a sentence without the secret.
pub type Ask = Arc<dyn Fn() -> Result<String, String> + Send + Sync>;

/// All ways out.
pub struct Carrier {
    /// To devices.
    pub push: push::WebPush,
    /// To webhooks, by name.
    pub webhooks: Vec<webhook::Webhook>,
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
            Way::Room { chat, .. } => {
                Delivery::Refused(format!("no chat is called {chat} any more"))
            }
            Way::Mailbox(name) => {
                Delivery::Refused(format!("no mailbox is called {name} any more"))
            }
        }
    }
}
