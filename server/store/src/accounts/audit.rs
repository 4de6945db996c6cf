//! Table `audit`: who did what by which door, refusals included.

use crate::column::{Columns, key, micros};
use crate::{Fault, Sqlite};
use engine::ports::{Page, StoreError};
use jiff::Timestamp;
use sqlx::Row;

/// A row to be written. Never a secret in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAudit {
    /// When.
    pub at: Timestamp,
    /// Who; for a failed sign-in what they said they were.
    pub actor: String,
    /// By which door: `page`, `api`, `command`, `chat`, `cli`.
    pub door: String,
    /// What: a verb and a noun, `sign_in`, `throw_switch`.
    pub action: String,
    /// On what.
    pub target: String,
    /// In words: how it ended.
    pub detail: String,
}

/// A written row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its number.
    pub id: u64,
    /// What it says.
    pub what: NewAudit,
}

impl Sqlite {
    /// Writes a row, for ever.
    pub async fn audit(&self, row: &NewAudit) -> Result<(), StoreError> {
        let row = row.clone();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "insert into audit (at, actor, door, action, target, detail) values (?1, ?2, ?3, ?4, ?5, ?6)",
                )
                .bind(micros(row.at))
                .bind(row.actor)
                .bind(row.door)
                .bind(row.action)
                .bind(row.target)
                .bind(row.detail)
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Written rows, newest first.
    pub async fn audits(&self, page: Page) -> Result<Vec<AuditRow>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query("select * from audit where id < ?1 order by id desc limit ?2")
            .bind(page.after.map_or(i64::MAX, key))
            .bind(page.limit)
            .fetch_all(&mut *reader)
            .await
            .map_err(|error| Fault::from(error).named())?;
        rows.iter()
            .map(|row| {
                Ok(AuditRow {
                    id: row.id("id")?,
                    what: NewAudit {
                        at: row.at("at")?,
                        actor: row.try_get("actor")?,
                        door: row.try_get("door")?,
                        action: row.try_get("action")?,
                        target: row.try_get("target")?,
                        detail: row.try_get("detail")?,
                    },
                })
            })
            .collect::<Result<_, Fault>>()
            .map_err(|fault| fault.named())
    }
}
