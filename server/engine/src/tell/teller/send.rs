//! Sees letters out: the intent is stored, the letter handed over, then what came of it is stored.

use super::Teller;
use crate::ports::{Delivery, Fate, Letter, Sending, StoreError};
use crate::tell::fate::{fate, later};
use domain::message::{About, Stage};
use std::time::Duration;
use tokio::task::JoinSet;

/// Most letters handed over at the same time.
const ABREAST: u32 = 16;
/// Longest handing over; a carrier that takes longer is not waited for.
const LIMIT: Duration = Duration::from_secs(15);
/// Longest sleep without a letter.
const REST: Duration = Duration::from_secs(60);
/// Pause after the store failed.
const PAUSE: Duration = Duration::from_secs(1);

impl Teller {
    pub(super) async fn send(self) {
        loop {
            let rest = match self.round().await {
                Ok(rest) => rest,
                Err(error) => {
                    tracing::warn!(%error, "Letters could not be read or stored; tried again");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            tokio::select! {
                () = self.inner.bell.notified() => {}
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    /// Hands over what is due; answers how long until the next letter.
    async fn round(&self) -> Result<Duration, StoreError> {
        let engine = &self.inner.engine;
        loop {
            let due = self.inner.outbox.due(engine.now(), ABREAST).await?;
            if due.is_empty() {
                break;
            }
            let badge = engine.badge().await?;
            let mut abreast = JoinSet::new();
            for letter in due {
                let teller = self.clone();
                abreast.spawn(async move { teller.one(letter, badge).await });
            }
            let mut failed = Ok(());
            while let Some(done) = abreast.join_next().await {
                let done = done.unwrap_or_else(|error| Err(StoreError::Failed(error.to_string())));
                failed = failed.and(done);
            }
            failed?;
        }
        let next = self.inner.outbox.next_due().await?;
        Ok(next.map_or(REST, |at| engine.until(at)).min(REST))
    }

    async fn one(&self, mut letter: Letter, badge: u32) -> Result<(), StoreError> {
        let (engine, outbox) = (&self.inner.engine, &self.inner.outbox);
        let now = engine.now();
        if !self.fresh(&mut letter).await? {
            return outbox.settle(&letter, &Fate::Over, now).await;
        }
        let speed = engine.speed();
        if letter.in_doubt {
            let lost = Delivery::Unknown("the process ended while it was handed over".to_owned());
            match fate(&letter, lost, now, speed) {
                Fate::Retry { .. } => {}
                other => return outbox.settle(&letter, &other, now).await,
            }
        }
        letter.tries += 1;
        // A process that dies now does not know whether it arrived: what follows is as after no answer.
        let again = later(letter.tries, None, now, speed);
        outbox.begin(&letter, again).await?;
        let sending = Sending {
            letter: &letter,
            lasts: engine.until(letter.until),
            badge,
        };
        let carried = tokio::time::timeout(LIMIT, self.inner.notifier.deliver(&sending)).await;
        let delivery = carried.unwrap_or_else(|_| {
            Delivery::Unknown(format!("no answer within {} s", LIMIT.as_secs()))
        });
        let fate = fate(&letter, delivery, engine.now(), speed);
        tracing::info!(
            to = letter.to.key(),
            about = letter.about.key(),
            ?fate,
            "Letter handed over"
        );
        outbox.settle(&letter, &fate, engine.now()).await?;
        if let (Fate::Said(_), About::Recovery(id)) = (&fate, letter.about) {
            engine.words_kept(id);
        }
        Ok(())
    }

    /// Whether what it says is still so; takes over the newest words.
    async fn fresh(&self, letter: &mut Letter) -> Result<bool, StoreError> {
        if letter.until <= self.inner.engine.now() {
            return Ok(false);
        }
        if matches!(letter.about, About::Device(_) | About::Test) {
            return Ok(true);
        }
        let Some(now) = self.current(letter.about).await? else {
            return Ok(false);
        };
        if letter.stage == Stage::Escalated {
            // Its own words: they name the person whose turn it was.
            return Ok(now.stage == Stage::NeedsHuman);
        }
        if now.stage != letter.stage {
            return Ok(false);
        }
        letter.title = now.title;
        letter.body = now.body;
        letter.until = now.until;
        Ok(true)
    }
}
