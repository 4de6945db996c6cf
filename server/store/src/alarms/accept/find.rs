//! Finding the row an alarm may repeat.

use super::Said;
use crate::Fault;
use crate::column::Columns;
use domain::alarm::{NewAlarm, Status};
use sqlx::{Row, SqliteConnection};

/// What must be known of a stored row.
pub(super) struct Known {
    pub id: i64,
    pub starts_at: i64,
    pub repeat: i64,
    pub status: Status,
    pub last_seen: i64,
    pub closed_at: i64,
}

/// The newest row of the alarm's source and fingerprint; with `starts_at` only among those with this start.
pub(super) async fn newest(
    connection: &mut SqliteConnection,
    alarm: &NewAlarm,
    said: Said,
    starts_at: Option<i64>,
) -> Result<Option<Known>, Fault> {
    // ordered as the unique index is, so that one look at it is enough however many episodes there were.
    let sql = match starts_at {
        Some(_) => {
            "select id, starts_at, repeat, status, last_seen, closed_at from alarm
             where source = ?1 and fingerprint = ?2 and said = ?3 and starts_at = ?4
             order by repeat desc limit 1"
        }
        None => {
            "select id, starts_at, repeat, status, last_seen, closed_at from alarm
             where source = ?1 and fingerprint = ?2 and said = ?3
             order by starts_at desc, repeat desc limit 1"
        }
    };
    let query = sqlx::query(sql)
        .bind(alarm.source.as_str())
        .bind(&alarm.fingerprint)
        .bind(said.word());
    let query = match starts_at {
        Some(starts_at) => query.bind(starts_at),
        None => query,
    };
    let row = query.fetch_optional(connection).await?;
    row.map(|row| {
        let last_seen = row.try_get("last_seen")?;
        Ok(Known {
            id: row.try_get("id")?,
            starts_at: row.try_get("starts_at")?,
            repeat: row.try_get("repeat")?,
            status: row.word("status")?,
            last_seen,
            closed_at: row
                .try_get::<Option<i64>, _>("closed_at")?
                .unwrap_or(last_seen),
        })
    })
    .transpose()
}
