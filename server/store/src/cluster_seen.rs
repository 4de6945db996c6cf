//! Table `cluster_seen`: what was last seen of each cluster.

use crate::Fault;
use crate::column::{Columns, json, micros};
use engine::ports::ClusterSeen;
use sqlx::SqliteConnection;

pub(crate) async fn all(connection: &mut SqliteConnection) -> Result<Vec<ClusterSeen>, Fault> {
    let rows = sqlx::query("select * from cluster_seen order by cluster")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(ClusterSeen {
                cluster: row.word("cluster")?,
                seen_at: row.at("seen_at")?,
                cordons: row.json("cordons")?,
            })
        })
        .collect()
}

pub(crate) async fn set(
    connection: &mut SqliteConnection,
    seen: &ClusterSeen,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into cluster_seen (cluster, seen_at, cordons) values (?1, ?2, ?3)
         on conflict (cluster) do update set seen_at = excluded.seen_at, cordons = excluded.cordons",
    )
    .bind(seen.cluster.as_str())
    .bind(micros(seen.seen_at))
    .bind(json(&seen.cordons)?)
    .execute(connection)
    .await?;
    Ok(())
}
