//! Table `chat_line`: what was heard, before anything is done with it.

use crate::Sqlite;
use crate::column::micros;
use engine::ports::{Heard, StoreError};
use jiff::Timestamp;

/// What a heard line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Never heard before.
    Fresh,
    /// Heard before.
    Again,
    /// The same person has said something later that acts: a chat must not turn the order round.
    Behind,
}

impl Sqlite {
    /// Keeps that a line was heard, before anything is done with it.
    pub async fn hear(
        &self,
        chat: &str,
        heard: &Heard,
        acts: bool,
        now: Timestamp,
    ) -> Result<Line, StoreError> {
        let (chat, heard) = (chat.to_owned(), heard.clone());
        self.write(move |connection| {
            Box::pin(async move {
                let later: bool = sqlx::query_scalar(
                    "select exists (select 1 from chat_line where chat = ?1 and user = ?2 and acts = 1 and said_at > ?3)",
                )
                .bind(&chat)
                .bind(&heard.user)
                .bind(micros(heard.at))
                .fetch_one(&mut *connection)
                .await?;
                let done = sqlx::query(
                    "insert into chat_line (chat, id, user, said_at, heard_at, acts) values (?1, ?2, ?3, ?4, ?5, ?6)
                     on conflict (chat, id) do nothing",
                )
                .bind(&chat)
                .bind(&heard.id)
                .bind(&heard.user)
                .bind(micros(heard.at))
                .bind(micros(now))
                .bind(acts)
                .execute(connection)
                .await?;
                Ok(match (done.rows_affected(), acts && later) {
                    (0, _) => Line::Again,
                    (_, true) => Line::Behind,
                    (_, false) => Line::Fresh,
                })
            })
        })
        .await
    }

    /// Forgets heard lines from before then: far older than what a chat may still bring.
    pub async fn forget_chat_lines(&self, before: Timestamp) -> Result<(), StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("delete from chat_line where heard_at < ?1")
                    .bind(micros(before))
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}
