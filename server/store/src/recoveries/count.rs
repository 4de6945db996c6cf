//! What the limits count: starts of the last hour, recoveries of a node.

use crate::Fault;
use crate::column::{Columns, micros};
use domain::id::{ClusterName, NodeName};
use jiff::Timestamp;
use sqlx::SqliteConnection;

pub(crate) async fn starts(
    connection: &mut SqliteConnection,
    since: Timestamp,
) -> Result<Vec<(ClusterName, u32)>, Fault> {
    let rows = sqlx::query(
        "select r.cluster, count(*) as begun from recovery_event e
         join recovery r on r.id = e.recovery_id
         where e.step = 'start_machine' and e.kind = 'step_started' and e.at > ?1
         group by r.cluster",
    )
    .bind(micros(since))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((row.word("cluster")?, row.count("begun")?)))
        .collect()
}

pub(crate) async fn recent(
    connection: &mut SqliteConnection,
    cluster: &ClusterName,
    node: &NodeName,
    since: Timestamp,
) -> Result<u32, Fault> {
    sqlx::query(
        "select count(*) as begun from recovery
         where cluster = ?1 and node = ?2 and started_at > ?3
           and coalesce(outcome, '') not in ('refused', 'expired')",
    )
    .bind(cluster.as_str())
    .bind(node.as_str())
    .bind(micros(since))
    .fetch_one(connection)
    .await?
    .count("begun")
}
