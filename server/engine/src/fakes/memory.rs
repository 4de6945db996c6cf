//! A store in memory that can die before or after any commit, as a process does.

mod book;
mod history;
mod port;

use crate::ports::{
    AlarmRow, BreakerRow, ClusterSeen, CordonAct, RecoveryRow, RuleRow, StoreError, SwitchRow,
    Verdict,
};
use domain::alarm::Disposition;
use domain::event::Event;
use domain::guard::storm::Trouble;
use domain::id::{ClusterName, NodeName, RecoveryId, RuleId};
use domain::impact::Sample;
use domain::recovery::{Outcome, Recovery, replay};
use domain::rule::{Draft, Rule};
use domain::timeline::{StoryMark, listing};
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
    tries: BTreeMap<u64, u32>,
    rules: Vec<Rule>,
    events: BTreeMap<u64, Vec<Event>>,
    targets: BTreeMap<u64, (ClusterName, NodeName)>,
    switches: Vec<SwitchRow>,
    versions: Vec<RuleRow>,
    troubles: Vec<(ClusterName, Trouble)>,
    breakers: Vec<BreakerRow>,
    incidents: Vec<domain::incident::Incident>,
    cordon_acts: Vec<CordonAct>,
    seen: Vec<ClusterSeen>,
    marks: BTreeMap<(u64, u32), StoryMark>,
    samples: BTreeMap<(u64, u32), Sample>,
}

/// One process's view of the data; a new one over the same data is the next process.
#[derive(Clone)]
pub struct MemoryStore {
    data: Arc<Mutex<Data>>,
    commits: Arc<Mutex<u32>>,
    death: Option<Death>,
    died: Arc<Notify>,
    committed: Arc<Notify>,
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
            committed: Arc::default(),
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
            committed: Arc::default(),
            dead: Arc::default(),
        }
    }

    /// Ends when this process dies.
    pub async fn died(&self) {
        self.died.notified().await;
    }

    /// Ends at the next commit of recovery events.
    pub async fn committed(&self) {
        self.committed.notified().await;
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
        // As a real store, it lets others run; whoever waits for the commit goes before the next step.
        self.committed.notify_waiters();
        tokio::task::yield_now().await;
        written
    }
}

fn row(id: u64, data: &Data) -> Option<RecoveryRow> {
    let events = data.events.get(&id)?;
    let recovery = replay(events).ok()?;
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
        listing: listing(&recovery, events),
    })
}

/// Whether a recovery did anything that later ones are measured by.
fn counts(row: &RecoveryRow) -> bool {
    !matches!(row.outcome, Some(Outcome::Refused | Outcome::Expired))
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
