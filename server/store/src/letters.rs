//! Table `letter`: messages to devices and webhooks, and what became of them.

mod due;

pub(crate) use due::{begin, due, next_due, recipient, settle};

use crate::column::{Columns, key, micros, word};
use crate::{Fault, Sqlite, chats};
use domain::id::PersonName;
use domain::message::{Channel, Message};
use engine::ports::{Recipient, StoreError};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

/// What a device reports of a letter it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// It arrived.
    Received,
    /// A person opened it.
    Clicked,
}

/// A letter for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterRow {
    /// Its channel.
    pub channel: Channel,
    /// Its title.
    pub title: String,
    /// `waiting`, `trying`, `sent`, `failed`, `unknown` or `over`.
    pub state: String,
    /// Why it is not sent.
    pub why: Option<String>,
    /// When it was written.
    pub written_at: Timestamp,
    /// When it was taken.
    pub sent_at: Option<Timestamp>,
    /// When it arrived.
    pub received_at: Option<Timestamp>,
    /// When it was opened.
    pub clicked_at: Option<Timestamp>,
}

fn letter_of(row: &SqliteRow) -> Result<LetterRow, Fault> {
    Ok(LetterRow {
        channel: row.word("channel")?,
        title: row.try_get("title")?,
        state: row.try_get("state")?,
        why: row.try_get("why")?,
        written_at: row.at("written_at")?,
        sent_at: row.at_opt("sent_at")?,
        received_at: row.at_opt("received_at")?,
        clicked_at: row.at_opt("clicked_at")?,
    })
}

impl Sqlite {
    /// The last letter to a recipient.
    pub async fn last_letter(&self, to: &Recipient) -> Result<Option<LetterRow>, StoreError> {
        let mut reader = self.reader().await?;
        last(&mut reader, &to.key(), false)
            .await
            .map_err(|fault| fault.named())
    }

    /// A device says what became of a letter, and with it that it is in use. Answers whether there is such a letter.
    pub async fn letter_receipt(
        &self,
        id: &str,
        receipt: Receipt,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let id = id.to_owned();
        self.write(move |connection| {
            Box::pin(async move {
                let clicked = receipt == Receipt::Clicked;
                let device: Option<Option<i64>> = sqlx::query_scalar(
                    "update letter set received_at = coalesce(received_at, ?2),
                       clicked_at = case ?3 when 1 then coalesce(clicked_at, ?2) else clicked_at end
                     where id = ?1 returning device",
                )
                .bind(id)
                .bind(micros(now))
                .bind(clicked)
                .fetch_optional(&mut *connection)
                .await?;
                if let Some(Some(device)) = device {
                    sqlx::query("update device set last_seen = max(last_seen, ?2) where id = ?1")
                        .bind(device)
                        .bind(micros(now))
                        .execute(connection)
                        .await?;
                }
                Ok(device.is_some())
            })
        })
        .await
    }
}

/// The last letter to a recipient, or its last test.
pub(crate) async fn last(
    connection: &mut SqliteConnection,
    recipient: &str,
    test: bool,
) -> Result<Option<LetterRow>, Fault> {
    let row = sqlx::query(
        "select * from letter where recipient = ?1 and (?2 = 0 or about = 'test')
         order by written_at desc limit 1",
    )
    .bind(recipient)
    .bind(test)
    .fetch_optional(connection)
    .await?;
    row.as_ref().map(letter_of).transpose()
}

/// To every device that wants its channel, and to these others.
pub(crate) async fn post(
    connection: &mut SqliteConnection,
    message: &Message,
    others: &[Recipient],
    now: Timestamp,
) -> Result<u32, Fault> {
    let wanting: Vec<i64> = sqlx::query_scalar(
        "select id from device
         where case ?1 when 'important' then important when 'default' then usual else info end = 1
           and (?2 is null or person <> ?2)",
    )
    .bind(message.channel.word())
    .bind(message.not_to.as_ref().map(|name| name.as_str()))
    .fetch_all(&mut *connection)
    .await?;
    let devices = wanting
        .into_iter()
        .map(|id| Recipient::Device(id.cast_unsigned()));
    let mut new = 0;
    for to in devices.chain(others.iter().cloned()) {
        new += post_to(connection, &to, message, now).await?;
    }
    Ok(new)
}

/// To every device of a person, and in every chat in which the person is known.
pub(crate) async fn post_person(
    connection: &mut SqliteConnection,
    person: &PersonName,
    message: &Message,
    now: Timestamp,
) -> Result<u32, Fault> {
    let devices: Vec<i64> = sqlx::query_scalar("select id from device where person = ?1")
        .bind(person.as_str())
        .fetch_all(&mut *connection)
        .await?;
    let devices = devices
        .into_iter()
        .map(|id| Recipient::Device(id.cast_unsigned()));
    let chats = chats::people::recipients(connection, person).await?;
    let mut new = 0;
    for to in devices.chain(chats) {
        new += post_to(connection, &to, message, now).await?;
    }
    Ok(new)
}

/// To one recipient, unless it has it already.
pub(crate) async fn post_to(
    connection: &mut SqliteConnection,
    to: &Recipient,
    message: &Message,
    now: Timestamp,
) -> Result<u32, Fault> {
    let device = match to {
        Recipient::Device(id) => Some(key(*id)),
        Recipient::Webhook(_)
        | Recipient::Room { .. }
        | Recipient::Direct { .. }
        | Recipient::Mailbox(_) => None,
    };
    let done = sqlx::query(
        "insert into letter (id, about, stage, round, recipient, device, channel, title, body, path, until, written_at,
           due_at, state)
         values (lower(hex(randomblob(16))), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, 'waiting')
         on conflict (about, stage, round, recipient) do nothing",
    )
    .bind(message.about.key())
    .bind(word(&message.stage)?)
    .bind(key(message.round))
    .bind(to.key())
    .bind(device)
    .bind(message.channel.word())
    .bind(&message.title)
    .bind(&message.body)
    .bind(&message.path)
    .bind(micros(message.until))
    .bind(micros(now))
    .execute(connection)
    .await?;
    Ok(u32::try_from(done.rows_affected()).unwrap_or(u32::MAX))
}

/// Devices nobody used since then.
pub(crate) async fn silent(
    connection: &mut SqliteConnection,
    since: Timestamp,
) -> Result<Vec<(u64, Timestamp)>, Fault> {
    let rows = sqlx::query("select id, last_seen from device where last_seen < ?1")
        .bind(micros(since))
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| Ok((row.id("id")?, row.at("last_seen")?)))
        .collect()
}

/// Forgets silent devices and old letters.
pub(crate) async fn forget(
    connection: &mut SqliteConnection,
    devices: Timestamp,
    letters: Timestamp,
) -> Result<u32, Fault> {
    let gone = sqlx::query("delete from device where last_seen < ?1")
        .bind(micros(devices))
        .execute(&mut *connection)
        .await?;
    // a call for help that still stands is told from a new one by its letters.
    sqlx::query("delete from letter where written_at < ?1 and due_at is null and until < ?1")
        .bind(micros(letters))
        .execute(connection)
        .await?;
    Ok(u32::try_from(gone.rows_affected()).unwrap_or(u32::MAX))
}
