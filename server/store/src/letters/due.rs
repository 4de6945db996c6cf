//! Letters on their way: which may go out, and what came of handing them over.

use crate::column::{Columns, micros, time};
use crate::{Fault, chats};
use domain::message::About;
use domain::timeline::ChatWord;
use engine::ports::{Fate, Letter, Recipient, Subscription, Way};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

pub(crate) async fn due(
    connection: &mut SqliteConnection,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Letter>, Fault> {
    let rows = sqlx::query(
        "select letter.*, device.endpoint, device.p256dh, device.auth, device.hide_details, chat_thread.message as thread
         from letter left join device on device.id = letter.device
           left join chat_thread on chat_thread.recipient = letter.recipient and chat_thread.about = letter.about
         where due_at <= ?1
         order by case channel when 'important' then 0 when 'default' then 1 else 2 end, written_at, letter.rowid
         limit ?2",
    )
    .bind(micros(now))
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(letter_of).collect()
}

fn letter_of(row: &SqliteRow) -> Result<Letter, Fault> {
    let (to, way) = match row.try_get::<Option<i64>, _>("device")? {
        Some(id) => (
            Recipient::Device(id.cast_unsigned()),
            Way::Push(Subscription {
                endpoint: row.try_get("endpoint")?,
                p256dh: row.try_get("p256dh")?,
                auth: row.try_get("auth")?,
                hide_details: row.count("hide_details")? == 1,
            }),
        ),
        None => {
            let to = recipient(&row.try_get::<String, _>("recipient")?)?;
            let way = match to.clone() {
                Recipient::Webhook(name) => Way::Webhook(name),
                Recipient::Room { chat, room } => Way::Room {
                    chat,
                    room,
                    thread: row.try_get("thread")?,
                },
                Recipient::Direct { chat, user } => Way::Direct { chat, user },
                Recipient::Mailbox(name) => Way::Mailbox(name),
                Recipient::Device(_) => {
                    return Err(Fault::failed("a stored letter has no device".to_owned()));
                }
            };
            (to, way)
        }
    };
    let about: String = row.try_get("about")?;
    Ok(Letter {
        id: row.try_get("id")?,
        to,
        way,
        about: About::parse(&about)
            .ok_or_else(|| Fault::failed(format!("a stored letter is about {about:?}")))?,
        stage: row.word("stage")?,
        channel: row.word("channel")?,
        title: row.try_get("title")?,
        body: row.try_get("body")?,
        path: row.try_get("path")?,
        until: row.at("until")?,
        written_at: row.at("written_at")?,
        tries: row.count("tries")?,
        in_doubt: row.try_get::<String, _>("state")? == "trying",
    })
}

/// Whom a stored word means.
pub(crate) fn recipient(key: &str) -> Result<Recipient, Fault> {
    Recipient::parse(key).ok_or_else(|| Fault::failed(format!("{key:?} is no recipient")))
}

pub(crate) async fn next_due(
    connection: &mut SqliteConnection,
) -> Result<Option<Timestamp>, Fault> {
    let next: Option<i64> =
        sqlx::query_scalar("select min(due_at) from letter where due_at is not null")
            .fetch_one(connection)
            .await?;
    next.map(time).transpose()
}

pub(crate) async fn begin(
    connection: &mut SqliteConnection,
    letter: &Letter,
    again: Timestamp,
) -> Result<(), Fault> {
    sqlx::query("update letter set state = 'trying', tries = ?2, due_at = ?3 where id = ?1")
        .bind(&letter.id)
        .bind(letter.tries)
        .bind(micros(again))
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn settle(
    connection: &mut SqliteConnection,
    letter: &Letter,
    fate: &Fate,
    now: Timestamp,
) -> Result<(), Fault> {
    let (state, why, due) = match fate {
        Fate::Sent | Fate::Said(_) => ("sent", None, None),
        Fate::Retry { at, why } => ("waiting", Some(why), Some(micros(*at))),
        Fate::Failed(why) | Fate::Gone(why) => ("failed", Some(why), None),
        Fate::Unknown(why) => ("unknown", Some(why), None),
        Fate::Over => ("over", None, None),
    };
    sqlx::query(
        "update letter set state = ?2, why = ?3, due_at = ?4, title = ?5, body = ?6,
           sent_at = case ?2 when 'sent' then ?7 else sent_at end
         where id = ?1",
    )
    .bind(&letter.id)
    .bind(state)
    .bind(why)
    .bind(due)
    .bind(&letter.title)
    .bind(&letter.body)
    .bind(micros(now))
    .execute(&mut *connection)
    .await?;
    if let Fate::Said(message) = fate {
        sqlx::query(
            "insert into chat_thread (recipient, about, message, said_at) values (?1, ?2, ?3, ?4)
             on conflict (recipient, about) do nothing",
        )
        .bind(letter.to.key())
        .bind(letter.about.key())
        .bind(message)
        .bind(micros(now))
        .execute(&mut *connection)
        .await?;
    }
    if let (Fate::Said(message), About::Recovery(id), Some((chat, room))) =
        (fate, letter.about, letter.to.chat())
    {
        let word = ChatWord {
            at: now,
            chat: chat.to_owned(),
            room: room.to_owned(),
            message: message.clone(),
            answers: None,
            text: format!("{}. {}", letter.title, letter.body),
        };
        chats::words::keep(connection, id, &word).await?;
    }
    let Recipient::Device(id) = &letter.to else {
        return Ok(());
    };
    let id = crate::column::key(*id);
    match fate {
        Fate::Gone(_) => {
            sqlx::query("delete from device where id = ?1")
                .bind(id)
                .execute(connection)
                .await?;
        }
        Fate::Sent | Fate::Said(_) => {
            sqlx::query(
                "update device set last_ok = ?2, last_failed = null, failure = null where id = ?1",
            )
            .bind(id)
            .bind(micros(now))
            .execute(connection)
            .await?;
        }
        Fate::Retry { why, .. } | Fate::Failed(why) | Fate::Unknown(why) => {
            sqlx::query("update device set last_failed = ?2, failure = ?3 where id = ?1")
                .bind(id)
                .bind(micros(now))
                .bind(why)
                .execute(connection)
                .await?;
        }
        Fate::Over => {}
    }
    Ok(())
}
