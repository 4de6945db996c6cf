//! What the desk hands out: plain data, ready to be laid out.

mod chats;
mod checks;
mod command;
mod config;
mod devices;
mod guards;
mod history;
mod incident;
mod power;
mod preference;
mod rules;

pub use chats::{ChatLinkView, ChatRoomView, ChatView, ChatsView};
pub use checks::{CheckOutcome, CheckView};
pub use command::{CommandHelp, CommandReply, Offered, Reading, ReadingKind, Said, SaidView};
pub use config::{ConfigKey, ConfigSection, ConfigTrouble, ConfigView};
pub use devices::{
    DeviceOrder, DeviceReport, DeviceView, DevicesView, LetterView, NewDevice, WebhookView,
};
pub use guards::{
    ArmOrder, ArmView, ClusterGuards, CordonActView, CordonOrder, CordonView, CordonsView,
    GuardLine, LeftAlone, StormView, SwitchReceipt,
};
pub use history::{RecoveryFilter, ReportOrder, Totals};
pub use incident::{IncidentView, MemberState, MemberView};
pub use power::{Basis, Offer, SheetStep, SheetView, StartOrder};
pub use preference::{Hold, PreferenceKey, Preferences};
pub use rules::{NearAlarm, Part, Tried, TriedText, TryOrder};

use domain::access::Role;
use domain::guard::Switch;
use domain::health::Health;
use domain::id::{AlarmId, ClusterName, NodeName, PersonName, RecoveryId, RuleId, SourceName};
use domain::recovery::{Outcome, State};
use domain::rule::Rule;
use domain::timeline::Timeline;
use domain::trigger::Trigger;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Part of a list, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
    /// Pass as `after` for the next part; `None` at the end.
    pub next: Option<u64>,
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paging {
    /// Only ids below this one.
    pub after: Option<u64>,
    /// 1 to 500; 50 if nobody says.
    pub limit: u32,
}

impl Default for Paging {
    fn default() -> Self {
        Self {
            after: None,
            limit: 50,
        }
    }
}

/// The first page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NowView {
    /// Server time, on the product's clock.
    pub at: Timestamp,
    /// Recoveries that need a person or wait for a yes.
    pub needs_you: Vec<Timeline>,
    /// Recoveries under way.
    pub running: Vec<Timeline>,
    /// Alarms that name no node or several, not yet acknowledged.
    pub unclear: Vec<AlarmView>,
    /// Other alarms that still fire, with no recovery at work and seen by nobody yet.
    pub firing: Vec<AlarmView>,
    /// Open storm breakers.
    pub storms: Vec<StormView>,
    /// Hosts that took several nodes down and are not over with.
    pub incidents: Vec<IncidentView>,
    /// Cordons kept here without a recovery at work.
    pub cordoned: Vec<CordonView>,
    /// Ended within the last 4 hours.
    pub recent: Vec<RecoveryItem>,
    /// Clusters with their headline.
    pub clusters: Vec<ClusterCard>,
    /// Time of the last alarm.
    pub last_alarm: Option<Timestamp>,
    /// The stricter of all switches, with the one that says so.
    pub switch: Option<SwitchView>,
    /// Nodes that may be broken on purpose; empty outside the sandbox.
    pub breakable: Vec<(ClusterName, NodeName)>,
}

/// A cluster in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterCard {
    /// Name.
    pub name: ClusterName,
    /// Health from the watch cache.
    pub health: Health,
    /// Its own switch position.
    pub switch: Switch,
    /// What it is for, as configured: `production`.
    pub environment: Option<String>,
}

/// A node in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeView {
    /// Cluster.
    pub cluster: ClusterName,
    /// Name.
    pub name: NodeName,
    /// UID.
    pub uid: String,
    /// InternalIP.
    pub internal_ip: Option<String>,
    /// Ready.
    pub ready: bool,
    /// In words with a time: `Ready since 09:12`.
    pub ready_text: String,
    /// Cordoned by anybody.
    pub cordoned: bool,
    /// `recovery #12`, or `somebody else`.
    pub cordon_owner: Option<String>,
    /// The recovery that owns the cordon.
    pub cordon_recovery: Option<RecoveryId>,
    /// Power state as last read; `unknown` until it was.
    pub machine_state: String,
    /// Roles.
    pub roles: Vec<String>,
    /// Zone.
    pub zone: Option<String>,
    /// Physical host.
    pub host: Option<String>,
}

/// One node and its machine, just read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeState {
    /// The node.
    pub node: NodeView,
    /// The machine in a sentence: `powered off (SHUTOFF)`, or why it cannot be read.
    pub machine_text: String,
    /// When both were read.
    pub checked_at: Timestamp,
    /// What the button offers.
    pub offer: Offer,
    /// What a power act on it must find unchanged.
    pub facts: String,
    /// `pod: reason` of pods on it or pinned to it that are not well, and how many are well.
    pub pods: Vec<String>,
    /// Its last recoveries.
    pub recoveries: Vec<RecoveryItem>,
}

/// A recovery in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryItem {
    /// Number.
    pub id: RecoveryId,
    /// Cluster.
    pub cluster: ClusterName,
    /// Node.
    pub node: NodeName,
    /// State.
    pub state: State,
    /// Outcome, once it ended.
    pub outcome: Option<Outcome>,
    /// Why it began.
    pub trigger: Trigger,
    /// First event.
    pub started_at: Timestamp,
    /// End.
    pub ended_at: Option<Timestamp>,
    /// One sentence.
    pub headline: String,
    /// Why a person is needed.
    pub needs: Option<String>,
    /// What a power act on it must find unchanged.
    #[serde(default)]
    pub facts: String,
}

/// An alarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlarmView {
    /// Number.
    pub id: AlarmId,
    /// Source.
    pub source: SourceName,
    /// When it was stored.
    pub received_at: Timestamp,
    /// Start of its episode.
    pub starts_at: Timestamp,
    /// Text.
    pub text: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// What became of it, as a word.
    pub disposition: String,
    /// The rule that took it.
    pub rule_id: Option<RuleId>,
    /// The recovery it belongs to.
    pub recovery_id: Option<RecoveryId>,
    /// `firing`, `resolved` or `closed`.
    pub status: String,
    /// Why nothing was done, or who must look.
    pub note: Option<String>,
    /// Who has seen it.
    pub acknowledged_by: Option<PersonName>,
}

/// A version of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleVersion {
    /// The rule as it was.
    pub rule: Rule,
    /// Author.
    pub author: PersonName,
    /// When.
    pub at: Timestamp,
    /// Why it was armed or set back.
    pub reason: Option<String>,
}

/// A switch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchView {
    /// `None`: all clusters.
    pub cluster: Option<ClusterName>,
    /// Position.
    pub mode: Switch,
    /// Who.
    pub set_by: Option<PersonName>,
    /// When.
    pub set_at: Option<Timestamp>,
    /// Why.
    pub reason: Option<String>,
    /// Calls that were under way when it was thrown.
    pub in_flight: Option<u32>,
}

/// What is configured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsView {
    /// Version of the program.
    pub version: String,
    /// Whether this is the make-believe world.
    pub sandbox: bool,
    /// How much faster than the wall its clock runs.
    pub speed: String,
    /// The person who asks.
    pub you: PersonName,
    /// That person's role.
    pub role: Role,
    /// The limits of each cluster, and how close each is.
    pub guards: Vec<ClusterGuards>,
    /// Switches.
    pub switches: Vec<SwitchView>,
    /// Clusters as (name, API server, state in words).
    pub clusters: Vec<(ClusterName, String, String)>,
    /// Alarm sources as (name, path).
    pub sources: Vec<(SourceName, String)>,
    /// Why the newest config is not in force.
    pub config_trouble: Option<ConfigTrouble>,
}
