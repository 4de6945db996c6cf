//! Table `person`: who may sign in, and as what.

use crate::column::{Columns, micros, word};
use crate::{Fault, Sqlite};
use domain::access::Role;
use domain::id::PersonName;
use engine::ports::StoreError;
use jiff::Timestamp;
use sqlx::SqliteConnection;
use sqlx::sqlite::SqliteRow;

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Name, unique.
    pub name: PersonName,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub created_at: Timestamp,
}

fn account_of(row: &SqliteRow) -> Result<Account, Fault> {
    Ok(Account {
        name: row.word("name")?,
        role: row.word("role")?,
        created_at: row.at("created_at")?,
    })
}

impl Sqlite {
    /// One person.
    pub async fn person(&self, name: &PersonName) -> Result<Option<Account>, StoreError> {
        let mut reader = self.reader().await?;
        get(&mut reader, name).await.map_err(|fault| fault.named())
    }

    /// All people by name.
    pub async fn people(&self) -> Result<Vec<Account>, StoreError> {
        let mut reader = self.reader().await?;
        let rows = sqlx::query("select * from person order by name")
            .fetch_all(&mut *reader)
            .await
            .map_err(|error| Fault::from(error).named())?;
        rows.iter()
            .map(account_of)
            .collect::<Result<_, _>>()
            .map_err(|fault| fault.named())
    }

    /// Gives a person another role; `Absent` when there is no such person.
    pub async fn set_role(&self, name: &PersonName, role: Role) -> Result<(), StoreError> {
        let name = name.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let done = sqlx::query("update person set role = ?2 where name = ?1")
                    .bind(name.as_str())
                    .bind(word(&role)?)
                    .execute(connection)
                    .await?;
                there(&name, done.rows_affected())
            })
        })
        .await
    }

    /// Removes a person with their sessions, codes and unused invites; `Absent` when there is no such person.
    pub async fn remove_person(&self, name: &PersonName) -> Result<(), StoreError> {
        let name = name.clone();
        self.write(move |connection| {
            Box::pin(async move {
                let mut gone = 0;
                for sql in [
                    "delete from session where person = ?1",
                    "delete from code where person = ?1",
                    "delete from chat_code where person = ?1",
                    "delete from chat_person where person = ?1",
                    "delete from invite where name = ?1",
                    "delete from person where name = ?1",
                ] {
                    let done = sqlx::query(sql)
                        .bind(name.as_str())
                        .execute(&mut *connection)
                        .await?;
                    gone = done.rows_affected();
                }
                there(&name, gone)
            })
        })
        .await
    }
}

fn there(name: &PersonName, rows: u64) -> Result<(), Fault> {
    if rows == 1 {
        Ok(())
    } else {
        Err(Fault::absent(format!("the person {name}")))
    }
}

pub(crate) async fn get(
    connection: &mut SqliteConnection,
    name: &PersonName,
) -> Result<Option<Account>, Fault> {
    let row = sqlx::query("select * from person where name = ?1")
        .bind(name.as_str())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(account_of).transpose()
}

/// Adds the person, or gives the role of the newest invite.
pub(super) async fn admit(
    connection: &mut SqliteConnection,
    name: &PersonName,
    role: Role,
    now: Timestamp,
) -> Result<Account, Fault> {
    let row = sqlx::query(
        "insert into person (name, role, created_at) values (?1, ?2, ?3)
         on conflict (name) do update set role = excluded.role returning *",
    )
    .bind(name.as_str())
    .bind(word(&role)?)
    .bind(micros(now))
    .fetch_one(connection)
    .await?;
    account_of(&row)
}
