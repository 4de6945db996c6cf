//! A store in memory that can die before or after any commit, as a process does.

use crate::ports::store::EventsOf;
use crate::ports::{
    Accepted, AlarmFilter, AlarmRow, NewRecovery, Page, RecoveryFilter, RecoveryRow, Store,
    StoreError, SwitchRow, Verdict,
};
use async_trait::async_trait;
use domain::alarm::{Alarm, Disposition, NewAlarm, Status};
use domain::event::Event;
use domain::id::{AlarmId, ClusterName, NodeName, PersonName, RecoveryId, RuleId};
use domain::recovery::{Recovery, replay};
use domain::rule::{Draft, Rule};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// When the process dies: at its n-th commit of recovery events, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// What was done outside is not written down.
    Before(u32),
    /// It is written down, and nobody hears of it.
    After(u32),
}

#[derive(Default)]
struct Data {
    alarms: BTreeMap<u64, AlarmRow>,
    rules: Vec<Rule>,
    events: BTreeMap<u64, Vec<Event>>,
    targets: BTreeMap<u64, (ClusterName, NodeName)>,
    switches: Vec<SwitchRow>,
}

/// One process's view of the data; a new one over the same data is the next process.
#[derive(Clone)]
pub struct MemoryStore {
    data: Arc<Mutex<Data>>,
    commits: Arc<Mutex<u32>>,
    death: Option<Death>,
    died: Arc<Notify>,
    dead: Arc<Mutex<bool>>,
}

impl MemoryStore {
    /// An empty store with these rules.
    pub fn new(rules: Vec<Draft>) -> Self {
        let rules = rules
            .into_iter()
            .zip(1..)
            .map(|(draft, id)| Rule {
                id: RuleId(id),
                version: 1,
                draft,
            })
            .collect();
        let data = Data {
            rules,
            ..Data::default()
        };
        Self {
            data: Arc::new(Mutex::new(data)),
            commits: Arc::default(),
            death: None,
            died: Arc::default(),
            dead: Arc::default(),
        }
    }

    /// The next process over the same data.
    pub fn reborn(&self, death: Option<Death>) -> Self {
        Self {
            data: Arc::clone(&self.data),
            commits: Arc::default(),
            death,
            died: Arc::default(),
            dead: Arc::default(),
        }
    }

    /// Ends when this process dies.
    pub async fn died(&self) {
        self.died.notified().await;
    }

    /// Commits of recovery events so far in this process.
    pub fn commits(&self) -> u32 {
        *self.commits.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All recoveries.
    pub fn recoveries_now(&self) -> Vec<Recovery> {
        self.data()
            .events
            .values()
            .filter_map(|events| replay(events).ok())
            .collect()
    }

    /// All events of the first recovery.
    pub fn first_events(&self) -> Vec<Event> {
        self.data()
            .events
            .values()
            .next()
            .cloned()
            .unwrap_or_default()
    }

    fn data(&self) -> MutexGuard<'_, Data> {
        self.data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A dead process does nothing more, for ever.
    async fn alive(&self) {
        if *self.dead.lock().unwrap_or_else(PoisonError::into_inner) {
            std::future::pending::<()>().await;
        }
    }

    /// Ends this process: whatever still runs in it hangs at its next read or write.
    pub fn kill(&self) {
        *self.dead.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }

    async fn die(&self) {
        self.kill();
        self.died.notify_one();
        std::future::pending::<()>().await;
    }

    async fn commit<T>(
        &self,
        write: impl FnOnce(&mut Data) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.alive().await;
        let count = {
            let mut commits = self.commits.lock().unwrap_or_else(PoisonError::into_inner);
            *commits += 1;
            *commits
        };
        if self.death == Some(Death::Before(count)) {
            self.die().await;
        }
        let written = write(&mut self.data());
        if self.death == Some(Death::After(count)) {
            self.die().await;
        }
        written
    }
}

fn row(id: u64, data: &Data) -> Option<RecoveryRow> {
    let recovery = replay(data.events.get(&id)?).ok()?;
    let (cluster, node) = data.targets.get(&id)?.clone();
    Some(RecoveryRow {
        id: RecoveryId(id),
        cluster,
        node,
        active: recovery.holds_slot(),
        state: recovery.state(),
        outcome: recovery.outcome(),
        started_at: recovery.started_at(),
        ended_at: recovery.ended_at(),
        events: recovery.n,
    })
}

fn verdict() -> Verdict {
    Verdict {
        disposition: Disposition::Accepted,
        rule: None,
        recovery: None,
        note: None,
        needs_look: false,
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn accept(
        &self,
        alarms: Vec<NewAlarm>,
        now: Timestamp,
        _ttl_s: u32,
    ) -> Result<Vec<Accepted>, StoreError> {
        self.alive().await;
        let mut data = self.data();
        let mut accepted = Vec::new();
        for new in alarms {
            let id = AlarmId(data.alarms.len() as u64 + 1);
            let alarm = Alarm {
                id,
                source: new.source,
                fingerprint: new.fingerprint,
                text: new.text,
                labels: new.labels,
                starts_at: new.starts_at.unwrap_or(now),
                received_at: now,
                status: new.status,
                close_with: new.close_with,
            };
            data.alarms.insert(
                id.0,
                AlarmRow {
                    alarm: alarm.clone(),
                    verdict: verdict(),
                    acknowledged: None,
                },
            );
            accepted.push(Accepted {
                id,
                disposition: Disposition::Accepted,
                alarm: Some(alarm),
                ends: Vec::new(),
            });
        }
        Ok(accepted)
    }

    async fn undisposed(&self, _limit: u32) -> Result<Vec<Alarm>, StoreError> {
        self.alive().await;
        let data = self.data();
        Ok(data
            .alarms
            .values()
            .filter(|row| row.verdict.disposition == Disposition::Accepted)
            .map(|row| row.alarm.clone())
            .collect())
    }

    async fn tried(&self, _id: AlarmId) -> Result<u32, StoreError> {
        self.alive().await;
        Ok(1)
    }

    async fn dispose(&self, id: AlarmId, verdict: &Verdict) -> Result<(), StoreError> {
        self.alive().await;
        if let Some(row) = self.data().alarms.get_mut(&id.0) {
            row.verdict = verdict.clone();
        }
        Ok(())
    }

    async fn set_status(&self, id: AlarmId, status: Status) -> Result<(), StoreError> {
        self.alive().await;
        if let Some(row) = self.data().alarms.get_mut(&id.0) {
            row.alarm.status = status;
        }
        Ok(())
    }

    async fn alarm(&self, id: AlarmId) -> Result<Option<AlarmRow>, StoreError> {
        self.alive().await;
        Ok(self.data().alarms.get(&id.0).cloned())
    }

    async fn alarms(
        &self,
        _filter: &AlarmFilter,
        _page: Page,
    ) -> Result<Vec<AlarmRow>, StoreError> {
        self.alive().await;
        Ok(self.data().alarms.values().rev().cloned().collect())
    }

    async fn acknowledge(
        &self,
        _id: AlarmId,
        _who: &PersonName,
        _at: Timestamp,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    async fn closed_since(
        &self,
        alarm: &Alarm,
        _since: Timestamp,
    ) -> Result<Option<(AlarmId, RecoveryId)>, StoreError> {
        self.alive().await;
        let data = self.data();
        let closed = data.alarms.values().find(|row| {
            row.alarm.fingerprint == alarm.fingerprint && row.alarm.status == Status::Closed
        });
        Ok(closed.and_then(|row| {
            row.verdict
                .recovery
                .map(|recovery| (row.alarm.id, recovery))
        }))
    }

    async fn rules(&self) -> Result<Vec<Rule>, StoreError> {
        Ok(self.data().rules.clone())
    }

    async fn rule(&self, id: RuleId) -> Result<Option<Rule>, StoreError> {
        Ok(self.data().rules.iter().find(|rule| rule.id == id).cloned())
    }

    async fn add_rule(
        &self,
        _draft: &Draft,
        _who: &PersonName,
        _at: Timestamp,
    ) -> Result<Rule, StoreError> {
        Err(StoreError::Failed(
            "rules are given at birth here".to_owned(),
        ))
    }

    async fn change_rule(
        &self,
        _id: RuleId,
        _version: u32,
        _draft: &Draft,
        _who: &PersonName,
        _at: Timestamp,
    ) -> Result<Rule, StoreError> {
        Err(StoreError::Failed(
            "rules are given at birth here".to_owned(),
        ))
    }

    async fn remove_rule(&self, _id: RuleId) -> Result<(), StoreError> {
        Err(StoreError::Failed(
            "rules are given at birth here".to_owned(),
        ))
    }

    async fn rule_versions(
        &self,
        _id: RuleId,
    ) -> Result<Vec<(Rule, PersonName, Timestamp)>, StoreError> {
        Ok(Vec::new())
    }

    async fn create(&self, new: &NewRecovery, events: EventsOf) -> Result<RecoveryId, StoreError> {
        let new = new.clone();
        self.commit(move |data| {
            let held = |id: &u64| {
                row(*id, data).is_some_and(|row| {
                    row.active && row.cluster == new.cluster && row.node == new.node
                })
            };
            if let Some(id) = data.events.keys().copied().find(held) {
                return Err(StoreError::Held(RecoveryId(id)));
            }
            let id = data.events.len() as u64 + 1;
            data.targets.insert(id, (new.cluster, new.node));
            data.events.insert(id, events(RecoveryId(id)));
            Ok(RecoveryId(id))
        })
        .await
    }

    async fn append(&self, id: RecoveryId, n: u32, events: &[Event]) -> Result<(), StoreError> {
        let events = events.to_vec();
        self.commit(move |data| {
            let log = data
                .events
                .get_mut(&id.0)
                .ok_or_else(|| StoreError::Absent(format!("recovery {id}")))?;
            if log.len() + 1 != n as usize {
                return Err(StoreError::Raced { recovery: id, n });
            }
            log.extend(events);
            Ok(())
        })
        .await
    }

    async fn events(&self, id: RecoveryId) -> Result<Vec<Event>, StoreError> {
        self.alive().await;
        Ok(self.data().events.get(&id.0).cloned().unwrap_or_default())
    }

    async fn active(&self) -> Result<Vec<RecoveryRow>, StoreError> {
        self.alive().await;
        let data = self.data();
        Ok(data
            .events
            .keys()
            .filter_map(|id| row(*id, &data))
            .filter(|row| row.active)
            .collect())
    }

    async fn recovery(&self, id: RecoveryId) -> Result<Option<RecoveryRow>, StoreError> {
        Ok(row(id.0, &self.data()))
    }

    async fn recoveries(
        &self,
        _filter: &RecoveryFilter,
        _page: Page,
    ) -> Result<Vec<RecoveryRow>, StoreError> {
        let data = self.data();
        Ok(data
            .events
            .keys()
            .rev()
            .filter_map(|id| row(*id, &data))
            .collect())
    }

    async fn last_ended(
        &self,
        _cluster: &ClusterName,
        _node: &NodeName,
    ) -> Result<Option<Timestamp>, StoreError> {
        Ok(None)
    }

    async fn switches(&self) -> Result<Vec<SwitchRow>, StoreError> {
        Ok(self.data().switches.clone())
    }

    async fn set_switch(&self, row: &SwitchRow) -> Result<(), StoreError> {
        let mut data = self.data();
        data.switches.retain(|one| one.cluster != row.cluster);
        data.switches.push(row.clone());
        Ok(())
    }
}
