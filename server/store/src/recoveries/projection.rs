//! The list row of a recovery, from its events.

use crate::column::{Columns, key, micros, word};
use crate::{Fault, Sqlite};
use domain::id::RecoveryId;
use domain::recovery::{Recovery, replay};
use engine::ports::{NewRecovery, StoreError};
use sqlx::SqliteConnection;

impl Sqlite {
    /// Writes all list rows anew from the events; answers how many there are.
    pub async fn rebuild_projection(&self) -> Result<u64, StoreError> {
        self.write(|connection| {
            Box::pin(async move {
                let rows = sqlx::query("select id from recovery order by id")
                    .fetch_all(&mut *connection)
                    .await?;
                for row in &rows {
                    let id = RecoveryId(row.id("id")?);
                    let events = super::events(connection, id).await?;
                    let recovery =
                        replay(&events).map_err(|illegal| Fault::failed(illegal.to_string()))?;
                    update(connection, id, &recovery).await?;
                }
                Ok(rows.len() as u64)
            })
        })
        .await
    }
}

pub(super) async fn insert(
    connection: &mut SqliteConnection,
    id: RecoveryId,
    new: &NewRecovery,
    recovery: &Recovery,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into recovery (id, active, state, outcome, started_at, ended_at, events, cluster, node, node_uid)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )
    .bind(key(id.0))
    .bind(recovery.holds_slot())
    .bind(word(&recovery.state())?)
    .bind(recovery.outcome().map(|outcome| word(&outcome)).transpose()?)
    .bind(micros(recovery.started_at()))
    .bind(recovery.ended_at().map(micros))
    .bind(recovery.n)
    .bind(new.cluster.as_str())
    .bind(new.node.as_str())
    .bind(new.uid.as_str())
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn update(
    connection: &mut SqliteConnection,
    id: RecoveryId,
    recovery: &Recovery,
) -> Result<(), Fault> {
    sqlx::query(
        "update recovery set active = ?2, state = ?3, outcome = ?4, started_at = ?5, ended_at = ?6, events = ?7
         where id = ?1",
    )
    .bind(key(id.0))
    .bind(recovery.holds_slot())
    .bind(word(&recovery.state())?)
    .bind(recovery.outcome().map(|outcome| word(&outcome)).transpose()?)
    .bind(micros(recovery.started_at()))
    .bind(recovery.ended_at().map(micros))
    .bind(recovery.n)
    .execute(connection)
    .await?;
    Ok(())
}
