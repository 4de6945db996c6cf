//! Writing a new row, a repeat, or the end of open ones.

use super::Entry;
use crate::Fault;
use crate::column::{Columns, json, word};
use domain::alarm::NewAlarm;
use domain::id::AlarmId;
use sqlx::SqliteConnection;

pub(super) async fn insert(
    connection: &mut SqliteConnection,
    entry: &Entry<'_>,
    now: i64,
) -> Result<AlarmId, Fault> {
    let alarm = entry.alarm;
    let row = sqlx::query(
        "insert into alarm (source, fingerprint, said, starts_at, repeat, status, text, truncated,
                            labels, close_with, received_at, last_seen)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11) returning id",
    )
    .bind(alarm.source.as_str())
    .bind(&alarm.fingerprint)
    .bind(entry.said.word())
    .bind(entry.starts_at)
    .bind(entry.repeat)
    .bind(word(&entry.status)?)
    .bind(&alarm.text)
    .bind(alarm.truncated)
    .bind(json(&alarm.labels)?)
    .bind(&alarm.close_with)
    .bind(now)
    .fetch_one(connection)
    .await?;
    Ok(AlarmId(row.id("id")?))
}

/// The alarm came again.
pub(super) async fn seen(
    connection: &mut SqliteConnection,
    id: i64,
    now: i64,
) -> Result<(), Fault> {
    // max: a clock that went back must not end an episode.
    sqlx::query("update alarm set last_seen = max(last_seen, ?2) where id = ?1")
        .bind(id)
        .bind(now)
        .execute(connection)
        .await?;
    Ok(())
}

/// Resolves what still fires, and says how many; a late word about an old episode leaves younger ones alone.
pub(super) async fn end_open(
    connection: &mut SqliteConnection,
    alarm: &NewAlarm,
    starts_at: Option<i64>,
) -> Result<u64, Fault> {
    let done = sqlx::query(
        "update alarm set status = 'resolved'
         where source = ?1 and fingerprint = ?2 and status = 'firing' and starts_at <= ?3",
    )
    .bind(alarm.source.as_str())
    .bind(&alarm.fingerprint)
    .bind(starts_at.unwrap_or(i64::MAX))
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}
