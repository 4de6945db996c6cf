//! Forgets what is no longer kept: alarms after 90 days, sessions and requests that ended.

use engine::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use store::Sqlite;
use tower_sessions::session_store::ExpiredDeletion;

/// How long alarms are kept.
const ALARM_DAYS: i64 = 90;
/// How long the storm breaker's troubles are kept; it never looks back further than its window.
const TROUBLE_DAYS: i64 = 30;
/// How long the ids of heard lines are kept.
const CHAT_DAYS: i64 = 7;
/// Pause between two rounds.
const ROUND: Duration = Duration::from_secs(3600);
/// Pause between two parts of one round, so that alarms never wait behind it.
const BREATH: Duration = Duration::from_millis(200);

/// Runs for as long as the process.
pub async fn keep(store: Sqlite, clock: Arc<dyn Clock>) {
    if let Err(error) = store.drop_unfinished_requests().await {
        tracing::warn!(%error, "Requests of an earlier process could not be dropped");
    }
    loop {
        let before = clock.now() - SignedDuration::from_hours(24 * ALARM_DAYS);
        loop {
            match store.forget_alarms(before).await {
                Ok(0) => break,
                Ok(count) => tracing::info!(count, "Alarms older than {ALARM_DAYS} days forgotten"),
                Err(error) => {
                    tracing::warn!(%error, "Old alarms could not be forgotten");
                    break;
                }
            }
            tokio::time::sleep(BREATH).await;
        }
        let before = clock.now() - SignedDuration::from_hours(24 * TROUBLE_DAYS);
        if let Err(error) = store.forget_troubles(before).await {
            tracing::warn!(%error, "Old troubles of nodes could not be forgotten");
        }
        // On the wall clock, as chats are: a week is far longer than any of them tries again.
        let before = Timestamp::now() - SignedDuration::from_hours(24 * CHAT_DAYS);
        if let Err(error) = store.forget_chat_lines(before).await {
            tracing::warn!(%error, "Old lines of chats could not be forgotten");
        }
        if let Err(error) = store.delete_expired().await {
            tracing::warn!(%error, "Ended sessions could not be forgotten");
        }
        tokio::time::sleep(ROUND).await;
    }
}
