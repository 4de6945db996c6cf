//! Table `switch`: where the kill switch stands, for all and per cluster.

use crate::Fault;
use crate::column::{Columns, micros, word};
use domain::id::ClusterName;
use engine::ports::SwitchRow;
use sqlx::{Row, SqliteConnection};

pub(crate) async fn all(connection: &mut SqliteConnection) -> Result<Vec<SwitchRow>, Fault> {
    let rows = sqlx::query("select nullif(scope, '') as cluster, * from switch order by scope")
        .fetch_all(connection)
        .await?;
    rows.iter()
        .map(|row| {
            Ok(SwitchRow {
                cluster: row.word_opt("cluster")?,
                mode: row.word("mode")?,
                set_by: row.word("set_by")?,
                set_at: row.at("set_at")?,
                reason: row.try_get("reason")?,
                in_flight: row.try_get("in_flight")?,
            })
        })
        .collect()
}

pub(crate) async fn set(connection: &mut SqliteConnection, row: &SwitchRow) -> Result<(), Fault> {
    sqlx::query(
        "insert into switch (scope, mode, set_by, set_at, reason, in_flight) values (?1, ?2, ?3, ?4, ?5, ?6)
         on conflict (scope) do update set
           mode = excluded.mode, set_by = excluded.set_by, set_at = excluded.set_at, reason = excluded.reason,
           in_flight = excluded.in_flight",
    )
    .bind(row.cluster.as_ref().map_or("", ClusterName::as_str))
    .bind(word(&row.mode)?)
    .bind(row.set_by.as_str())
    .bind(micros(row.set_at))
    .bind(&row.reason)
    .bind(row.in_flight)
    .execute(connection)
    .await?;
    Ok(())
}
