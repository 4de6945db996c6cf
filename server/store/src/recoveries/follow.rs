//! Following the events of all recoveries, for readers that were away.

use crate::column::{Columns, key};
use crate::{Fault, Sqlite};
use domain::event::Event;
use domain::id::RecoveryId;
use engine::ports::StoreError;

/// An event with its place in the order over all recoveries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// Place in that order, from 1, without gaps.
    pub seq: u64,
    /// Its recovery.
    pub recovery: RecoveryId,
    /// Its number there.
    pub n: u32,
    /// What happened.
    pub event: Event,
}

impl Sqlite {
    /// The place of the newest event; 0 when there is none.
    pub async fn newest_seq(&self) -> Result<u64, StoreError> {
        let mut reader = self.reader().await?;
        let row = sqlx::query("select coalesce(max(seq), 0) as seq from recovery_event")
            .fetch_one(&mut *reader)
            .await;
        row.map_err(Fault::from)
            .and_then(|row| row.id("seq"))
            .map_err(|fault| fault.named())
    }

    /// Events after a place, in order, at most `limit`.
    pub async fn events_after(&self, seq: u64, limit: u32) -> Result<Vec<Followed>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query(
            "select seq, recovery_id, n, body from recovery_event where seq > ?1 order by seq limit ?2",
        )
        .bind(key(seq))
        .bind(limit)
        .fetch_all(&mut *reader)
        .await
        .map_err(|error| Fault::from(error).named())?;
        rows.iter()
            .map(|row| {
                Ok(Followed {
                    seq: row.id("seq")?,
                    recovery: RecoveryId(row.id("recovery_id")?),
                    n: row.count("n")?,
                    event: row.json("body")?,
                })
            })
            .collect::<Result<_, Fault>>()
            .map_err(|fault| fault.named())
    }
}
