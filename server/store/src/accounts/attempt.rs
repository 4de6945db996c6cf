//! Table `attempt`: how often somebody tried to sign in lately.

use crate::Sqlite;
use crate::column::micros;
use engine::ports::StoreError;
use jiff::{SignedDuration, Timestamp};

const WINDOW: i64 = 15 * 60 * 1_000_000;
const MOST: i64 = 5;

/// Whether one more attempt may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// Yes; it is counted.
    Allowed,
    /// Not before so long.
    RetryAfter(SignedDuration),
}

impl Sqlite {
    /// Asks for one attempt under a key (an address, a name): 5 in any 15 minutes.
    pub async fn attempt(&self, key: &str, now: Timestamp) -> Result<Attempt, StoreError> {
        let key = key.to_owned();
        self.write(move |connection| {
            Box::pin(async move {
                let now = micros(now);
                sqlx::query("delete from attempt where at <= ?1")
                    .bind(now - WINDOW)
                    .execute(&mut *connection)
                    .await?;
                // of the newest five the oldest: when it leaves the window there is room again.
                let oldest: Option<i64> = sqlx::query_scalar(
                    "select at from attempt where key = ?1 order by at desc limit 1 offset ?2",
                )
                .bind(&key)
                .bind(MOST - 1)
                .fetch_optional(&mut *connection)
                .await?;
                if let Some(oldest) = oldest {
                    let wait = SignedDuration::from_micros((oldest + WINDOW - now).max(1));
                    return Ok(Attempt::RetryAfter(wait));
                }
                sqlx::query("insert into attempt (key, at) values (?1, ?2)")
                    .bind(&key)
                    .bind(now)
                    .execute(connection)
                    .await?;
                Ok(Attempt::Allowed)
            })
        })
        .await
    }

    /// Forgets the attempts under a key: they ended in a sign-in.
    pub async fn forget_attempts(&self, key: &str) -> Result<(), StoreError> {
        let key = key.to_owned();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("delete from attempt where key = ?1")
                    .bind(key)
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}
