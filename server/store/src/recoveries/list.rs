//! Reading the list of recoveries: one filter for pages and totals.

use crate::Fault;
use crate::column::{Columns, key, micros, word};
use domain::event::Event;
use domain::id::{ClusterName, NodeName, RecoveryId};
use domain::timeline::{Listing, folded};
use engine::ports::{Page, RecoveryFilter, RecoveryRow, Totals};
use jiff::Timestamp;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Row, Sqlite, SqliteConnection};
use std::collections::BTreeMap;

/// What every filtered query asks for; `bound` binds ?1 to ?10.
macro_rules! where_it_passes {
    () => {
        "(?1 is null or cluster = ?1) and (?2 is null or node = ?2) and (?3 is null or active = ?3)
         and (?4 is null or outcome = ?4) and (?5 is null or state = ?5)
         and (?6 is null or exists (select 1 from json_each(people) where value = ?6))
         and (?7 is null or rule = ?7) and (?8 is null or (rule is not null) = ?8)
         and (?9 is null or instr(words, ?9) > 0)
         and started_at >= ?10 and started_at < ?11"
    };
}

type Asked<'q> = Query<'q, Sqlite, SqliteArguments>;

fn bound(sql: &'static str, filter: &RecoveryFilter) -> Result<Asked<'static>, Fault> {
    Ok(sqlx::query(sql)
        .bind(filter.cluster.as_ref().map(ToString::to_string))
        .bind(filter.node.as_ref().map(ToString::to_string))
        .bind(filter.active)
        .bind(filter.outcome.map(|outcome| word(&outcome)).transpose()?)
        .bind(filter.state.map(|state| word(&state)).transpose()?)
        .bind(filter.person.as_deref().map(folded))
        .bind(filter.rule.map(|rule| key(rule.0)))
        .bind(filter.automatic)
        .bind(filter.text.as_deref().map(folded))
        .bind(filter.since.map_or(i64::MIN, micros))
        .bind(filter.until.map_or(i64::MAX, micros)))
}

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
        listing: row.json("listing")?,
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
    let sql = concat!(
        "select * from recovery where ",
        where_it_passes!(),
        " and id < ?12 order by id desc limit ?13"
    );
    let rows = bound(sql, filter)?
        .bind(page.after.map_or(i64::MAX, key))
        .bind(page.limit)
        .fetch_all(connection)
        .await?;
    rows.iter().map(row_of).collect()
}

pub(crate) async fn totals(
    connection: &mut SqliteConnection,
    filter: &RecoveryFilter,
) -> Result<Totals, Fault> {
    let sql = concat!(
        "select count(*) as found,
                count(*) filter (where state = 'needs_human') as failed,
                count(*) filter (where rule is not null) as automatic
         from recovery where ",
        where_it_passes!()
    );
    let figures = bound(sql, filter)?.fetch_one(&mut *connection).await?;
    let sql = concat!(
        "with well as (
           select (ended_at - started_at) / 1000000 as took from recovery
           where outcome = 'recovered' and ",
        where_it_passes!(),
        ") select took from well order by took limit 2 - (select count(*) from well) % 2
           offset (select (count(*) - 1) / 2 from well)"
    );
    let middle = bound(sql, filter)?.fetch_all(&mut *connection).await?;
    let middle: Vec<u32> = middle
        .iter()
        .map(|row| row.count("took"))
        .collect::<Result<_, _>>()?;
    let all = sqlx::query("select count(*) as counted, max(started_at) as newest from recovery")
        .fetch_one(connection)
        .await?;
    Ok(Totals {
        found: figures.count("found")?,
        all: all.count("counted")?,
        failed: figures.count("failed")?,
        automatic: figures.count("automatic")?,
        median_s: middle
            .first()
            .zip(middle.last())
            .map(|(low, high)| low.midpoint(*high)),
        newest: all.at_opt("newest")?,
    })
}

pub(crate) async fn went_well(
    connection: &mut SqliteConnection,
    cluster: &ClusterName,
    limit: u32,
) -> Result<Vec<(Listing, u32)>, Fault> {
    let rows = sqlx::query(
        "select listing, (ended_at - started_at) / 1000000 as took from recovery
         where cluster = ?1 and outcome = 'recovered' order by id desc limit ?2",
    )
    .bind(cluster.as_str())
    .bind(limit)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((row.json("listing")?, row.count("took")?)))
        .collect()
}

pub(crate) async fn logs(
    connection: &mut SqliteConnection,
    ids: &[RecoveryId],
) -> Result<Vec<(RecoveryId, Vec<Event>)>, Fault> {
    let wanted = serde_json::to_string(ids)
        .map_err(|error| Fault::failed(format!("numbers cannot be written: {error}")))?;
    let rows = sqlx::query(
        "select recovery_id, body from recovery_event
         where recovery_id in (select value from json_each(?1)) order by recovery_id, n",
    )
    .bind(wanted)
    .fetch_all(connection)
    .await?;
    let mut logs: BTreeMap<u64, Vec<Event>> = BTreeMap::new();
    for row in &rows {
        logs.entry(row.id("recovery_id")?)
            .or_default()
            .push(row.json("body")?);
    }
    Ok(logs
        .into_iter()
        .map(|(id, events)| (RecoveryId(id), events))
        .collect())
}

/// What can be read of a log: an event that a newer version wrote, or a broken one, hides no other.
pub(crate) async fn readable(
    connection: &mut SqliteConnection,
    id: RecoveryId,
) -> Result<(Vec<(u32, Event)>, u32), Fault> {
    let rows = sqlx::query("select n, body from recovery_event where recovery_id = ?1 order by n")
        .bind(key(id.0))
        .fetch_all(connection)
        .await?;
    let mut events = Vec::with_capacity(rows.len());
    let mut lost = 0;
    for row in &rows {
        match row.json("body") {
            Ok(event) => events.push((row.count("n")?, event)),
            Err(_) => lost += 1,
        }
    }
    Ok((events, lost))
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
