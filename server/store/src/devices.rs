//! Table `device`: push subscriptions of persons.

use crate::column::{Columns, key, micros};
use crate::letters::{self, LetterRow};
use crate::{Fault, Sqlite};
use domain::id::PersonName;
use domain::message::Channel;
use engine::ports::{StoreError, Subscription};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

/// Most devices of one person; the one that was silent for longest makes room.
const DEVICES_MAX: u32 = 20;

/// A browser that asks for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDevice {
    /// Whose.
    pub person: PersonName,
    /// What that person calls it.
    pub name: String,
    /// What it seems to be.
    pub platform: String,
    /// Where messages go.
    pub subscription: Subscription,
    /// The address it had before, if the browser changed it.
    pub before: Option<String>,
}

/// A stored device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// Number.
    pub id: u64,
    /// Whose.
    pub person: PersonName,
    /// What that person calls it.
    pub name: String,
    /// What it seems to be.
    pub platform: String,
    /// Where messages go.
    pub endpoint: String,
    /// What it wants to hear.
    pub channels: Vec<Channel>,
    /// Whether its lock screen shows the title only.
    pub hide_details: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was used last.
    pub last_seen: Timestamp,
    /// When its push service last took a message.
    pub last_ok: Option<Timestamp>,
    /// When it last did not, and why; nothing once it took one again.
    pub failed: Option<(Timestamp, String)>,
    /// The last test.
    pub test: Option<LetterRow>,
}

fn device_of(row: &SqliteRow) -> Result<DeviceRow, Fault> {
    let flag = |column: &str| -> Result<bool, Fault> { Ok(row.count(column)? == 1) };
    let mut channels = Vec::new();
    for (channel, column) in [
        (Channel::Important, "important"),
        (Channel::Default, "usual"),
        (Channel::Info, "info"),
    ] {
        if flag(column)? {
            channels.push(channel);
        }
    }
    let failure: Option<String> = row.try_get("failure")?;
    Ok(DeviceRow {
        id: row.id("id")?,
        person: row.word("person")?,
        name: row.try_get("name")?,
        platform: row.try_get("platform")?,
        endpoint: row.try_get("endpoint")?,
        channels,
        hide_details: flag("hide_details")?,
        created_at: row.at("created_at")?,
        last_seen: row.at("last_seen")?,
        last_ok: row.at_opt("last_ok")?,
        failed: row.at_opt("last_failed")?.zip(failure),
        test: None,
    })
}

impl Sqlite {
    /// Adds a device, or takes over what changed of a known one; answers its number.
    pub async fn add_device(&self, new: &NewDevice, now: Timestamp) -> Result<u64, StoreError> {
        let new = new.clone();
        self.write(move |connection| Box::pin(async move { add(connection, &new, now).await }))
            .await
    }

    /// Devices of a person, or of all, the last used first, each with its last test.
    pub async fn devices(&self, of: Option<&PersonName>) -> Result<Vec<DeviceRow>, StoreError> {
        let mut reader = self.reader().await?;
        list(&mut reader, of).await.map_err(|fault| fault.named())
    }

    /// Changes what a device wants to hear.
    pub async fn change_device(
        &self,
        id: u64,
        name: &str,
        channels: &[Channel],
        hide_details: bool,
    ) -> Result<(), StoreError> {
        let (name, wants) = (name.to_owned(), flags(channels));
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query(
                    "update device set name = ?2, important = ?3, usual = ?4, info = ?5, hide_details = ?6
                     where id = ?1",
                )
                .bind(key(id))
                .bind(name)
                .bind(wants[0])
                .bind(wants[1])
                .bind(wants[2])
                .bind(hide_details)
                .execute(connection)
                .await?;
                present(done.rows_affected(), id)
            })
        })
        .await
    }

    /// Forgets a device and its letters.
    pub async fn remove_device(&self, id: u64) -> Result<(), StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query("delete from device where id = ?1")
                    .bind(key(id))
                    .execute(connection)
                    .await?;
                present(done.rows_affected(), id)
            })
        })
        .await
    }

    /// A device was used; one that is not known is no error.
    pub async fn device_seen(&self, endpoint: &str, now: Timestamp) -> Result<(), StoreError> {
        let endpoint = endpoint.to_owned();
        self.write(move |connection| {
            Box::pin(async move {
                sqlx::query("update device set last_seen = max(last_seen, ?2) where endpoint = ?1")
                    .bind(endpoint)
                    .bind(micros(now))
                    .execute(connection)
                    .await?;
                Ok(())
            })
        })
        .await
    }
}

async fn add(
    connection: &mut SqliteConnection,
    new: &NewDevice,
    now: Timestamp,
) -> Result<u64, Fault> {
    let to = &new.subscription;
    if let Some(before) = &new.before {
        sqlx::query(
            "update or ignore device set endpoint = ?2 where endpoint = ?1 and person = ?3",
        )
        .bind(before)
        .bind(&to.endpoint)
        .bind(new.person.as_str())
        .execute(&mut *connection)
        .await?;
    }
    // what it wants to hear is kept for the same person; another person begins anew.
    let id: i64 = sqlx::query_scalar(
        "insert into device (person, name, platform, endpoint, p256dh, auth, important, usual, info, hide_details,
           created_at, last_seen)
         values (?1, ?2, ?3, ?4, ?5, ?6, 1, 1, 0, ?7, ?8, ?8)
         on conflict (endpoint) do update set
           p256dh = excluded.p256dh, auth = excluded.auth, last_seen = excluded.last_seen,
           last_failed = null, failure = null, platform = excluded.platform,
           name = case person when excluded.person then name else excluded.name end,
           important = case person when excluded.person then important else 1 end,
           usual = case person when excluded.person then usual else 1 end,
           info = case person when excluded.person then info else 0 end,
           hide_details = case person when excluded.person then hide_details else excluded.hide_details end,
           person = excluded.person
         returning id",
    )
    .bind(new.person.as_str())
    .bind(&new.name)
    .bind(&new.platform)
    .bind(&to.endpoint)
    .bind(&to.p256dh)
    .bind(&to.auth)
    .bind(to.hide_details)
    .bind(micros(now))
    .fetch_one(&mut *connection)
    .await?;
    sqlx::query(
        "delete from device where person = ?1 and id not in
           (select id from device where person = ?1 order by last_seen desc, id desc limit ?2)",
    )
    .bind(new.person.as_str())
    .bind(DEVICES_MAX)
    .execute(connection)
    .await?;
    Ok(id.cast_unsigned())
}

async fn list(
    connection: &mut SqliteConnection,
    of: Option<&PersonName>,
) -> Result<Vec<DeviceRow>, Fault> {
    let rows = sqlx::query(
        "select * from device where ?1 is null or person = ?1 order by last_seen desc, id desc",
    )
    .bind(of.map(PersonName::as_str))
    .fetch_all(&mut *connection)
    .await?;
    let mut devices = Vec::new();
    for row in &rows {
        let mut device = device_of(row)?;
        let recipient = engine::ports::Recipient::Device(device.id).key();
        device.test = letters::last(connection, &recipient, true).await?;
        devices.push(device);
    }
    Ok(devices)
}

/// One flag per channel, in the order of `Channel::ALL`.
fn flags(channels: &[Channel]) -> [bool; 3] {
    Channel::ALL.map(|one| channels.contains(&one))
}

fn present(rows: u64, id: u64) -> Result<(), Fault> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Fault::absent(format!("device {id}")))
    }
}
