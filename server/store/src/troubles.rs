//! Table `trouble`: what the storm breaker counts.

use crate::column::{Columns, micros};
use crate::{Fault, Sqlite};
use domain::guard::storm::Trouble;
use domain::id::ClusterName;
use engine::ports::StoreError;
use jiff::Timestamp;
use sqlx::SqliteConnection;

pub(crate) async fn since(
    connection: &mut SqliteConnection,
    since: Timestamp,
) -> Result<Vec<(ClusterName, Trouble)>, Fault> {
    let rows = sqlx::query("select * from trouble where at > ?1 order by at")
        .bind(micros(since))
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            let trouble = Trouble {
                node: row.word("node")?,
                at: row.at("at")?,
            };
            Ok((row.word("cluster")?, trouble))
        })
        .collect()
}

pub(crate) async fn add(
    connection: &mut SqliteConnection,
    cluster: &ClusterName,
    new: &[Trouble],
) -> Result<(), Fault> {
    for one in new {
        sqlx::query(
            "insert into trouble (cluster, node, at) values (?1, ?2, ?3) on conflict do nothing",
        )
        .bind(cluster.as_str())
        .bind(one.node.as_str())
        .bind(micros(one.at))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

impl Sqlite {
    /// Forgets troubles before a time; answers how many.
    pub async fn forget_troubles(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.write_one(move |connection| {
            Box::pin(async move {
                let done = sqlx::query("delete from trouble where at < ?1")
                    .bind(micros(before))
                    .execute(connection)
                    .await?;
                Ok(done.rows_affected())
            })
        })
        .await
    }
}
