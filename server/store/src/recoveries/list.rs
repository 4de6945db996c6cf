//! Reading the list of recoveries.

use crate::Fault;
use crate::column::{Columns, key, word};
use domain::id::{ClusterName, NodeName, RecoveryId};
use engine::ports::{Page, RecoveryFilter, RecoveryRow};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

fn row_of(row: &SqliteRow) -> Result<RecoveryRow, Fault> {
    Ok(RecoveryRow {
        id: RecoveryId(row.id("id")?),
        cluster: row.word("cluster")?,
        node: row.word("node")?,
        active: row.try_get("active")?,
        state: row.word("state")?,
        outcome: row.word_opt("outcome")?,
        started_at: row.at("started_at")?,
        ended_at: row.at_opt("ended_at")?,
        events: row.count("events")?,
    })
}

pub(crate) async fn active(connection: &mut SqliteConnection) -> Result<Vec<RecoveryRow>, Fault> {
    let rows = sqlx::query("select * from recovery where active = 1 order by id")
        .fetch_all(connection)
        .await?;
    rows.iter().map(row_of).collect()
}

pub(crate) async fn get(
    connection: &mut SqliteConnection,
    id: RecoveryId,
) -> Result<Option<RecoveryRow>, Fault> {
    let row = sqlx::query("select * from recovery where id = ?1")
        .bind(key(id.0))
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(row_of).transpose()
}

pub(crate) async fn list(
    connection: &mut SqliteConnection,
    filter: &RecoveryFilter,
    page: Page,
) -> Result<Vec<RecoveryRow>, Fault> {
    let rows = sqlx::query(
        "select * from recovery
         where id < ?1 and (?2 is null or cluster = ?2) and (?3 is null or node = ?3)
           and (?4 is null or active = ?4) and (?5 is null or outcome = ?5)
         order by id desc limit ?6",
    )
    .bind(page.after.map_or(i64::MAX, key))
    .bind(filter.cluster.as_ref().map(ClusterName::as_str))
    .bind(filter.node.as_ref().map(NodeName::as_str))
    .bind(filter.active)
    .bind(filter.outcome.map(|outcome| word(&outcome)).transpose()?)
    .bind(page.limit)
    .fetch_all(connection)
    .await?;
    rows.iter().map(row_of).collect()
}

pub(crate) async fn last_ended(
    connection: &mut SqliteConnection,
    cluster: &ClusterName,
    node: &NodeName,
) -> Result<Option<Timestamp>, Fault> {
    // One that was refused or too old did nothing that a later one would have to cool down from.
    sqlx::query(
        "select max(ended_at) as ended_at from recovery
         where cluster = ?1 and node = ?2 and coalesce(outcome, '') not in ('refused', 'expired')",
    )
    .bind(cluster.as_str())
    .bind(node.as_str())
    .fetch_one(connection)
    .await?
    .at_opt("ended_at")
}
