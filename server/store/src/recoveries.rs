//! Tables `recovery_event` and `recovery`: the log, and the list made from it in the same transaction.

mod count;
mod follow;
mod list;
mod projection;

pub(crate) use count::{recent, starts};
pub use follow::Followed;
pub(crate) use list::{active, get, last_ended, list, logs, readable, totals, went_well};

use crate::Fault;
use crate::column::{Columns, json, key, micros, word};
use domain::event::Event;
use domain::id::{ClusterName, NodeName, RecoveryId};
use domain::recovery::replay;
use engine::ports::store::EventsOf;
use engine::ports::{NewRecovery, StoreError};
use sqlx::{Row, SqliteConnection};

pub(crate) async fn create(
    connection: &mut SqliteConnection,
    new: &NewRecovery,
    events: EventsOf,
) -> Result<RecoveryId, Fault> {
    let next: i64 = sqlx::query_scalar("select coalesce(max(id), 0) + 1 from recovery")
        .fetch_one(&mut *connection)
        .await?;
    let id = RecoveryId(next.cast_unsigned());
    let events = events(id);
    let recovery = replay(&events).map_err(|illegal| Fault::failed(illegal.to_string()))?;
    if recovery.id != id {
        return Err(Fault::failed(format!(
            "the plan says recovery {}, its number is {id}",
            recovery.id
        )));
    }
    if recovery.holds_slot()
        && let Some(holder) = holder(connection, &new.cluster, &new.node).await?
    {
        return Err(StoreError::Held(holder).into());
    }
    projection::insert(connection, id, new, &recovery, &events).await?;
    write(connection, id, 1, &events).await?;
    Ok(id)
}

pub(crate) async fn append(
    connection: &mut SqliteConnection,
    id: RecoveryId,
    n: u32,
    events: &[Event],
) -> Result<(), Fault> {
    let mut log = self::events(connection, id).await?;
    let written = u32::try_from(log.len()).unwrap_or(u32::MAX);
    if written == 0 {
        return Err(Fault::absent(format!("recovery {id}")));
    }
    if n <= written {
        return Err(StoreError::Raced { recovery: id, n }.into());
    }
    if n > written.saturating_add(1) {
        return Err(Fault::failed(format!(
            "event {n} of recovery {id} would leave a gap: {written} are written"
        )));
    }
    log.extend_from_slice(events);
    let recovery = replay(&log).map_err(|illegal| Fault::failed(illegal.to_string()))?;
    write(connection, id, n, events).await?;
    projection::update(connection, id, &recovery, &log).await
}

/// All events, in order.
pub(crate) async fn events(
    connection: &mut SqliteConnection,
    id: RecoveryId,
) -> Result<Vec<Event>, Fault> {
    let rows = sqlx::query("select body from recovery_event where recovery_id = ?1 order by n")
        .bind(key(id.0))
        .fetch_all(connection)
        .await?;
    rows.iter().map(|row| row.json("body")).collect()
}

async fn write(
    connection: &mut SqliteConnection,
    id: RecoveryId,
    first: u32,
    events: &[Event],
) -> Result<(), Fault> {
    for (n, event) in (first..).zip(events) {
        sqlx::query(
            "insert into recovery_event (recovery_id, n, seq, at, kind, step, body)
             values (?1, ?2, (select coalesce(max(seq), 0) + 1 from recovery_event), ?3, ?4, ?5, ?6)",
        )
        .bind(key(id.0))
        .bind(n)
        .bind(micros(event.at))
        .bind(event.what.kind())
        .bind(event.what.step().map(|step| word(&step)).transpose()?)
        .bind(json(event)?)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

async fn holder(
    connection: &mut SqliteConnection,
    cluster: &ClusterName,
    node: &NodeName,
) -> Result<Option<RecoveryId>, Fault> {
    let row =
        sqlx::query("select id from recovery where cluster = ?1 and node = ?2 and active = 1")
            .bind(cluster.as_str())
            .bind(node.as_str())
            .fetch_optional(connection)
            .await?;
    row.map(|row| Ok(RecoveryId(row.try_get::<i64, _>("id")?.cast_unsigned())))
        .transpose()
}
