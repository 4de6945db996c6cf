//! Listens to each chat, stores what was heard before anything is done with it, and answers each person in the order of words.

use super::ChatOps;
use super::waiting::Queued;
use domain::command::parse;
use engine::ports::{Batch, Heard, StoreError};
use jiff::Timestamp;
use std::time::Duration;
use store::chats::Line;
use tokio::sync::mpsc::{Receiver, channel};

/// Most batches a chat may be ahead.
const AHEAD: usize = 4;
/// Pauses after a connection broke, growing while it breaks again.
const PAUSE: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_secs(60);

impl ChatOps {
    pub(super) async fn listen(self, name: String) {
        let mut pause = PAUSE;
        loop {
            if self.once(&name).await {
                pause = PAUSE;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// Listens until the connection breaks; answers whether it ever stood.
    async fn once(&self, name: &str) -> bool {
        let Some(seat) = self.inner.seats.get(name) else {
            return false;
        };
        let from = match self.inner.house.store.meta(&cursor(name)).await {
            Ok(from) => from,
            Err(error) => {
                self.trouble(name, error.to_string());
                return false;
            }
        };
        let (ear, heard) = channel(AHEAD);
        let (why, stood) = tokio::join!(seat.chat.listen(from, ear), self.take(name, heard));
        tracing::warn!(chat = name, "The chat is not listened to: {why}");
        self.trouble(name, why);
        self.inner.states.note(name, |state| state.since = None);
        stood
    }

    async fn take(&self, name: &str, mut heard: Receiver<Batch>) -> bool {
        let mut stood = false;
        while let Some(batch) = heard.recv().await {
            stood = true;
            self.inner.states.note(name, |state| {
                state.since.get_or_insert_with(Timestamp::now);
            });
            for one in batch.heard {
                self.surely(|| self.hear(name, one.clone())).await;
            }
            // Only now: what was not stored is read again after a restart.
            if let Some(at) = batch.cursor {
                let key = cursor(name);
                self.surely(|| self.inner.house.store.put_meta(&key, &at))
                    .await;
            }
        }
        stood
    }

    /// Tries until the store takes it: the chat waits meanwhile.
    async fn surely<F>(&self, again: impl Fn() -> F)
    where
        F: Future<Output = Result<(), StoreError>>,
    {
        while let Err(error) = again().await {
            tracing::error!(%error, "What was heard in a chat could not be stored; tried again");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Stores that it was heard; what is new is answered behind this.
    pub(super) async fn hear(&self, name: &str, heard: Heard) -> Result<(), StoreError> {
        let now = Timestamp::now();
        let acts = parse(&heard.text).is_ok_and(|command| command.acts());
        let line = self.inner.house.store.hear(name, &heard, acts, now).await?;
        self.inner
            .states
            .note(name, |state| state.heard = Some(now));
        match line {
            Line::Again => {}
            Line::Behind => {
                let ops = self.clone();
                let name = name.to_owned();
                tokio::spawn(async move { ops.refuse_behind(&name, &heard).await });
            }
            Line::Fresh => self.queue(name, heard),
        }
        Ok(())
    }

    /// One after the other for one person; different people never wait for each other.
    fn queue(&self, name: &str, heard: Heard) {
        let key = (name.to_owned(), heard.user.clone());
        match self.inner.waiting.add(&key, heard) {
            Queued::Behind => {}
            Queued::LeftOut => tracing::warn!(
                chat = key.0,
                user = key.1,
                "Too many lines wait: one was left out"
            ),
            Queued::Begin => {
                let ops = self.clone();
                tokio::spawn(async move {
                    while let Some(next) = ops.inner.waiting.next(&key) {
                        ops.answer(&key.0, &next).await;
                    }
                });
            }
        }
    }

    pub(super) fn trouble(&self, name: &str, why: String) {
        self.inner
            .states
            .note(name, |state| state.trouble = Some((Timestamp::now(), why)));
    }
}

/// Where the store keeps how far a chat was read.
fn cursor(name: &str) -> String {
    format!("chat_cursor:{name}")
}
