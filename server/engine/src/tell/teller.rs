//! Writes letters about what the log says and sees them out: behind the recoveries, never in their way.

mod escalate;
mod look;
mod send;

use crate::Engine;
use crate::ports::{Notifier, Outbox, Recipient, StoreError};
use domain::message::{Channel, Ladder, Wants, test};
use std::sync::Arc;
use tokio::sync::Notify;

/// A webhook, room or mailbox of the config, and what it wants to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Whom.
    pub to: Recipient,
    /// What.
    pub wants: Wants,
}

/// The teller: a handle that is cheap to clone.
#[derive(Clone)]
pub struct Teller {
    inner: Arc<Inner>,
}

struct Inner {
    engine: Engine,
    outbox: Arc<dyn Outbox>,
    notifier: Arc<dyn Notifier>,
    standing: Vec<Standing>,
    ladder: Option<Ladder>,
    /// Rung when a letter was written.
    bell: Notify,
}

impl Teller {
    /// Begins to watch and to send, for as long as the process.
    pub fn start(
        engine: Engine,
        outbox: Arc<dyn Outbox>,
        notifier: Arc<dyn Notifier>,
        standing: Vec<Standing>,
        ladder: Option<Ladder>,
    ) -> Self {
        let told = engine.listen();
        let teller = Self {
            inner: Arc::new(Inner {
                engine,
                outbox,
                notifier,
                standing,
                ladder,
                bell: Notify::new(),
            }),
        };
        tokio::spawn(teller.clone().watch(told));
        tokio::spawn(teller.clone().send());
        teller
    }

    /// The webhooks, rooms and mailboxes.
    pub fn standing(&self) -> &[Standing] {
        &self.inner.standing
    }

    /// Sends a test.
    pub async fn test(&self, to: &Recipient, channel: Channel) -> Result<(), StoreError> {
        let now = self.inner.engine.now();
        self.inner
            .outbox
            .post_to(to, &test(channel, now), now)
            .await?;
        self.inner.bell.notify_one();
        Ok(())
    }
}
