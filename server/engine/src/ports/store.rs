//! What must be remembered: alarms, rules, recoveries with their events, and the switch.

use super::history::RecoveryFilter;
use async_trait::async_trait;
use domain::alarm::{Alarm, Disposition, NewAlarm, Status};
use domain::event::Event;
use domain::guard::Switch;
use domain::id::{AlarmId, ClusterName, NodeName, NodeUid, PersonName, RecoveryId, RuleId};
use domain::recovery::{Outcome, State};
use domain::rule::{Draft, Rule};
use domain::timeline::Listing;
use jiff::Timestamp;

/// Why the store could not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Event `n` of this recovery is already written by somebody else: read again.
    #[error("event {n} of recovery {recovery} was written by somebody else")]
    Raced {
        /// Recovery.
        recovery: RecoveryId,
        /// Number.
        n: u32,
    },
    /// The node already has an active recovery.
    #[error("recovery {0} already holds this node")]
    Held(RecoveryId),
    /// The version given is not the newest.
    #[error("version {given} is old, the newest is {newest}")]
    OldVersion {
        /// Given.
        given: u32,
        /// Newest.
        newest: u32,
    },
    /// A name that must be unique is taken.
    #[error("{0} is already used")]
    Taken(String),
    /// No such row.
    #[error("{0} is not there")]
    Absent(String),
    /// Full, busy or broken: nothing was stored.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// Answer to one accepted alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Its number; for a duplicate the one it repeats.
    pub id: AlarmId,
    /// `Accepted` or `Duplicate`.
    pub disposition: Disposition,
    /// The alarm as stored, for a new one; `None` for a duplicate.
    pub alarm: Option<Alarm>,
}

/// The final word on an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Final disposition.
    pub disposition: Disposition,
    /// Rule that took it.
    pub rule: Option<RuleId>,
    /// Recovery it belongs to.
    pub recovery: Option<RecoveryId>,
    /// In words: why nothing was done, or who must look.
    pub note: Option<String>,
    /// Whether a person is asked to look at it (no target, several targets).
    pub needs_look: bool,
}

/// A stored alarm with what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmRow {
    /// The alarm.
    pub alarm: Alarm,
    /// What became of it.
    pub verdict: Verdict,
    /// When and by whom it was acknowledged.
    pub acknowledged: Option<(Timestamp, PersonName)>,
}

/// A recovery to be created.
#[derive(Debug, Clone)]
pub struct NewRecovery {
    /// Cluster.
    pub cluster: ClusterName,
    /// Node.
    pub node: NodeName,
    /// Its UID.
    pub uid: NodeUid,
}

/// The list projection of a recovery, written in the same transaction as its events; can be rebuilt from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryRow {
    /// Number.
    pub id: RecoveryId,
    /// Cluster.
    pub cluster: ClusterName,
    /// Node.
    pub node: NodeName,
    /// Whether it holds the node's slot.
    pub active: bool,
    /// State.
    pub state: State,
    /// Outcome, once it ended.
    pub outcome: Option<Outcome>,
    /// First event.
    pub started_at: Timestamp,
    /// End.
    pub ended_at: Option<Timestamp>,
    /// Number of events.
    pub events: u32,
    /// What lists show of it.
    pub listing: Listing,
}

/// Which alarms to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct AlarmFilter {
    /// Only received at or after.
    pub since: Option<Timestamp>,
    /// Only this latest word.
    pub status: Option<Status>,
    /// Only those that need a look and are not acknowledged.
    pub needs_look: bool,
}

/// Part of a list: ids below `after`, at most `limit`.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Only ids below this one.
    pub after: Option<u64>,
    /// At most.
    pub limit: u32,
}

/// Position of a switch and who put it there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchRow {
    /// `None` is the global one.
    pub cluster: Option<ClusterName>,
    /// Position.
    pub mode: Switch,
    /// Who.
    pub set_by: PersonName,
    /// When.
    pub set_at: Timestamp,
    /// Why.
    pub reason: Option<String>,
    /// Calls that were under way when it was thrown; `None` until they were counted.
    pub in_flight: Option<u32>,
}

/// Who changes a rule, when, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Who.
    pub who: PersonName,
    /// When.
    pub at: Timestamp,
    /// Why, where a reason is asked for.
    pub reason: Option<String>,
}

/// A version of a rule with its author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow {
    /// The rule as it was.
    pub rule: Rule,
    /// Who.
    pub author: PersonName,
    /// When.
    pub at: Timestamp,
    /// Why, where a reason is asked for.
    pub reason: Option<String>,
}

/// Everything that survives a restart. A method answers only after its commit.
#[async_trait]
pub trait Store: super::Book + super::History {
    /// Stores alarms; duplicate key = source, fingerprint, startsAt, status, per alarm. `ttl_s`: an open text episode that
    /// was silent for so long has ended, and the next one begins a new episode.
    async fn accept(
        &self,
        alarms: Vec<NewAlarm>,
        now: Timestamp,
        ttl_s: u32,
    ) -> Result<Vec<Accepted>, StoreError>;
    /// Firing or resolved alarms without a final disposition, oldest first.
    async fn undisposed(&self, limit: u32) -> Result<Vec<Alarm>, StoreError>;
    /// Counts one more try at working on an alarm; answers the number of tries.
    async fn tried(&self, id: AlarmId) -> Result<u32, StoreError>;
    /// Writes the final word on an alarm.
    async fn dispose(&self, id: AlarmId, verdict: &Verdict) -> Result<(), StoreError>;
    /// Changes the latest word on an alarm.
    async fn set_status(&self, id: AlarmId, status: Status) -> Result<(), StoreError>;
    /// One alarm.
    async fn alarm(&self, id: AlarmId) -> Result<Option<AlarmRow>, StoreError>;
    /// A list of alarms, newest first.
    async fn alarms(&self, filter: &AlarmFilter, page: Page) -> Result<Vec<AlarmRow>, StoreError>;
    /// How many different alarms received at or after `since` fire, are seen by nobody, and are not done with: those
    /// of a recovery that is over count no more.
    async fn firing(&self, since: Timestamp) -> Result<u32, StoreError>;
    /// Marks an alarm as seen by a person.
    async fn acknowledge(
        &self,
        id: AlarmId,
        who: &PersonName,
        at: Timestamp,
    ) -> Result<(), StoreError>;
    /// The newest alarm of the same source and fingerprint that we closed at or after `since`, with its recovery.
    async fn closed_since(
        &self,
        alarm: &Alarm,
        since: Timestamp,
    ) -> Result<Option<(AlarmId, RecoveryId)>, StoreError>;

    /// All rules by position.
    async fn rules(&self) -> Result<Vec<Rule>, StoreError>;
    /// One rule.
    async fn rule(&self, id: RuleId) -> Result<Option<Rule>, StoreError>;
    /// Adds a rule as version 1.
    async fn add_rule(
        &self,
        draft: &Draft,
        who: &PersonName,
        at: Timestamp,
    ) -> Result<Rule, StoreError>;
    /// Stores the next version; `version` must be the newest.
    async fn change_rule(
        &self,
        id: RuleId,
        version: u32,
        draft: &Draft,
        signed: &Signed,
    ) -> Result<Rule, StoreError>;
    /// Removes a rule from force; its versions are kept.
    async fn remove_rule(&self, id: RuleId) -> Result<(), StoreError>;
    /// All versions of a rule, newest first.
    async fn rule_versions(&self, id: RuleId) -> Result<Vec<RuleRow>, StoreError>;

    /// Creates a recovery with its first events in one transaction; the events are built from the new number.
    /// `Held` when the node already has an active one.
    async fn create(&self, new: &NewRecovery, events: EventsOf) -> Result<RecoveryId, StoreError>;
    /// Appends events `n, n+1, ..` in one transaction; `n` counts from 1. `Raced` when `n` is taken.
    async fn append(&self, id: RecoveryId, n: u32, events: &[Event]) -> Result<(), StoreError>;
    /// All events of a recovery, in order; empty when there is no such recovery.
    async fn events(&self, id: RecoveryId) -> Result<Vec<Event>, StoreError>;
    /// Recoveries that hold a slot.
    async fn active(&self) -> Result<Vec<RecoveryRow>, StoreError>;
    /// One row of the projection.
    async fn recovery(&self, id: RecoveryId) -> Result<Option<RecoveryRow>, StoreError>;
    /// A list of recoveries, newest first.
    async fn recoveries(
        &self,
        filter: &RecoveryFilter,
        page: Page,
    ) -> Result<Vec<RecoveryRow>, StoreError>;
    /// When the last recovery of a node ended.
    async fn last_ended(
        &self,
        cluster: &ClusterName,
        node: &NodeName,
    ) -> Result<Option<Timestamp>, StoreError>;

    /// All switches that were ever set; absent means `run`.
    async fn switches(&self) -> Result<Vec<SwitchRow>, StoreError>;
    /// Sets a switch.
    async fn set_switch(&self, row: &SwitchRow) -> Result<(), StoreError>;
}

/// Builds a recovery's first events once its number is known (the owner mark and keys contain it).
pub type EventsOf = Box<dyn FnOnce(RecoveryId) -> Vec<Event> + Send>;
