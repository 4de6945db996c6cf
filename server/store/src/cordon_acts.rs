//! Table `cordon_act`: what persons did with cordons.

use crate::Fault;
use crate::column::{Columns, key, micros, word};
use domain::id::{ClusterName, NodeName};
use engine::ports::CordonAct;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

pub(crate) async fn add(connection: &mut SqliteConnection, act: &CordonAct) -> Result<u64, Fault> {
    let id: i64 = sqlx::query_scalar(
        "insert into cordon_act (cluster, node, verb, author, at, reason, outcome)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7) returning id",
    )
    .bind(ClusterName::as_str(&act.cluster))
    .bind(NodeName::as_str(&act.node))
    .bind(word(&act.verb)?)
    .bind(act.by.as_str())
    .bind(micros(act.at))
    .bind(&act.reason)
    .bind(&act.outcome)
    .fetch_one(connection)
    .await?;
    Ok(id.cast_unsigned())
}

pub(crate) async fn end(
    connection: &mut SqliteConnection,
    id: u64,
    outcome: &str,
) -> Result<(), Fault> {
    sqlx::query("update cordon_act set outcome = ?2 where id = ?1")
        .bind(key(id))
        .bind(outcome)
        .execute(connection)
        .await?;
    Ok(())
}

pub(crate) async fn list(
    connection: &mut SqliteConnection,
    limit: u32,
) -> Result<Vec<CordonAct>, Fault> {
    let rows = sqlx::query("select * from cordon_act order by id desc limit ?1")
        .bind(limit)
        .fetch_all(connection)
        .await?;
    rows.iter().map(act_of).collect()
}

fn act_of(row: &SqliteRow) -> Result<CordonAct, Fault> {
    Ok(CordonAct {
        id: row.id("id")?,
        cluster: row.word("cluster")?,
        node: row.word("node")?,
        verb: row.word("verb")?,
        by: row.word("author")?,
        at: row.at("at")?,
        reason: row.try_get("reason")?,
        outcome: row.try_get("outcome")?,
    })
}
