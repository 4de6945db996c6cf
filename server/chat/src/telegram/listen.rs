//! Reads a bot's updates by long polls, or looks after its account while a webhook tells them.

use super::{Telegram, read, why};
use crate::http;
use engine::ports::{Batch, Delivery};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::mpsc::Sender;
use tokio::time::{MissedTickBehavior, interval};

/// How long Telegram waits for something to say, in seconds.
const POLL: u32 = 30;
/// Longest wait for the answer to a long poll: longer than the poll, so that a dead connection is noticed.
const POLL_LIMIT: Duration = Duration::from_secs(60);
/// Most updates that are answered at once, as Telegram allows it.
const AT_ONCE: usize = 100;
/// Shortest time from one poll to the next, for a Bot API that answers at once with nothing.
const PACE: Duration = Duration::from_millis(250);
/// How often the account is looked at while a webhook tells what is said.
const CHECK: Duration = Duration::from_secs(5 * 60);

impl Telegram {
    /// Reads until it breaks.
    pub(super) async fn polling(
        &self,
        from: Option<String>,
        ear: &Sender<Batch>,
    ) -> Result<Infallible, String> {
        let me = self.ask_me().await.map_err(why)?;
        let mut offset = match from.and_then(|from| from.parse().ok()) {
            Some(offset) => offset,
            None => self.after_what_is_old().await.map_err(why)?,
        };
        let mut resumed = true;
        let mut pace = interval(PACE);
        pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            pace.tick().await;
            // The first answer comes at once: it says that the connection stands. Asking for an offset tells Telegram that all
            // before it was handed over, so it is asked for only then.
            let wait = if resumed { 0 } else { POLL };
            let mut updates = self.updates(offset, wait).await.map_err(why)?;
            offset = next(&updates).unwrap_or(offset);
            let more = updates.len() >= AT_ONCE;
            if resumed {
                updates = self.still_waiting(updates).await;
            }
            let now = Timestamp::now();
            let batch = Batch {
                heard: updates
                    .iter()
                    .filter_map(|update| read::heard(&me, update, now))
                    .collect(),
                cursor: Some(offset.to_string()),
            };
            self.hand_over(batch, ear).await?;
            if !resumed {
                for press in updates.iter().filter_map(read::pressed) {
                    // It only ends the button's waiting; what was said with it is handed over.
                    let _ = self.answer(press).await;
                }
            }
            resumed = resumed && more;
        }
    }

    /// Looks after the account for as long as it answers; requests to the hook bring the words.
    pub(super) async fn standing(&self, ear: &Sender<Batch>) -> Result<Infallible, String> {
        let mut beat = interval(CHECK);
        loop {
            beat.tick().await;
            self.ask_me().await.map_err(why)?;
            self.hand_over(Batch::default(), ear).await?;
        }
    }

    async fn hand_over(&self, batch: Batch, ear: &Sender<Batch>) -> Result<(), String> {
        let handed = ear.send(batch).await;
        handed.map_err(|_| format!("nobody listens to {} any more", self.name))
    }

    /// The offset behind everything that was said before our first start; 0 takes all that comes from now on.
    async fn after_what_is_old(&self) -> Result<i64, Delivery> {
        let newest = self.updates(-1, 0).await?;
        Ok(next(&newest).unwrap_or(0))
    }

    async fn updates(&self, offset: i64, wait: u32) -> Result<Vec<Value>, Delivery> {
        let body = json!({
            "offset": offset, "limit": AT_ONCE, "timeout": wait, "allowed_updates": ["message", "callback_query"],
        });
        match self.call("getUpdates", &body, POLL_LIMIT).await? {
            Value::Array(updates) => Ok(updates),
            _ => Err(Delivery::Refused(format!(
                "{} answered no list of updates",
                self.name
            ))),
        }
    }

    /// After a pause a press on a button can be hours old, and nothing in it says so. Telegram itself takes no answer to an old
    /// one: then nobody waits for it any more, and it must not act.
    async fn still_waiting(&self, updates: Vec<Value>) -> Vec<Value> {
        let mut kept = Vec::new();
        for update in updates {
            let fresh = match read::pressed(&update) {
                Some(press) => self.answer(press).await.is_ok(),
                None => true,
            };
            if fresh {
                kept.push(update);
            }
        }
        kept
    }

    async fn answer(&self, press: &str) -> Result<(), Delivery> {
        let body = json!({ "callback_query_id": press });
        let answered = self.call("answerCallbackQuery", &body, http::LIMIT).await;
        answered.map(drop)
    }
}

/// The offset behind these.
fn next(updates: &[Value]) -> Option<i64> {
    let ids = updates.iter().filter_map(|one| one["update_id"].as_i64());
    ids.max().map(|last| last.saturating_add(1))
}
