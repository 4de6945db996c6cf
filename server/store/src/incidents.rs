//! Table `incident`: hosts that took several nodes down at once.

use crate::Fault;
use crate::column::{Columns, json, key, micros};
use domain::incident::Incident;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

fn incident_of(row: &SqliteRow) -> Result<Incident, Fault> {
    Ok(Incident {
        id: row.id("id")?,
        place: row.try_get("place")?,
        host: row.try_get("host")?,
        opened_at: row.at("opened_at")?,
        closed_at: row.at_opt("closed_at")?,
        members: row.json("members")?,
        refused: row.json("refused")?,
    })
}

pub(crate) async fn list(
    connection: &mut SqliteConnection,
    limit: u32,
) -> Result<Vec<Incident>, Fault> {
    let rows = sqlx::query("select * from incident order by id desc limit ?1")
        .bind(limit)
        .fetch_all(connection)
        .await?;
    rows.iter().map(incident_of).collect()
}

pub(crate) async fn one(
    connection: &mut SqliteConnection,
    id: u64,
) -> Result<Option<Incident>, Fault> {
    let row = sqlx::query("select * from incident where id = ?1")
        .bind(key(id))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(incident_of).transpose()
}

pub(crate) async fn open(
    connection: &mut SqliteConnection,
    incident: &Incident,
) -> Result<u64, Fault> {
    let id: i64 = sqlx::query_scalar(
        "insert into incident (place, host, opened_at, members, refused)
         values (?1, ?2, ?3, ?4, ?5) returning id",
    )
    .bind(&incident.place)
    .bind(&incident.host)
    .bind(micros(incident.opened_at))
    .bind(json(&incident.members)?)
    .bind(json(&incident.refused)?)
    .fetch_one(connection)
    .await?;
    Ok(id.cast_unsigned())
}

pub(crate) async fn put(
    connection: &mut SqliteConnection,
    incident: &Incident,
) -> Result<(), Fault> {
    let done = sqlx::query(
        "update incident set closed_at = ?2, members = ?3, refused = ?4
         where id = ?1 and closed_at is null",
    )
    .bind(key(incident.id))
    .bind(incident.closed_at.map(micros))
    .bind(json(&incident.members)?)
    .bind(json(&incident.refused)?)
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Fault::absent(format!("open incident {}", incident.id)))
    }
}
