//! Table `preference`: what a person chose for themselves.

use crate::column::micros;
use crate::{Fault, Sqlite};
use domain::id::PersonName;
use engine::ports::StoreError;
use jiff::Timestamp;
use sqlx::Row;

impl Sqlite {
    /// All choices of a person as (key, value).
    pub async fn preferences(
        &self,
        person: &PersonName,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query("select key, value from preference where person = ?1 order by key")
            .bind(person.as_str())
            .fetch_all(&mut *reader)
            .await
            .map_err(|error| Fault::from(error).named())?;
        rows.iter()
            .map(|row| {
                let pair = row
                    .try_get("key")
                    .and_then(|key| Ok((key, row.try_get("value")?)));
                pair.map_err(|error| Fault::from(error).named())
            })
            .collect()
    }

    /// Chooses; a later choice takes the place of an earlier one.
    pub async fn set_preference(
        &self,
        person: &PersonName,
        key: &str,
        value: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (person, key, value) = (person.clone(), key.to_owned(), value.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "insert into preference (person, key, value, set_at) values (?1, ?2, ?3, ?4)
                     on conflict (person, key) do update set value = excluded.value, set_at = excluded.set_at",
                )
                .bind(person.as_str())
                .bind(key)
                .bind(value)
                .bind(micros(now))
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }
}
