//! Table `story_mark`: which events make the story of a recovery.

use crate::Fault;
use crate::column::{Columns, key, micros};
use domain::id::RecoveryId;
use domain::timeline::StoryMark;
use sqlx::{Row, SqliteConnection};

pub(crate) async fn of(
    connection: &mut SqliteConnection,
    id: RecoveryId,
) -> Result<Vec<StoryMark>, Fault> {
    let rows = sqlx::query("select * from story_mark where recovery_id = ?1 order by n")
        .bind(key(id.0))
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(StoryMark {
                n: row.count("n")?,
                starred: row.try_get("starred")?,
                happened_at: row.at_opt("happened_at")?,
                by: row.word("set_by")?,
                at: row.at("set_at")?,
            })
        })
        .collect()
}

pub(crate) async fn set(
    connection: &mut SqliteConnection,
    id: RecoveryId,
    mark: &StoryMark,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into story_mark (recovery_id, n, starred, happened_at, set_by, set_at)
         values (?1, ?2, ?3, ?4, ?5, ?6)
         on conflict (recovery_id, n) do update set
           starred = excluded.starred, happened_at = excluded.happened_at,
           set_by = excluded.set_by, set_at = excluded.set_at",
    )
    .bind(key(id.0))
    .bind(mark.n)
    .bind(mark.starred)
    .bind(mark.happened_at.map(micros))
    .bind(mark.by.as_str())
    .bind(micros(mark.at))
    .execute(connection)
    .await?;
    Ok(())
}
