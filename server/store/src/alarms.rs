//! Table `alarm`: what came in, and what became of it.

mod accept;
mod list;

pub(crate) use accept::accept;
pub(crate) use list::{firing, list};

use crate::column::{Columns, key, micros, word};
use crate::{Fault, Sqlite};
use domain::alarm::{Alarm, Status};
use domain::id::{AlarmId, PersonName, RecoveryId, RuleId};
use engine::ports::{AlarmRow, StoreError, Verdict};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

impl Sqlite {
    /// Forgets alarms received before a time (90 days ago, by contract) that have their final word; answers how many.
    /// At most 10,000 at a time, so that nobody waits long behind it: call again until it answers less.
    pub async fn forget_alarms(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let gone = sqlx::query(
                    "delete from alarm where id in (
                       select id from alarm where received_at < ?1 and disposition <> 'accepted' limit 10000)",
                )
                .bind(micros(before))
                .execute(connection)
                .await?;
                Ok(gone.rows_affected())
            })
        })
        .await
    }
}

pub(crate) fn alarm_of(row: &SqliteRow) -> Result<Alarm, Fault> {
    Ok(Alarm {
        id: AlarmId(row.id("id")?),
        source: row.word("source")?,
        fingerprint: row.try_get("fingerprint")?,
        text: row.try_get("text")?,
        labels: row.json("labels")?,
        starts_at: row.at("starts_at")?,
        received_at: row.at("received_at")?,
        status: row.word("status")?,
        close_with: row.try_get("close_with")?,
    })
}

fn row_of(row: &SqliteRow) -> Result<AlarmRow, Fault> {
    let number = |column: &str| -> Result<Option<u64>, Fault> {
        let number: Option<i64> = row.try_get(column)?;
        Ok(number.map(i64::cast_unsigned))
    };
    Ok(AlarmRow {
        alarm: alarm_of(row)?,
        verdict: Verdict {
            disposition: row.word("disposition")?,
            rule: number("rule")?.map(RuleId),
            recovery: number("recovery")?.map(RecoveryId),
            note: row.try_get("note")?,
            needs_look: row.try_get("needs_look")?,
        },
        acknowledged: row
            .at_opt("acknowledged_at")?
            .zip(row.word_opt("acknowledged_by")?),
    })
}

pub(crate) async fn undisposed(
    connection: &mut SqliteConnection,
    limit: u32,
) -> Result<Vec<Alarm>, Fault> {
    let rows =
        sqlx::query("select * from alarm where disposition = 'accepted' order by id limit ?1")
            .bind(limit)
            .fetch_all(connection)
            .await?;
    rows.iter().map(alarm_of).collect()
}

pub(crate) async fn get(
    connection: &mut SqliteConnection,
    id: AlarmId,
) -> Result<Option<AlarmRow>, Fault> {
    let row = sqlx::query("select * from alarm where id = ?1")
        .bind(key(id.0))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(row_of).transpose()
}

pub(crate) async fn tried(connection: &mut SqliteConnection, id: AlarmId) -> Result<u32, Fault> {
    let row = sqlx::query("update alarm set tries = tries + 1 where id = ?1 returning tries")
        .bind(key(id.0))
        .fetch_optional(connection)
        .await?;
    row.ok_or_else(|| absent(id))?.count("tries")
}

pub(crate) async fn dispose(
    connection: &mut SqliteConnection,
    id: AlarmId,
    verdict: &Verdict,
) -> Result<(), Fault> {
    let done = sqlx::query(
        "update alarm set disposition = ?2, rule = ?3, recovery = ?4, note = ?5, needs_look = ?6 where id = ?1",
    )
    .bind(key(id.0))
    .bind(word(&verdict.disposition)?)
    .bind(verdict.rule.map(|rule| key(rule.0)))
    .bind(verdict.recovery.map(|recovery| key(recovery.0)))
    .bind(&verdict.note)
    .bind(verdict.needs_look)
    .execute(connection)
    .await?;
    there(id, done.rows_affected())
}

/// The time of a close is that of its recovery's newest event, which is the intent to close: both are on the
/// product's clock, which the store cannot read.
pub(crate) async fn set_status(
    connection: &mut SqliteConnection,
    id: AlarmId,
    status: Status,
) -> Result<(), Fault> {
    let done = sqlx::query(
        "update alarm set status = ?2, closed_at = case
           when ?2 <> 'closed' then null
           when status = 'closed' then closed_at
           else coalesce(
             (select at from recovery_event where recovery_id = alarm.recovery order by n desc limit 1),
             last_seen)
         end where id = ?1",
    )
    .bind(key(id.0))
    .bind(word(&status)?)
    .execute(connection)
    .await?;
    there(id, done.rows_affected())
}

pub(crate) async fn acknowledge(
    connection: &mut SqliteConnection,
    id: AlarmId,
    who: &PersonName,
    at: Timestamp,
) -> Result<(), Fault> {
    // the first one to see it is the one who saw it.
    let done = sqlx::query(
        "update alarm set acknowledged_at = coalesce(acknowledged_at, ?2),
                          acknowledged_by = coalesce(acknowledged_by, ?3) where id = ?1",
    )
    .bind(key(id.0))
    .bind(micros(at))
    .bind(who.as_str())
    .execute(connection)
    .await?;
    there(id, done.rows_affected())
}

pub(crate) async fn closed_since(
    connection: &mut SqliteConnection,
    alarm: &Alarm,
    since: Timestamp,
) -> Result<Option<(AlarmId, RecoveryId)>, Fault> {
    let row = sqlx::query(
        "select id, recovery from alarm
         where source = ?1 and fingerprint = ?2 and status = 'closed' and closed_at >= ?3
           and id <> ?4 and recovery is not null
         order by closed_at desc, id desc limit 1",
    )
    .bind(alarm.source.as_str())
    .bind(&alarm.fingerprint)
    .bind(micros(since))
    .bind(key(alarm.id.0))
    .fetch_optional(connection)
    .await?;
    row.map(|row| Ok((AlarmId(row.id("id")?), RecoveryId(row.id("recovery")?))))
        .transpose()
}

fn absent(id: AlarmId) -> Fault {
    Fault::absent(format!("alarm {id}"))
}

fn there(id: AlarmId, rows: u64) -> Result<(), Fault> {
    if rows == 1 { Ok(()) } else { Err(absent(id)) }
}
