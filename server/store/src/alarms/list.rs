//! Lists of alarms, newest first.

use super::row_of;
use crate::Fault;
use crate::column::{key, micros, word};
use engine::ports::{AlarmFilter, AlarmRow, Page};
use jiff::Timestamp;
use sqlx::SqliteConnection;

pub(crate) async fn list(
    connection: &mut SqliteConnection,
    filter: &AlarmFilter,
    page: Page,
) -> Result<Vec<AlarmRow>, Fault> {
    // its own statement, because only then the partial index of the few that need a look is used.
    let sql = if filter.needs_look {
        "select * from alarm
         where needs_look = 1 and acknowledged_at is null
           and id < ?1 and (?2 is null or received_at >= ?2) and (?3 is null or status = ?3)
         order by id desc limit ?4"
    } else {
        "select * from alarm
         where id < ?1 and (?2 is null or received_at >= ?2) and (?3 is null or status = ?3)
         order by id desc limit ?4"
    };
    let rows = sqlx::query(sql)
        .bind(page.after.map_or(i64::MAX, key))
        .bind(filter.since.map(micros))
        .bind(filter.status.map(|status| word(&status)).transpose()?)
        .bind(page.limit)
        .fetch_all(connection)
        .await?;
    rows.iter().map(row_of).collect()
}

/// How many different ones fire, are seen by nobody and are not done with.
pub(crate) async fn firing(
    connection: &mut SqliteConnection,
    since: Timestamp,
) -> Result<u32, Fault> {
    let count = sqlx::query_scalar(
        "select count(*) from (
           select distinct source, text from alarm
           where status = 'firing' and said = 'firing' and acknowledged_at is null and received_at >= ?1
             and disposition not in ('duplicate', 'expired', 'poison')
             and (recovery is null or exists (
               select 1 from recovery where recovery.id = alarm.recovery and recovery.active = 1)))",
    )
    .bind(micros(since));
    Ok(count.fetch_one(connection).await?)
}
