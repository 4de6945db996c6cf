//! Table `command_line`: the last lines each person ran on the command page.

use crate::column::{Columns, key, micros};
use crate::{Fault, Sqlite};
use domain::id::{PersonName, RecoveryId};
use engine::ports::StoreError;
use jiff::Timestamp;
use sqlx::Row;

/// Lines kept for each person.
pub const LINES_KEPT: u32 = 50;

/// A line that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLine {
    /// Who.
    pub person: PersonName,
    /// When, on the product's clock.
    pub at: Timestamp,
    /// The line.
    pub line: String,
    /// The answer, or why it was refused.
    pub reply: String,
    /// Whether it was refused.
    pub refused: bool,
    /// The recovery that was begun or approved.
    pub recovery: Option<RecoveryId>,
}

/// A stored line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// Its number.
    pub id: u64,
    /// What it says.
    pub what: NewLine,
}

impl Sqlite {
    /// Keeps a line, and forgets this person's oldest ones.
    pub async fn keep_line(&self, new: &NewLine) -> Result<(), StoreError> {
        let new = new.clone();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "insert into command_line (person, at, line, reply, refused, recovery)
                     values (?1, ?2, ?3, ?4, ?5, ?6)",
                )
                .bind(new.person.as_str())
                .bind(micros(new.at))
                .bind(new.line)
                .bind(new.reply)
                .bind(new.refused)
                .bind(new.recovery.map(|id| key(id.0)))
                .execute(&mut *connection)
                .await?;
                sqlx::query(
                    "delete from command_line where person = ?1 and id not in
                     (select id from command_line where person = ?1 order by id desc limit ?2)",
                )
                .bind(new.person.as_str())
                .bind(LINES_KEPT)
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// The lines of a person, newest first.
    pub async fn lines(&self, person: &PersonName) -> Result<Vec<LineRow>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query("select * from command_line where person = ?1 order by id desc")
            .bind(person.as_str())
            .fetch_all(&mut *reader)
            .await
            .map_err(|error| Fault::from(error).named())?;
        let line = |row: &sqlx::sqlite::SqliteRow| {
            Ok(LineRow {
                id: row.id("id")?,
                what: NewLine {
                    person: row.word("person")?,
                    at: row.at("at")?,
                    line: row.try_get("line")?,
                    reply: row.try_get("reply")?,
                    refused: row.try_get("refused")?,
                    recovery: row
                        .try_get::<Option<i64>, _>("recovery")?
                        .map(|id| RecoveryId(id.cast_unsigned())),
                },
            })
        };
        rows.iter()
            .map(line)
            .collect::<Result<_, Fault>>()
            .map_err(|fault| fault.named())
    }
}
