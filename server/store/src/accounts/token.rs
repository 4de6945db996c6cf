//! Table `token`: API tokens of programs.

use super::Hash;
use crate::column::{Columns, key, micros, word};
use crate::{Fault, Sqlite};
use domain::access::Role;
use domain::id::PersonName;
use engine::ports::StoreError;
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;

/// How exact "last used" is: a write for every call would cost more than it tells.
const USED_EVERY: i64 = 60_000_000;

/// A program's token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Our number.
    pub id: u64,
    /// Name, unique among those in force; shown in timelines.
    pub name: PersonName,
    /// What it may do.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
    /// Last use, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// Since when it is no longer taken.
    pub revoked_at: Option<Timestamp>,
}

fn token_of(row: &SqliteRow) -> Result<Token, Fault> {
    Ok(Token {
        id: row.id("id")?,
        name: row.word("name")?,
        role: row.word("role")?,
        created_at: row.at("created_at")?,
        last_used_at: row.at_opt("last_used_at")?,
        revoked_at: row.at_opt("revoked_at")?,
    })
}

impl Sqlite {
    /// Stores a token; `Taken` when one in force has the name.
    pub async fn add_token(
        &self,
        name: &PersonName,
        role: Role,
        hash: Hash,
        now: Timestamp,
    ) -> Result<Token, StoreError> {
        let name = name.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let taken =
                    sqlx::query("select id from token where name = ?1 and revoked_at is null")
                        .bind(name.as_str())
                        .fetch_optional(&mut *connection)
                        .await?;
                if taken.is_some() {
                    return Err(StoreError::Taken(format!("the token name {:?}", name.as_str())).into());
                }
                let row = sqlx::query(
                    "insert into token (name, role, hash, created_at) values (?1, ?2, ?3, ?4) returning *",
                )
                .bind(name.as_str())
                .bind(word(&role)?)
                .bind(hash.bytes())
                .bind(micros(now))
                .fetch_one(connection)
                .await?;
                token_of(&row)
            })
        })
        .await
    }

    /// The token in force with this hash.
    pub async fn token(&self, hash: Hash) -> Result<Option<Token>, StoreError> {
        let mut reader = self.reader().await?;
        let row = sqlx::query("select * from token where hash = ?1 and revoked_at is null")
            .bind(hash.bytes())
            .fetch_optional(&mut *reader)
            .await
            .map_err(|error| Fault::from(error).named())?;
        row.as_ref()
            .map(token_of)
            .transpose()
            .map_err(|fault| fault.named())
    }

    /// Notes that a token was used; writes at most once a minute, so it may be called for every request.
    pub async fn token_used(&self, token: &Token, now: Timestamp) -> Result<(), StoreError> {
        let fresh = token
            .last_used_at
            .is_some_and(|at| micros(now) < micros(at).saturating_add(USED_EVERY));
        if fresh {
            return Ok(());
        }
        let id = token.id;
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("update token set last_used_at = ?2 where id = ?1")
                    .bind(key(id))
                    .bind(micros(now))
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }

    /// All tokens, revoked ones too, newest first.
    pub async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query("select * from token order by id desc")
            .fetch_all(&mut *reader)
            .await
            .map_err(|error| Fault::from(error).named())?;
        rows.iter()
            .map(token_of)
            .collect::<Result<_, _>>()
            .map_err(|fault| fault.named())
    }

    /// Takes a token out of force; `Absent` when none in force has this number.
    pub async fn revoke_token(&self, id: u64, now: Timestamp) -> Result<(), StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query(
                    "update token set revoked_at = ?2 where id = ?1 and revoked_at is null",
                )
                .bind(key(id))
                .bind(micros(now))
                .execute(connection)
                .await?;
                if done.rows_affected() == 1 {
                    Ok(())
                } else {
                    Err(Fault::absent(format!("token #{id}")))
                }
            })
        })
        .await
    }
}
