//! The memory store as the engine's port.

use super::{MemoryStore, counts, row, verdict};
use crate::ports::store::EventsOf;
use crate::ports::{
    Accepted, AlarmFilter, AlarmRow, NewRecovery, Page, RecoveryFilter, RecoveryRow, RuleRow,
    Signed, Store, StoreError, SwitchRow, Verdict,
};
use async_trait::async_trait;
use domain::alarm::{Alarm, Disposition, NewAlarm, Status};
use domain::event::Event;
use domain::id::{AlarmId, ClusterName, NodeName, PersonName, RecoveryId, RuleId};
use domain::recovery::replay;
use domain::rule::{Draft, Rule};
use domain::step::StepKind;
use jiff::Timestamp;

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

    async fn tried(&self, id: AlarmId) -> Result<u32, StoreError> {
        self.alive().await;
        let mut data = self.data();
        let tries = data.tries.entry(id.0).or_default();
        *tries += 1;
        Ok(*tries)
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

    async fn alarms(&self, filter: &AlarmFilter, page: Page) -> Result<Vec<AlarmRow>, StoreError> {
        self.alive().await;
        let wanted = |row: &&AlarmRow| {
            let status = filter.status.is_none_or(|one| row.alarm.status == one);
            let since = filter.since.is_none_or(|at| row.alarm.received_at >= at);
            let look = !filter.needs_look || row.verdict.needs_look && row.acknowledged.is_none();
            status && since && look
        };
        let below = page.after.unwrap_or(u64::MAX);
        let data = self.data();
        let rows = data.alarms.range(..below).rev().map(|(_, row)| row);
        let rows = rows.filter(wanted).take(page.limit as usize);
        Ok(rows.cloned().collect())
    }

    async fn firing(&self, since: Timestamp) -> Result<u32, StoreError> {
        let data = self.data();
        let counts = data.alarms.values().filter(|one| {
            let works = one.verdict.recovery.and_then(|id| row(id.0, &data));
            one.alarm.status == Status::Firing
                && one.alarm.received_at >= since
                && one.acknowledged.is_none()
                && (one.verdict.recovery.is_none() || works.is_some_and(|row| row.active))
        });
        Ok(counts.count() as u32)
    }

    async fn acknowledge(
        &self,
        id: AlarmId,
        who: &PersonName,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if let Some(row) = self.data().alarms.get_mut(&id.0) {
            row.acknowledged = Some((at, who.clone()));
        }
        Ok(())
    }

    async fn closed_since(
        &self,
        alarm: &Alarm,
        since: Timestamp,
    ) -> Result<Option<(AlarmId, RecoveryId)>, StoreError> {
        self.alive().await;
        let data = self.data();
        let lately = |row: &AlarmRow| {
            let events = data.events.get(&row.verdict.recovery?.0)?;
            let ended = replay(events).ok()?.step(StepKind::CloseAlarm).ended_at?;
            Some(ended >= since)
        };
        let closed = data.alarms.values().rfind(|row| {
            row.alarm.fingerprint == alarm.fingerprint
                && row.alarm.status == Status::Closed
                && lately(row) == Some(true)
        });
        Ok(closed.and_then(|row| {
            row.verdict
                .recovery
                .map(|recovery| (row.alarm.id, recovery))
        }))
    }

    async fn rules(&self) -> Result<Vec<Rule>, StoreError> {
        let rules = self.data().rules.clone();
        // What was read may be old by the time it is answered.
        tokio::task::yield_now().await;
        Ok(rules)
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
        id: RuleId,
        version: u32,
        draft: &Draft,
        signed: &Signed,
    ) -> Result<Rule, StoreError> {
        self.alive().await;
        let mut data = self.data();
        let stored = data
            .rules
            .iter_mut()
            .find(|rule| rule.id == id)
            .ok_or_else(|| StoreError::Absent(format!("rule {id}")))?;
        if stored.version != version {
            return Err(StoreError::OldVersion {
                given: version,
                newest: stored.version,
            });
        }
        stored.version += 1;
        stored.draft = draft.clone();
        let rule = stored.clone();
        data.versions.insert(
            0,
            RuleRow {
                rule: rule.clone(),
                author: signed.who.clone(),
                at: signed.at,
                reason: signed.reason.clone(),
            },
        );
        Ok(rule)
    }

    async fn remove_rule(&self, _id: RuleId) -> Result<(), StoreError> {
        Err(StoreError::Failed(
            "rules are given at birth here".to_owned(),
        ))
    }

    async fn rule_versions(&self, id: RuleId) -> Result<Vec<RuleRow>, StoreError> {
        let data = self.data();
        let of = data.versions.iter().filter(|row| row.rule.id == id);
        Ok(of.cloned().collect())
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
        filter: &RecoveryFilter,
        page: Page,
    ) -> Result<Vec<RecoveryRow>, StoreError> {
        let data = self.data();
        Ok(data
            .events
            .keys()
            .rev()
            .filter(|id| page.after.is_none_or(|after| **id < after))
            .filter_map(|id| row(*id, &data))
            .filter(|row| row.passes(filter))
            .take(page.limit as usize)
            .collect())
    }

    async fn last_ended(
        &self,
        cluster: &ClusterName,
        node: &NodeName,
    ) -> Result<Option<Timestamp>, StoreError> {
        let data = self.data();
        let rows = data.events.keys().filter_map(|id| row(*id, &data));
        Ok(rows
            .filter(|row| row.cluster == *cluster && row.node == *node && counts(row))
            .filter_map(|row| row.ended_at)
            .max())
    }

    async fn switches(&self) -> Result<Vec<SwitchRow>, StoreError> {
        let switches = self.data().switches.clone();
        tokio::task::yield_now().await;
        Ok(switches)
    }

    async fn set_switch(&self, row: &SwitchRow) -> Result<(), StoreError> {
        self.alive().await;
        {
            let mut data = self.data();
            data.switches.retain(|one| one.cluster != row.cluster);
            data.switches.push(row.clone());
        }
        tokio::task::yield_now().await;
        Ok(())
    }
}
