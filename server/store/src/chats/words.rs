//! Table `chat_word`: what we said of a recovery in chats.

use crate::column::{Columns, key, micros};
use crate::{Fault, Sqlite};
use domain::id::RecoveryId;
use domain::timeline::ChatWord;
use engine::ports::StoreError;
use sqlx::{Row, SqliteConnection};

impl Sqlite {
    /// What was said of it, by the time it was said.
    pub async fn chat_words(&self, id: RecoveryId) -> Result<Vec<ChatWord>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query("select * from chat_word where recovery_id = ?1 order by at, rowid")
            .bind(key(id.0))
            .fetch_all(&mut *reader)
            .await
            .map_err(|error| Fault::from(error).named())?;
        let words: Result<_, Fault> = rows
            .iter()
            .map(|row| {
                Ok(ChatWord {
                    at: row.at("at")?,
                    chat: row.try_get("chat")?,
                    room: row.try_get("room")?,
                    message: row.try_get("message")?,
                    answers: row.try_get("answers")?,
                    text: row.try_get("text")?,
                })
            })
            .collect();
        words.map_err(|fault| fault.named())
    }

    /// Keeps one.
    pub async fn keep_chat_word(&self, id: RecoveryId, word: &ChatWord) -> Result<(), StoreError> {
        let word = word.clone();
        self.write(move |connection| Box::pin(async move { keep(connection, id, &word).await }))
            .await
    }
}

pub(crate) async fn keep(
    connection: &mut SqliteConnection,
    id: RecoveryId,
    word: &ChatWord,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into chat_word (chat, room, message, recovery_id, at, answers, text) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         on conflict (chat, room, message) do nothing",
    )
    .bind(&word.chat)
    .bind(&word.room)
    .bind(&word.message)
    .bind(key(id.0))
    .bind(micros(word.at))
    .bind(&word.answers)
    .bind(&word.text)
    .execute(connection)
    .await?;
    Ok(())
}
