//! The engine's port: reads go to the readers, writes into the writer's queue.

use crate::fault::Fault;
use crate::{Sqlite, alarms, recoveries, rules, switches};
use async_trait::async_trait;
use domain::alarm::{Alarm, NewAlarm, Status};
use domain::event::Event;
use domain::id::{AlarmId, ClusterName, NodeName, PersonName, RecoveryId, RuleId};
use domain::rule::{Draft, Rule};
use engine::ports::store::EventsOf;
use engine::ports::{
    Accepted, AlarmFilter, AlarmRow, NewRecovery, Page, RecoveryFilter, RecoveryRow, RuleRow,
    Signed, Store, StoreError, SwitchRow, Verdict,
};
use jiff::Timestamp;

/// Reads with one of the readers.
macro_rules! read {
    ($store:expr, $query:path $(, $with:expr)*) => {{
        let mut reader = $store.reader().await?;
        $query(&mut reader $(, $with)*).await.map_err(|fault: Fault| fault.named())
    }};
}

/// Queues a write; what it needs is moved into the job.
macro_rules! write {
    ($store:expr, |$connection:ident| $work:expr) => {
        $store
            .write(move |$connection| Box::pin(async move { $work.await }))
            .await
    };
}

/// As `write`, for what writes at most one statement.
macro_rules! write_one {
    ($store:expr, |$connection:ident| $work:expr) => {
        $store
            .write_one(move |$connection| Box::pin(async move { $work.await }))
            .await
    };
}

mod book;
mod history;
mod outbox;

#[async_trait]
impl Store for Sqlite {
    async fn accept(
        &self,
        alarms: Vec<NewAlarm>,
        now: Timestamp,
        ttl_s: u32,
    ) -> Result<Vec<Accepted>, StoreError> {
        self.writer.room_for_alarms()?;
        // the flood is made of single firing alarms, and each of them is one row.
        if matches!(alarms.as_slice(), [one] if one.status == Status::Firing) {
            return write_one!(self, |connection| alarms::accept(
                connection, &alarms, now, ttl_s
            ));
        }
        write!(self, |connection| alarms::accept(
            connection, &alarms, now, ttl_s
        ))
    }

    async fn undisposed(&self, limit: u32) -> Result<Vec<Alarm>, StoreError> {
        read!(self, alarms::undisposed, limit)
    }

    async fn tried(&self, id: AlarmId) -> Result<u32, StoreError> {
        write_one!(self, |connection| alarms::tried(connection, id))
    }

    async fn dispose(&self, id: AlarmId, verdict: &Verdict) -> Result<(), StoreError> {
        let verdict = verdict.clone();
        write_one!(self, |connection| alarms::dispose(connection, id, &verdict))
    }

    async fn set_status(&self, id: AlarmId, status: Status) -> Result<(), StoreError> {
        write_one!(self, |connection| alarms::set_status(
            connection, id, status
        ))
    }

    async fn alarm(&self, id: AlarmId) -> Result<Option<AlarmRow>, StoreError> {
        read!(self, alarms::get, id)
    }

    async fn alarms(&self, filter: &AlarmFilter, page: Page) -> Result<Vec<AlarmRow>, StoreError> {
        read!(self, alarms::list, filter, page)
    }

    async fn firing(&self, since: Timestamp) -> Result<u32, StoreError> {
        read!(self, alarms::firing, since)
    }

    async fn acknowledge(
        &self,
        id: AlarmId,
        who: &PersonName,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let who = who.clone();
        write_one!(self, |connection| alarms::acknowledge(
            connection, id, &who, at
        ))
    }

    async fn closed_since(
        &self,
        alarm: &Alarm,
        since: Timestamp,
    ) -> Result<Option<(AlarmId, RecoveryId)>, StoreError> {
        read!(self, alarms::closed_since, alarm, since)
    }

    async fn rules(&self) -> Result<Vec<Rule>, StoreError> {
        read!(self, rules::all)
    }

    async fn rule(&self, id: RuleId) -> Result<Option<Rule>, StoreError> {
        read!(self, rules::get, id)
    }

    async fn add_rule(
        &self,
        draft: &Draft,
        who: &PersonName,
        at: Timestamp,
    ) -> Result<Rule, StoreError> {
        let (draft, who) = (draft.clone(), who.clone());
        write!(self, |connection| rules::add(connection, draft, &who, at))
    }

    async fn change_rule(
        &self,
        id: RuleId,
        version: u32,
        draft: &Draft,
        signed: &Signed,
    ) -> Result<Rule, StoreError> {
        let (draft, signed) = (draft.clone(), signed.clone());
        write!(self, |connection| rules::change(
            connection, id, version, draft, &signed
        ))
    }

    async fn remove_rule(&self, id: RuleId) -> Result<(), StoreError> {
        write!(self, |connection| rules::remove(connection, id))
    }

    async fn rule_versions(&self, id: RuleId) -> Result<Vec<RuleRow>, StoreError> {
        read!(self, rules::versions, id)
    }

    async fn create(&self, new: &NewRecovery, events: EventsOf) -> Result<RecoveryId, StoreError> {
        let new = new.clone();
        write!(self, |connection| recoveries::create(
            connection, &new, events
        ))
    }

    async fn append(&self, id: RecoveryId, n: u32, events: &[Event]) -> Result<(), StoreError> {
        let events = events.to_vec();
        write!(self, |connection| recoveries::append(
            connection, id, n, &events
        ))
    }

    async fn events(&self, id: RecoveryId) -> Result<Vec<Event>, StoreError> {
        read!(self, recoveries::events, id)
    }

    async fn active(&self) -> Result<Vec<RecoveryRow>, StoreError> {
        read!(self, recoveries::active)
    }

    async fn recovery(&self, id: RecoveryId) -> Result<Option<RecoveryRow>, StoreError> {
        read!(self, recoveries::get, id)
    }

    async fn recoveries(
        &self,
        filter: &RecoveryFilter,
        page: Page,
    ) -> Result<Vec<RecoveryRow>, StoreError> {
        read!(self, recoveries::list, filter, page)
    }

    async fn last_ended(
        &self,
        cluster: &ClusterName,
        node: &NodeName,
    ) -> Result<Option<Timestamp>, StoreError> {
        read!(self, recoveries::last_ended, cluster, node)
    }

    async fn switches(&self) -> Result<Vec<SwitchRow>, StoreError> {
        read!(self, switches::all)
    }

    async fn set_switch(&self, row: &SwitchRow) -> Result<(), StoreError> {
        let row = row.clone();
        write_one!(self, |connection| switches::set(connection, &row))
    }
}
