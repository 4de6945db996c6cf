//! Table `chat_thread`: the message in a room that is about a thing.

use crate::letters::recipient;
use crate::{Fault, Sqlite};
use domain::message::About;
use engine::ports::{Recipient, StoreError};
use sqlx::Row;

impl Sqlite {
    /// Where a thing is told: the rooms, and the message in each.
    pub async fn threads(&self, about: About) -> Result<Vec<(Recipient, String)>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query("select recipient, message from chat_thread where about = ?1")
            .bind(about.key())
            .fetch_all(&mut *reader)
            .await
            .map_err(|error| Fault::from(error).named())?;
        let all: Result<_, Fault> = rows
            .iter()
            .map(|row| {
                let to: String = row.try_get("recipient")?;
                Ok((recipient(&to)?, row.try_get("message")?))
            })
            .collect();
        all.map_err(|fault| fault.named())
    }

    /// What a message in a room is about, if things are told below it.
    pub async fn thread_about(
        &self,
        room: &Recipient,
        message: &str,
    ) -> Result<Option<About>, StoreError> {
        let mut reader = self.reader().await?;
        let about: Option<String> = sqlx::query_scalar(
            "select about from chat_thread where recipient = ?1 and message = ?2",
        )
        .bind(room.key())
        .bind(message)
        .fetch_optional(&mut *reader)
        .await
        .map_err(|error| Fault::from(error).named())?;
        Ok(about.as_deref().and_then(About::parse))
    }
}
