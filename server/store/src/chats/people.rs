//! Tables `chat_person` and `chat_code`: which person a user of a chat is.

use crate::accounts::{Account, Hash};
use crate::column::{Columns, micros};
use crate::{Fault, Sqlite, accounts};
use domain::id::PersonName;
use engine::ports::{Recipient, StoreError};
use jiff::Timestamp;
use sqlx::{Row, SqliteConnection};

/// A user of a chat who is a person here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatLink {
    /// The chat.
    pub chat: String,
    /// Its id of the user.
    pub user: String,
    /// Since when.
    pub linked_at: Timestamp,
}

impl Sqlite {
    /// Stores the code a person is shown; an older one of theirs dies. `Taken` when another person's living code is the same.
    pub async fn show_link_code(
        &self,
        person: &PersonName,
        hash: Hash,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let person = person.clone();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("delete from chat_code where expires_at <= ?1 or person = ?2")
                    .bind(micros(now))
                    .bind(person.as_str())
                    .execute(&mut *connection)
                    .await?;
                let done = sqlx::query(
                    "insert into chat_code (person, hash, expires_at) values (?1, ?2, ?3) on conflict (hash) do nothing",
                )
                .bind(person.as_str())
                .bind(hash.bytes())
                .bind(micros(expires_at))
                .execute(connection)
                .await?;
                if done.rows_affected() == 0 {
                    return Err(StoreError::Taken("this code".to_owned()).into());
                }
                Ok(())
            })
        })
        .await
    }

    /// Uses a code, once: the user of the chat is that person from now on. `None` when it is wrong, used or too old.
    pub async fn link(
        &self,
        chat: &str,
        user: &str,
        hash: Hash,
        now: Timestamp,
    ) -> Result<Option<Account>, StoreError> {
        let (chat, user) = (chat.to_owned(), user.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                let row = sqlx::query(
                    "delete from chat_code where hash = ?1 and expires_at > ?2 returning person",
                )
                .bind(hash.bytes())
                .bind(micros(now))
                .fetch_optional(&mut *connection)
                .await?;
                let Some(row) = row else { return Ok(None) };
                let person: PersonName = row.word("person")?;
                sqlx::query(
                    "insert into chat_person (chat, user, person, linked_at) values (?1, ?2, ?3, ?4)
                     on conflict (chat, user) do update set person = excluded.person, linked_at = excluded.linked_at",
                )
                .bind(chat)
                .bind(user)
                .bind(person.as_str())
                .bind(micros(now))
                .execute(&mut *connection)
                .await?;
                accounts::person::get(connection, &person).await
            })
        })
        .await
    }

    /// The person a user of a chat is, with today's role.
    pub async fn chat_person(&self, chat: &str, user: &str) -> Result<Option<Account>, StoreError> {
        let mut reader = self.reader().await?;
        let found: Result<Option<Account>, Fault> = async {
            let row = sqlx::query("select person from chat_person where chat = ?1 and user = ?2")
                .bind(chat)
                .bind(user)
                .fetch_optional(&mut *reader)
                .await?;
            match row {
                Some(row) => accounts::person::get(&mut reader, &row.word("person")?).await,
                None => Ok(None),
            }
        }
        .await;
        found.map_err(|fault| fault.named())
    }

    /// The chats in which a person is known.
    pub async fn chat_links(&self, person: &PersonName) -> Result<Vec<ChatLink>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query("select * from chat_person where person = ?1 order by chat, user")
            .bind(person.as_str())
            .fetch_all(&mut *reader)
            .await
            .map_err(|error| Fault::from(error).named())?;
        let links: Result<_, Fault> = rows
            .iter()
            .map(|row| {
                Ok(ChatLink {
                    chat: row.try_get("chat")?,
                    user: row.try_get("user")?,
                    linked_at: row.at("linked_at")?,
                })
            })
            .collect();
        links.map_err(|fault| fault.named())
    }

    /// A person takes a link back; answers whether there was one.
    pub async fn unlink(
        &self,
        person: &PersonName,
        chat: &str,
        user: &str,
    ) -> Result<bool, StoreError> {
        let (person, chat, user) = (person.clone(), chat.to_owned(), user.to_owned());
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query(
                    "delete from chat_person where person = ?1 and chat = ?2 and user = ?3",
                )
                .bind(person.as_str())
                .bind(chat)
                .bind(user)
                .execute(connection)
                .await?;
                Ok(done.rows_affected() > 0)
            })
        })
        .await
    }
}

/// The ways to a person alone.
pub(crate) async fn recipients(
    connection: &mut SqliteConnection,
    person: &PersonName,
) -> Result<Vec<Recipient>, Fault> {
    let rows = sqlx::query("select chat, user from chat_person where person = ?1")
        .bind(person.as_str())
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(Recipient::Direct {
                chat: row.try_get("chat")?,
                user: row.try_get("user")?,
            })
        })
        .collect()
}
