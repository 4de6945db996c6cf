//! Single facts about this installation: its own id, the start of the sandbox's clock.

use crate::{Fault, Sqlite};
use engine::ports::StoreError;

impl Sqlite {
    /// The value of a key.
    pub async fn meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut reader = self.reader().await?;
        sqlx::query_scalar("select value from meta where key = ?1")
            .bind(key)
            .fetch_optional(&mut *reader)
            .await
            .map_err(|error| Fault::from(error).named())
    }

    /// Sets the value of a key.
    pub async fn put_meta(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let (key, value) = (key.to_owned(), value.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query(
                    "insert into meta (key, value) values (?1, ?2)
                     on conflict (key) do update set value = excluded.value",
                )
                .bind(key)
                .bind(value)
                .execute(connection)
                .await?;
                Ok(())
            })
        })
        .await
    }

    /// The value of a key; the first one to ask sets it, for ever.
    pub async fn meta_or(&self, key: &str, first: &str) -> Result<String, StoreError> {
        let (key, first) = (key.to_owned(), first.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                let value = sqlx::query_scalar(
                    "insert into meta (key, value) values (?1, ?2)
                     on conflict (key) do update set value = value returning value",
                )
                .bind(key)
                .bind(first)
                .fetch_one(connection)
                .await?;
                Ok(value)
            })
        })
        .await
    }
}
