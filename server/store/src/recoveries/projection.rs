//! The list row of a recovery, from its events.

use crate::column::{Columns, json, key, micros, word};
use crate::{Fault, Sqlite};
use domain::event::Event;
use domain::id::{RecoveryId, RuleId};
use domain::recovery::{Recovery, replay};
use domain::{timeline::listing, trigger::Trigger};
use engine::ports::{NewRecovery, StoreError};
use sqlx::SqliteConnection;

impl Sqlite {
    /// Writes all list rows anew from the events; answers how many there are.
    pub async fn rebuild_projection(&self) -> Result<u64, StoreError> {
        self.rebuild("select id from recovery order by id").await
    }

    /// Writes those list rows anew that an older version wrote; answers how many there were.
    pub(crate) async fn complete_projection(&self) -> Result<u64, StoreError> {
        self.rebuild("select id from recovery where listing is null order by id")
            .await
    }

    async fn rebuild(&self, which: &'static str) -> Result<u64, StoreError> {
        self.write(move |connection| {
            Box::pin(async move {
                let rows = sqlx::query(which).fetch_all(&mut *connection).await?;
                for row in &rows {
                    let id = RecoveryId(row.id("id")?);
                    let events = super::events(connection, id).await?;
                    let recovery =
                        replay(&events).map_err(|illegal| Fault::failed(illegal.to_string()))?;
                    update(connection, id, &recovery, &events).await?;
                }
                Ok(rows.len() as u64)
            })
        })
        .await
    }
}

/// The row with its place; what is told of it follows.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    id: RecoveryId,
    new: &NewRecovery,
    recovery: &Recovery,
    events: &[Event],
) -> Result<(), Fault> {
    sqlx::query(
        "insert into recovery (id, active, state, started_at, events, cluster, node, node_uid)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )
    .bind(key(id.0))
    .bind(recovery.holds_slot())
    .bind(word(&recovery.state())?)
    .bind(micros(recovery.started_at()))
    .bind(recovery.n)
    .bind(new.cluster.as_str())
    .bind(new.node.as_str())
    .bind(new.uid.as_str())
    .execute(&mut *connection)
    .await?;
    update(connection, id, recovery, events).await
}

pub(super) async fn update(
    connection: &mut SqliteConnection,
    id: RecoveryId,
    recovery: &Recovery,
    events: &[Event],
) -> Result<(), Fault> {
    let listing = listing(recovery, events);
    sqlx::query(
        "update recovery set active = ?2, state = ?3, outcome = ?4, started_at = ?5, ended_at = ?6, events = ?7,
                             listing = ?8, rule = ?9, people = ?10, words = ?11
         where id = ?1",
    )
    .bind(key(id.0))
    .bind(recovery.holds_slot())
    .bind(word(&recovery.state())?)
    .bind(recovery.outcome().map(|outcome| word(&outcome)).transpose()?)
    .bind(micros(recovery.started_at()))
    .bind(recovery.ended_at().map(micros))
    .bind(recovery.n)
    .bind(json(&listing)?)
    .bind(rule(&listing.trigger).map(|rule| key(rule.0)))
    .bind(json(&listing.people)?)
    .bind(&listing.words)
    .execute(connection)
    .await?;
    Ok(())
}

const fn rule(trigger: &Trigger) -> Option<RuleId> {
    match trigger {
        Trigger::Alarm { rule, .. } => Some(*rule),
        Trigger::Person { .. } => None,
    }
}
