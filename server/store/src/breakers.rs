//! Table `breaker`: storms, open and over.

use crate::Fault;
use crate::column::{Columns, json, key, micros};
use domain::guard::Breaker;
use engine::ports::{BreakerRow, Closing};
use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

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

pub(crate) async fn list(
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

pub(crate) async fn close(
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
