//! Table `invite`: sign-in links.

use super::Hash;
use super::person::{Account, admit};
use crate::column::{Columns, micros, word};
use crate::{Fault, Sqlite};
use domain::access::Role;
use domain::id::PersonName;
use engine::ports::StoreError;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;

/// How often a link works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Uses {
    /// Once.
    Once,
    /// Until it expires: only for the sandbox's own link, which is valid until it is stopped.
    UntilExpired,
}

/// A sign-in link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// For whom; the person is made when the link is used.
    pub name: PersonName,
    /// As what.
    pub role: Role,
    /// How often it works.
    pub uses: Uses,
    /// Until when.
    pub expires_at: Timestamp,
}

fn invite_of(row: &SqliteRow) -> Result<Invite, Fault> {
    Ok(Invite {
        name: row.word("name")?,
        role: row.word("role")?,
        uses: row.word("uses")?,
        expires_at: row.at("expires_at")?,
    })
}

impl Sqlite {
    /// Stores a link; dead ones are forgotten on the way.
    pub async fn add_invite(
        &self,
        hash: Hash,
        invite: &Invite,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let invite = invite.clone();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("delete from invite where expires_at <= ?1")
                    .bind(micros(now))
                    .execute(&mut *connection)
                    .await?;
                sqlx::query(
                    "insert into invite (hash, name, role, uses, expires_at) values (?1, ?2, ?3, ?4, ?5)",
                )
                .bind(hash.bytes())
                .bind(invite.name.as_str())
                .bind(word(&invite.role)?)
                .bind(word(&invite.uses)?)
                .bind(micros(invite.expires_at))
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// A link that still works, without using it: what the page with the Sign-in button asks.
    pub async fn invite(&self, hash: Hash, now: Timestamp) -> Result<Option<Invite>, StoreError> {
        let mut reader = self.reader().await?;
        let row = sqlx::query(
            "select * from invite where hash = ?1 and expires_at > ?2 and (used_at is null or uses <> 'once')",
        )
        .bind(hash.bytes())
        .bind(micros(now))
        .fetch_optional(&mut *reader)
        .await
        .map_err(|error| Fault::from(error).named())?;
        row.as_ref()
            .map(invite_of)
            .transpose()
            .map_err(|fault| fault.named())
    }

    /// Uses a link: of two at the same time one wins. The person is made, or gets the link's role; `None` when the link
    /// is unknown, used or expired.
    pub async fn use_invite(
        &self,
        hash: Hash,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let row = sqlx::query(
                    "update invite set used_at = ?2
                     where hash = ?1 and expires_at > ?2 and (used_at is null or uses <> 'once') returning *",
                )
                .bind(hash.bytes())
                .bind(micros(now))
                .fetch_optional(&mut *connection)
                .await?;
                let Some(row) = row else { return Ok(None) };
                let invite = invite_of(&row)?;
                admit(connection, &invite.name, invite.role, now)
                    .await
                    .map(Some)
            })
        })
        .await
    }
}
