//! Table `code`: six digits that sign in another device of the same person.

use super::Hash;
use super::person::{Account, get};
use crate::column::{Columns, micros};
use crate::{Fault, Sqlite};
use domain::id::PersonName;
use engine::ports::StoreError;
use jiff::Timestamp;

/// Wrong guesses after which a code is dead.
pub const CODE_GUESSES: u32 = 5;

impl Sqlite {
    /// Stores the code a person is shown; an older one of theirs dies. `Taken` when another person's living code is the
    /// same: make another one.
    pub async fn show_code(
        &self,
        person: &PersonName,
        hash: Hash,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let person = person.clone();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("delete from code where expires_at <= ?1 or person = ?2")
                    .bind(micros(now))
                    .bind(person.as_str())
                    .execute(&mut *connection)
                    .await?;
                let same = sqlx::query("select person from code where hash = ?1")
                    .bind(hash.bytes())
                    .fetch_optional(&mut *connection)
                    .await?;
                if same.is_some() {
                    return Err(StoreError::Taken("this code".to_owned()).into());
                }
                sqlx::query("insert into code (person, hash, expires_at) values (?1, ?2, ?3)")
                    .bind(person.as_str())
                    .bind(hash.bytes())
                    .bind(micros(expires_at))
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }

    /// Uses a code, once. A wrong one counts against every living code, because nobody knows whose was meant.
    pub async fn use_code(
        &self,
        hash: Hash,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let row = sqlx::query(
                    "delete from code where hash = ?1 and expires_at > ?2 and attempts < ?3 returning person",
                )
                .bind(hash.bytes())
                .bind(micros(now))
                .bind(CODE_GUESSES)
                .fetch_optional(&mut *connection)
                .await?;
                match row {
                    Some(row) => {
                        let person: PersonName = row.word("person")?;
                        get(connection, &person).await
                    }
                    None => {
                        sqlx::query("update code set attempts = attempts + 1")
                            .execute(connection)
                            .await
                            .map_err(Fault::from)?;
                        Ok(None)
                    }
                }
            })
        })
        .await
    }
}
