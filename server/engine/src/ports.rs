//! What the engine needs from the outside, in our words; one trait per need.

pub mod book;
pub mod chat;
pub mod history;
pub mod outbox;
pub mod store;

pub use book::{Book, BreakerRow, Closing, ClusterSeen, CordonAct};
pub use chat::{Batch, Button, Can, Chat, Heard, HookRequest, Hooked, Saying, Trust, Turned};
pub use history::{History, RecoveryFilter, Totals};
pub use outbox::{Delivery, Fate, Letter, Notifier, Outbox, Recipient, Sending, Subscription, Way};
pub use store::{
    Accepted, AlarmFilter, AlarmRow, NewRecovery, Page, RecoveryRow, RuleRow, Signed, Store,
    StoreError, SwitchRow, Verdict,
};

use async_trait::async_trait;
use domain::baseline::Baseline;
use domain::check::{Ask, Tried};
use domain::id::ClusterName;
use domain::step::Answer;
use domain::target::Target;
use domain::world::{
    ClusterFacts, Healer, Healers, HolderMark, MachineFacts, NodeFacts, NodeRecord, OwnerMark,
    Reading, Sight,
};
use jiff::Timestamp;
use std::sync::Arc;

/// The clock of the product and, in the sandbox, of the world.
pub trait Clock: Send + Sync {
    /// Now: `t0 + (wall - t0) * speed`; speed is 1 outside the sandbox.
    fn now(&self) -> Timestamp;
    /// How much faster than the wall clock it runs.
    fn speed(&self) -> f64 {
        1.0
    }
}

/// One Kubernetes cluster. Decisions read fresh; health and search read the watch cache.
#[async_trait]
pub trait Cluster: Send + Sync {
    /// Its name.
    fn name(&self) -> &ClusterName;
    /// Nodes from the watch cache: to find a target, never to decide about it.
    fn nodes(&self) -> Arc<[NodeFacts]>;
    /// Everything from the watch cache, with its age; nothing is copied.
    fn facts(&self) -> ClusterFacts;
    /// Whether that view is current.
    fn sight(&self) -> Sight;
    /// The kept summaries, oldest first.
    fn baselines(&self) -> Vec<Arc<Baseline>>;
    /// Takes one summary now, if the view is live, and forgets those beyond the newest `domain::baseline::KEPT`.
    fn take_baseline(&self);
    /// One node with its lease, read fresh within 8 s.
    async fn read_node(&self, target: &Target) -> Reading<NodeFacts>;
    /// Nodes, leases, pods, workloads and drivers, read fresh within 8 s.
    async fn read_all(&self) -> Reading<ClusterFacts>;
    /// Who else heals this node, read fresh within 8 s; nobody asks after the healers named in `own`.
    async fn healers(&self, target: &Target, own: &[Healer]) -> Healers;
    /// `spec.unschedulable=true` and the owner annotation in one patch with this resourceVersion.
    async fn cordon(&self, target: &Target, resource_version: &str, mark: OwnerMark) -> Answer;
    /// Both off again in one patch with this resourceVersion.
    async fn uncordon(&self, target: &Target, resource_version: &str) -> Answer;
    /// Only the owner annotation, with this resourceVersion: the node stays cordoned as it is.
    async fn mark(&self, target: &Target, resource_version: &str, mark: &Marking) -> Answer;
    /// Conditions, lease, events and pods of a node, read fresh within 8 s, for the record.
    async fn record(&self, target: &Target) -> Reading<NodeRecord>;
}

/// Whose a cordon that stays is to be from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marking {
    /// A recovery's: it will take it off.
    Recovery(OwnerMark),
    /// A person's, kept here.
    Person(HolderMark),
    /// Nobody's here: our annotation goes.
    Nobody,
}

/// A cloud account.
#[async_trait]
pub trait Cloud: Send + Sync {
    /// The machine of a node, by provider id, else by its InternalIP; read fresh within 8 s.
    async fn machine(&self, target: &Target) -> Reading<MachineFacts>;
    /// Asks for a start; answers when the cloud took it, not when it runs.
    async fn start(&self, machine: &str, key: &str) -> Answer;
    /// Whether its machines may belong to a group that replaces them; such a machine is read before a plan is made.
    fn replaces(&self) -> bool {
        false
    }
    /// The end of the machine's console log, for the record, within 8 s; `Absent` where the cloud has none to give.
    async fn console(&self, machine: &str) -> Reading<String>;
}

/// A check of the team.
#[async_trait]
pub trait Check: Send + Sync {
    /// Tries once. Ends what it began itself when its time is over or when it is dropped.
    async fn try_once(&self, ask: &Ask) -> Tried;
    /// For the doctor: whether everything it needs is there, looking only; else what is wrong.
    async fn ready(&self) -> Result<(), String>;
}

/// Measures what people feel of a failure.
#[async_trait]
pub trait Gauge: Send + Sync {
    /// The figure as it was at that moment, else why there is none.
    async fn read(&self, at: Timestamp) -> Result<f64, String>;
}

/// A source of alarms that can be told that one is over.
#[async_trait]
pub trait AlarmSource: Send + Sync {
    /// Closes the alarm at the source. `AlreadyThere` when the source has no way to be told.
    async fn close(&self, alarm: &domain::alarm::Alarm, now: Timestamp) -> Answer;
}
