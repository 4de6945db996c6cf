//! Table `idempotency`: a repeated request gets the first answer and acts once.

use super::Hash;
use crate::column::{Columns, micros};
use crate::{Fault, Sqlite};
use domain::id::PersonName;
use engine::ports::StoreError;
use jiff::Timestamp;
use sqlx::Row;

const KEPT: i64 = 24 * 3600 * 1_000_000;

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: act, then [`Sqlite::finish_request`].
    Fresh,
    /// The first request is under way.
    InProgress,
    /// The first answer: status and body.
    Done(u16, String),
    /// The key was used with another body.
    OtherBody,
}

/// What is kept of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Status and body of the answer; none while the first request is under way.
    pub answer: Option<(u16, String)>,
    /// Whether it was taken back before it arrived.
    pub voided: bool,
}

impl Sqlite {
    /// What is kept of a key of a person.
    pub async fn peek_request(
        &self,
        person: &PersonName,
        key: &str,
    ) -> Result<Option<Kept>, StoreError> {
        let mut reader = self.reader().await?;
        let row = sqlx::query("select * from idempotency where person = ?1 and key = ?2")
            .bind(person.as_str())
            .bind(key)
            .fetch_optional(&mut *reader)
            .await
            .map_err(|error| Fault::from(error).named())?;
        let read = |row: &sqlx::sqlite::SqliteRow| -> Result<Kept, Fault> {
            let answer = match row.try_get::<Option<i64>, _>("status")? {
                None => None,
                Some(status) => {
                    let status = u16::try_from(status)
                        .map_err(|_| Fault::failed("a stored status is no status"))?;
                    Some((status, row.try_get("body")?))
                }
            };
            Ok(Kept {
                answer,
                voided: row.try_get::<Option<i64>, _>("voided_at")?.is_some(),
            })
        };
        row.as_ref()
            .map(read)
            .transpose()
            .map_err(|fault| fault.named())
    }

    /// Takes a key back that has not arrived: whatever comes with it later gets this answer. One that has
    /// arrived stays as it is.
    pub async fn void_request(
        &self,
        person: &PersonName,
        key: &str,
        status: u16,
        body: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (person, key, body) = (person.clone(), key.to_owned(), body.to_owned());
        let now = micros(now);
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "insert into idempotency (person, key, body_hash, begun_at, status, body, voided_at)
                     values (?1, ?2, x'', ?3, ?4, ?5, ?3) on conflict (person, key) do nothing",
                )
                .bind(person.as_str())
                .bind(key)
                .bind(now)
                .bind(status)
                .bind(body)
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Takes a key of a person for 24 h; of two at the same time one is `Fresh`.
    pub async fn begin_request(
        &self,
        person: &PersonName,
        key: &str,
        body: Hash,
        now: Timestamp,
    ) -> Result<Begun, StoreError> {
        let (person, key, now) = (person.clone(), key.to_owned(), micros(now));
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("delete from idempotency where begun_at <= ?1")
                    .bind(now - KEPT)
                    .execute(&mut *connection)
                    .await?;
                let known = sqlx::query("select * from idempotency where person = ?1 and key = ?2")
                    .bind(person.as_str())
                    .bind(&key)
                    .fetch_optional(&mut *connection)
                    .await?;
                if let Some(row) = known {
                    let voided = row.try_get::<Option<i64>, _>("voided_at")?.is_some();
                    if !voided && row.try_get::<Vec<u8>, _>("body_hash")? != body.bytes() {
                        return Ok(Begun::OtherBody);
                    }
                    if row.try_get::<Option<i64>, _>("status")?.is_none() {
                        return Ok(Begun::InProgress);
                    }
                    let status = u16::try_from(row.count("status")?)
                        .map_err(|_| Fault::failed("a stored status is no status"))?;
                    return Ok(Begun::Done(status, row.try_get("body")?));
                }
                sqlx::query(
                    "insert into idempotency (person, key, body_hash, begun_at) values (?1, ?2, ?3, ?4)",
                )
                .bind(person.as_str())
                .bind(&key)
                .bind(body.bytes())
                .bind(now)
                .execute(connection)
                .await?;
                Ok(Begun::Fresh)
            })
        })
        .await
    }

    /// Keeps the answer for repeats; `Absent` when the key was never begun.
    pub async fn finish_request(
        &self,
        person: &PersonName,
        key: &str,
        status: u16,
        body: &str,
    ) -> Result<(), StoreError> {
        let (person, key, body) = (person.clone(), key.to_owned(), body.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query(
                    "update idempotency set status = ?3, body = ?4 where person = ?1 and key = ?2",
                )
                .bind(person.as_str())
                .bind(&key)
                .bind(status)
                .bind(body)
                .execute(connection)
                .await?;
                if done.rows_affected() == 1 {
                    Ok(())
                } else {
                    Err(Fault::absent(format!("the idempotency key {key:?}")))
                }
            })
        })
        .await
    }

    /// Frees a key whose request did nothing, so that it may be tried again.
    pub async fn drop_request(&self, person: &PersonName, key: &str) -> Result<(), StoreError> {
        let (person, key) = (person.clone(), key.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "delete from idempotency where person = ?1 and key = ?2 and status is null",
                )
                .bind(person.as_str())
                .bind(key)
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// Frees the keys that a dead process left under way: asked once at start; what they did shows in the recoveries.
    pub async fn drop_unfinished_requests(&self) -> Result<u64, StoreError> {
        self.write(|connection| {
            Box::pin(async move {
                let done = sqlx::query("delete from idempotency where status is null")
                    .execute(connection)
                    .await?;
                Ok(done.rows_affected())
            })
        })
        .await
    }
}
