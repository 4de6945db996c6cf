//! The one door for a person or a program: everything a page may ask or order.

mod chatting;
mod typing;
pub mod views;

pub use chatting::Chatting;
pub use typing::Typing;

use crate::error::AppError;
use async_trait::async_trait;
use domain::access::Person;
use domain::event::Event;
use domain::guard::Switch;
use domain::health::Health;
use domain::id::{AlarmId, ClusterName, NodeName, RecoveryId, RuleId};
use domain::rule::{Draft, Rule};
use domain::timeline::{Timeline, Usual};
use jiff::Timestamp;
use views::{
    AlarmView, ArmOrder, ArmView, Basis, CheckView, ClusterCard, CommandReply, ConfigView,
    CordonOrder, CordonsView, IncidentView, List, NodeState, NodeView, NowView, Paging,
    PreferenceKey, Preferences, RecoveryFilter, RecoveryItem, ReportOrder, RuleVersion,
    SettingsView, SheetView, StartOrder, StormView, SwitchReceipt, SwitchView, Totals, Tried,
    TryOrder,
};
use views::{DeviceOrder, DeviceReport, DevicesView};

/// All that pages, commands, chat and REST may ask or order; rights are checked inside, with the same `Person`.
#[async_trait]
pub trait Desk: Typing + Chatting {
    /// What is firing, recovering and waiting.
    async fn now(&self, who: &Person) -> Result<NowView, AppError>;
    /// How many alarms fire that nobody has acknowledged: the number on the app's icon and in notifications.
    async fn badge(&self, who: &Person) -> Result<u32, AppError>;
    /// All clusters with their headline, from the watch cache.
    async fn clusters(&self, who: &Person) -> Result<Vec<ClusterCard>, AppError>;
    /// Health of a cluster, read live within 8 s; a blind cluster answers with what was seen last.
    async fn health(&self, who: &Person, cluster: &ClusterName) -> Result<Health, AppError>;
    /// Nodes of a cluster.
    async fn nodes(&self, who: &Person, cluster: &ClusterName) -> Result<Vec<NodeView>, AppError>;
    /// The checks of the team of a cluster, and how each came out last.
    async fn checks(&self, who: &Person, cluster: &ClusterName)
    -> Result<Vec<CheckView>, AppError>;
    /// One node and its machine, read live within 8 s, and what may be done with it.
    async fn node(
        &self,
        who: &Person,
        cluster: &ClusterName,
        node: &NodeName,
    ) -> Result<NodeState, AppError>;
    /// What a start of a node would do, and to whom.
    async fn sheet(
        &self,
        who: &Person,
        cluster: &ClusterName,
        node: &NodeName,
    ) -> Result<SheetView, AppError>;
    /// What a person chose for themselves.
    async fn preferences(&self, who: &Person) -> Result<Preferences, AppError>;
    /// Chooses.
    async fn set_preference(
        &self,
        who: &Person,
        key: PreferenceKey,
        word: &str,
    ) -> Result<Preferences, AppError>;
    /// Recoveries, newest first.
    async fn recoveries(
        &self,
        who: &Person,
        filter: &RecoveryFilter,
        paging: Paging,
    ) -> Result<List<RecoveryItem>, AppError>;
    /// One recovery.
    async fn recovery(&self, who: &Person, id: RecoveryId) -> Result<Timeline, AppError>;
    /// The raw events of one recovery, in order; event `n` is at `n - 1`.
    async fn recovery_events(&self, who: &Person, id: RecoveryId) -> Result<Vec<Event>, AppError>;
    /// How long each step usually takes in a cluster, from its past recoveries.
    async fn usual(&self, who: &Person, cluster: &ClusterName) -> Result<Usual, AppError>;
    /// What a filter lets through, in figures.
    async fn totals(&self, who: &Person, filter: &RecoveryFilter) -> Result<Totals, AppError>;
    /// The raw events of several recoveries, in one read; one that is not there is left out.
    async fn recovery_logs(
        &self,
        who: &Person,
        ids: &[RecoveryId],
    ) -> Result<Vec<(RecoveryId, Vec<Event>)>, AppError>;
    /// The postmortem draft or the events of one recovery, as a file.
    async fn report(
        &self,
        who: &Person,
        id: RecoveryId,
        order: ReportOrder,
    ) -> Result<String, AppError>;
    /// Alarms, newest first.
    async fn alarms(&self, who: &Person, paging: Paging) -> Result<List<AlarmView>, AppError>;
    /// One alarm.
    async fn alarm(&self, who: &Person, id: AlarmId) -> Result<AlarmView, AppError>;
    /// Rules by position.
    async fn rules(&self, who: &Person) -> Result<Vec<Rule>, AppError>;
    /// One rule.
    async fn rule(&self, who: &Person, id: RuleId) -> Result<Rule, AppError>;
    /// Its versions, newest first.
    async fn rule_versions(&self, who: &Person, id: RuleId) -> Result<Vec<RuleVersion>, AppError>;
    /// What a pattern would match: a typed text and past alarms.
    async fn try_rule(&self, who: &Person, order: &TryOrder) -> Result<Tried, AppError>;
    /// The switches.
    async fn switches(&self, who: &Person) -> Result<Vec<SwitchView>, AppError>;
    /// What is configured, without secrets.
    async fn settings(&self, who: &Person) -> Result<SettingsView, AppError>;
    /// The config file: what is in force, and what of it was not taken.
    async fn config(&self, who: &Person) -> Result<ConfigView, AppError>;

    /// Starts a node, or approves the recovery that waits for it.
    async fn start(&self, who: &Person, order: &StartOrder) -> Result<RecoveryId, AppError>;
    /// Says yes; `confirm` is the node's short name where warnings ask for it.
    async fn approve(
        &self,
        who: &Person,
        id: RecoveryId,
        confirm: Option<&str>,
        basis: &Basis,
    ) -> Result<(), AppError>;
    /// Takes a tap back within its grace.
    async fn cancel(&self, who: &Person, id: RecoveryId) -> Result<(), AppError>;
    /// Stops a recovery.
    async fn stop(
        &self,
        who: &Person,
        id: RecoveryId,
        reason: Option<&str>,
    ) -> Result<(), AppError>;
    /// Begins anew after one that did not end well.
    async fn retry(
        &self,
        who: &Person,
        id: RecoveryId,
        confirm: Option<&str>,
        basis: &Basis,
    ) -> Result<RecoveryId, AppError>;
    /// Says that the need for help was seen: frees the node's slot.
    async fn acknowledge(&self, who: &Person, id: RecoveryId) -> Result<(), AppError>;
    /// Adds a note to a recovery.
    async fn note(
        &self,
        who: &Person,
        id: RecoveryId,
        text: &str,
        happened_at: Option<Timestamp>,
    ) -> Result<(), AppError>;
    /// Puts an event into the story of a recovery, or takes it out.
    async fn star(
        &self,
        who: &Person,
        id: RecoveryId,
        n: u32,
        starred: bool,
    ) -> Result<(), AppError>;
    /// Says when a note happened; the time of everything else stands.
    async fn move_note(
        &self,
        who: &Person,
        id: RecoveryId,
        n: u32,
        happened_at: Timestamp,
    ) -> Result<(), AppError>;
    /// Says that an alarm was seen.
    async fn acknowledge_alarm(&self, who: &Person, id: AlarmId) -> Result<(), AppError>;
    /// Runs a line of the grammar.
    async fn command(&self, who: &Person, text: &str) -> Result<CommandReply, AppError>;
    /// Adds a rule.
    async fn add_rule(&self, who: &Person, draft: &Draft) -> Result<Rule, AppError>;
    /// Changes a rule; `version` must be the newest.
    async fn change_rule(
        &self,
        who: &Person,
        id: RuleId,
        version: u32,
        draft: &Draft,
    ) -> Result<Rule, AppError>;
    /// Takes a rule out of force.
    async fn remove_rule(&self, who: &Person, id: RuleId) -> Result<(), AppError>;
    /// Makes an old version the newest.
    async fn restore_rule(&self, who: &Person, id: RuleId, version: u32) -> Result<Rule, AppError>;
    /// Throws or lifts the switch.
    async fn set_switch(
        &self,
        who: &Person,
        cluster: Option<&ClusterName>,
        mode: Switch,
        reason: Option<&str>,
    ) -> Result<Vec<SwitchReceipt>, AppError>;
    /// Storm breakers: all that are open, then the last closed ones, newest first.
    async fn storms(&self, who: &Person) -> Result<Vec<StormView>, AppError>;
    /// Hosts that took several nodes down at once, newest first.
    async fn incidents(&self, who: &Person) -> Result<Vec<IncidentView>, AppError>;
    /// One of them.
    async fn incident(&self, who: &Person, id: u64) -> Result<IncidentView, AppError>;
    /// The incident a recovery belongs to.
    async fn incident_of(&self, who: &Person, id: RecoveryId) -> Result<Option<u64>, AppError>;
    /// Closes the open breaker of a cluster.
    async fn close_storm(
        &self,
        who: &Person,
        cluster: &ClusterName,
        reason: &str,
    ) -> Result<(), AppError>;
    /// Every cordon, and what persons did with them.
    async fn cordons(&self, who: &Person) -> Result<CordonsView, AppError>;
    /// Takes a cordon over, hands it back or lifts it; answers what became of it.
    async fn do_cordon(&self, who: &Person, order: &CordonOrder) -> Result<String, AppError>;
    /// What a rule would have done with past alarms.
    async fn rule_hits(&self, who: &Person, id: RuleId) -> Result<ArmView, AppError>;
    /// Lets a rule act alone from now on; refused when the hits are not the ones that were looked at.
    async fn arm_rule(&self, who: &Person, id: RuleId, order: &ArmOrder) -> Result<Rule, AppError>;
    /// Devices that are told, and the second channel.
    async fn devices(&self, who: &Person) -> Result<DevicesView, AppError>;
    /// Adds, changes, removes or tests one; answers the number of the device.
    async fn do_device(&self, who: &Person, order: &DeviceOrder) -> Result<Option<u64>, AppError>;
    /// What a browser says of itself; needs no session.
    async fn device_report(&self, report: &DeviceReport) -> Result<(), AppError>;
    /// Turns a machine of the make-believe world off; only there.
    async fn break_node(
        &self,
        who: &Person,
        cluster: &ClusterName,
        node: &NodeName,
    ) -> Result<(), AppError>;
}
