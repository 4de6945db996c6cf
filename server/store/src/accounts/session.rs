//! Table `session`: signed-in browsers, as `tower-sessions` asks for them.

use super::Hash;
use crate::column::{Columns, json, micros, time};
use crate::{Fault, Sqlite};
use async_trait::async_trait;
use domain::id::PersonName;
use engine::ports::StoreError;
use jiff::Timestamp;
use serde_json::Value;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, ExpiredDeletion, Result, SessionStore};

/// Key of the session's data under which the signed-in person's name stands: a text, or an object with a `name`.
pub const PERSON: &str = "person";

/// A session of a person, without the way into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Tells it apart for [`Sqlite::end_session`]; not its secret.
    pub key: String,
    /// Until when, if it is not used.
    pub expires_at: Timestamp,
}

impl Sqlite {
    /// The sessions of a person, longest-lived first.
    pub async fn sessions(
        &self,
        person: &PersonName,
    ) -> std::result::Result<Vec<SignedIn>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query(
            "select lower(hex(hash)) as key, expires_at from session where person = ?1 order by expires_at desc",
        )
        .bind(person.as_str())
        .fetch_all(&mut *reader)
        .await
        .map_err(|error| Fault::from(error).named())?;
        rows.iter()
            .map(|row| {
                Ok(SignedIn {
                    key: sqlx::Row::try_get(row, "key")?,
                    expires_at: row.at("expires_at")?,
                })
            })
            .collect::<std::result::Result<_, Fault>>()
            .map_err(|fault| fault.named())
    }

    /// Ends one session of a person; `Absent` when that person has none with this key.
    pub async fn end_session(
        &self,
        person: &PersonName,
        key: &str,
    ) -> std::result::Result<(), StoreError> {
        let (person, key) = (person.clone(), key.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                let done =
                    sqlx::query("delete from session where person = ?1 and lower(hex(hash)) = ?2")
                        .bind(person.as_str())
                        .bind(key)
                        .execute(connection)
                        .await?;
                match done.rows_affected() {
                    1 => Ok(()),
                    _ => Err(Fault::absent("the session")),
                }
            })
        })
        .await
    }

    /// Ends all sessions of a person; answers how many.
    pub async fn end_sessions(&self, person: &PersonName) -> std::result::Result<u64, StoreError> {
        let person = person.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query("delete from session where person = ?1")
                    .bind(person.as_str())
                    .execute(connection)
                    .await?;
                Ok(done.rows_affected())
            })
        })
        .await
    }

    /// Writes a record: as a new row, or over the row that is there; answers whether it could.
    async fn keep_session(&self, record: &Record, sql: &'static str) -> Result<bool> {
        let person = match record.data.get(PERSON) {
            Some(Value::String(name)) => Some(name.clone()),
            Some(other) => other.get("name").and_then(Value::as_str).map(str::to_owned),
            None => None,
        };
        let data = json(&record.data).map_err(|fault| Error::Encode(fault.to_string()))?;
        let expires_at = column(record.expiry_date);
        let hash = hash_of(&record.id);
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query(sql)
                    .bind(hash.bytes())
                    .bind(person)
                    .bind(data)
                    .bind(expires_at)
                    .execute(connection)
                    .await?;
                Ok(done.rows_affected() == 1)
            })
        })
        .await
        .map_err(backend)
    }
}

#[async_trait]
impl SessionStore for Sqlite {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let sql = "insert into session (hash, person, data, expires_at) values (?1, ?2, ?3, ?4)
                   on conflict (hash) do nothing";
        while !self.keep_session(record, sql).await? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // an update only: a request under way must not bring back a session that was just ended.
        let sql = "update session set person = ?2, data = ?3, expires_at = ?4 where hash = ?1";
        self.keep_session(record, sql).await.map(drop)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let mut reader = self.reader().await.map_err(backend)?;
        let row =
            sqlx::query("select data, expires_at from session where hash = ?1 and expires_at > ?2")
                .bind(hash_of(id).bytes().to_vec())
                .bind(column(OffsetDateTime::now_utc()))
                .fetch_optional(&mut *reader)
                .await
                .map_err(|error| backend(Fault::from(error).named()))?;
        let Some(row) = row else { return Ok(None) };
        let decode = |fault: Fault| Error::Decode(fault.to_string());
        let expires_at = row.at("expires_at").map_err(decode)?;
        Ok(Some(Record {
            id: *id,
            data: row.json("data").map_err(decode)?,
            expiry_date: OffsetDateTime::from_unix_timestamp_nanos(expires_at.as_nanosecond())
                .map_err(|error| Error::Decode(error.to_string()))?,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let hash = hash_of(id);
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("delete from session where hash = ?1")
                    .bind(hash.bytes())
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
        .map_err(backend)
    }
}

#[async_trait]
impl ExpiredDeletion for Sqlite {
    async fn delete_expired(&self) -> Result<()> {
        let now = column(OffsetDateTime::now_utc());
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("delete from session where expires_at <= ?1")
                    .bind(now)
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
        .map_err(backend)
    }
}

fn hash_of(id: &Id) -> Hash {
    Hash::of(id.0.to_le_bytes())
}

/// A time too far for a column never comes.
fn column(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1000)
        .ok()
        .filter(|micros| time(*micros).is_ok())
        .unwrap_or_else(|| micros(Timestamp::MAX))
}

#[expect(clippy::needless_pass_by_value, reason = "the shape map_err asks for")]
fn backend(error: StoreError) -> Error {
    Error::Backend(error.to_string())
}
