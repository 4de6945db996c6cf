//! What the guards count: starts, recoveries of a node, troubles, breakers.

use crate::column::{Columns, json, key, micros};
use crate::{Fault, Sqlite};
use domain::guard::Breaker;
use domain::guard::storm::Trouble;
use domain::id::{ClusterName, NodeName};
use engine::ports::{BreakerRow, Closing, StoreError};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

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

pub(crate) async fn troubles(
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

pub(crate) async fn add_troubles(
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

fn breaker_of(row: &SqliteRow) -> Result<BreakerRow, Fault> {
    let breaker = Breaker {
        id: row.id("id")?,
        cluster: row.word("cluster")?,
        tripped_at: row.at("tripped_at")?,
        why: row.try_get("why")?,
        nodes: row.json("nodes")?,
        calm_since: row.at_opt("calm_since")?,
    };
    let closed = match (row.at_opt("closed_at")?, row.word_opt("closed_by")?) {
        (Some(at), Some(by)) => Some(Closing {
            at,
            by,
            reason: row.try_get("closed_why")?,
        }),
        _ => None,
    };
    Ok(BreakerRow { breaker, closed })
}

pub(crate) async fn breakers(
    connection: &mut SqliteConnection,
    limit: u32,
) -> Result<Vec<BreakerRow>, Fault> {
    let rows = sqlx::query("select * from breaker order by id desc limit ?1")
        .bind(limit)
        .fetch_all(connection)
        .await?;
    rows.iter().map(breaker_of).collect()
}

pub(crate) async fn trip(
    connection: &mut SqliteConnection,
    breaker: &Breaker,
) -> Result<u64, Fault> {
    let id: i64 = sqlx::query_scalar(
        "insert into breaker (cluster, tripped_at, why, nodes, calm_since)
         values (?1, ?2, ?3, ?4, ?5) returning id",
    )
    .bind(breaker.cluster.as_str())
    .bind(micros(breaker.tripped_at))
    .bind(&breaker.why)
    .bind(json(&breaker.nodes)?)
    .bind(breaker.calm_since.map(micros))
    .fetch_one(connection)
    .await?;
    Ok(id.cast_unsigned())
}

pub(crate) async fn set_calm(
    connection: &mut SqliteConnection,
    id: u64,
    since: Option<Timestamp>,
) -> Result<(), Fault> {
    sqlx::query("update breaker set calm_since = ?2 where id = ?1")
        .bind(key(id))
        .bind(since.map(micros))
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn close_breaker(
    connection: &mut SqliteConnection,
    id: u64,
    closing: &Closing,
) -> Result<(), Fault> {
    let done = sqlx::query(
        "update breaker set closed_at = ?2, closed_by = ?3, closed_why = ?4
         where id = ?1 and closed_at is null",
    )
    .bind(key(id))
    .bind(micros(closing.at))
    .bind(closing.by.as_str())
    .bind(&closing.reason)
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 {
        Ok(())
    } else {
        Err(Fault::absent(format!("open breaker {id}")))
    }
}
