//! The desk as the app knows it.

use super::{TheDesk, errors, needs};
use app::desk::Desk;
use app::desk::views::{
    AlarmView, ArmOrder, ArmView, Basis, CheckView, ClusterCard, CommandReply, ConfigView,
    CordonOrder, CordonsView, IncidentView, List, NodeState, NodeView, NowView, Paging,
    PreferenceKey, Preferences, RecoveryFilter, RecoveryItem, ReportOrder, RuleVersion,
    SettingsView, SheetView, StartOrder, StormView, SwitchReceipt, SwitchView, Totals, Tried,
    TryOrder,
};
use app::desk::views::{DeviceOrder, DeviceReport, DevicesView};
use app::error::AppError;
use async_trait::async_trait;
use domain::access::{Person, Role};
use domain::event::Event;
use domain::guard::Switch;
use domain::health::Health;
use domain::id::{AlarmId, ClusterName, NodeName, RecoveryId, RuleId};
use domain::rule::{Draft, Rule};
use domain::timeline::{Timeline, Usual};
use jiff::Timestamp;

type Answer<T> = Result<T, AppError>;

#[async_trait]
impl Desk for TheDesk {
    async fn now(&self, who: &Person) -> Answer<NowView> {
        self.read_now(who).await
    }

    async fn badge(&self, who: &Person) -> Answer<u32> {
        self.read_badge(who).await
    }

    async fn clusters(&self, who: &Person) -> Answer<Vec<ClusterCard>> {
        needs(who, Role::Viewer)?;
        Ok(self.cards())
    }

    async fn health(&self, who: &Person, cluster: &ClusterName) -> Answer<Health> {
        self.read_health(who, cluster).await
    }

    async fn nodes(&self, who: &Person, cluster: &ClusterName) -> Answer<Vec<NodeView>> {
        self.read_nodes(who, cluster).await
    }

    async fn node(
        &self,
        who: &Person,
        cluster: &ClusterName,
        node: &NodeName,
    ) -> Answer<NodeState> {
        self.read_node(who, cluster, node).await
    }

    async fn sheet(
        &self,
        who: &Person,
        cluster: &ClusterName,
        node: &NodeName,
    ) -> Answer<SheetView> {
        self.read_sheet(who, cluster, node).await
    }

    async fn preferences(&self, who: &Person) -> Answer<Preferences> {
        self.read_preferences(who).await
    }

    async fn set_preference(
        &self,
        who: &Person,
        key: PreferenceKey,
        word: &str,
    ) -> Answer<Preferences> {
        self.choose(who, key, word).await
    }

    async fn recoveries(
        &self,
        who: &Person,
        filter: &RecoveryFilter,
        paging: Paging,
    ) -> Answer<List<RecoveryItem>> {
        self.read_recoveries(who, filter, paging).await
    }

    async fn recovery(&self, who: &Person, id: RecoveryId) -> Answer<Timeline> {
        needs(who, Role::Viewer)?;
        self.timeline_with_words(id).await
    }

    async fn recovery_events(&self, who: &Person, id: RecoveryId) -> Answer<Vec<Event>> {
        self.read_events(who, id).await
    }

    async fn checks(&self, who: &Person, cluster: &ClusterName) -> Answer<Vec<CheckView>> {
        self.read_checks(who, cluster).await
    }

    async fn usual(&self, who: &Person, cluster: &ClusterName) -> Answer<Usual> {
        self.read_usual(who, cluster).await
    }

    async fn totals(&self, who: &Person, filter: &RecoveryFilter) -> Answer<Totals> {
        self.read_totals(who, filter).await
    }

    async fn recovery_logs(
        &self,
        who: &Person,
        ids: &[RecoveryId],
    ) -> Answer<Vec<(RecoveryId, Vec<Event>)>> {
        self.read_logs(who, ids).await
    }

    async fn report(&self, who: &Person, id: RecoveryId, order: ReportOrder) -> Answer<String> {
        self.write_report(who, id, order).await
    }

    async fn star(&self, who: &Person, id: RecoveryId, n: u32, starred: bool) -> Answer<()> {
        self.order_star(who, id, n, starred).await
    }

    async fn move_note(
        &self,
        who: &Person,
        id: RecoveryId,
        n: u32,
        happened_at: Timestamp,
    ) -> Answer<()> {
        self.order_move(who, id, n, happened_at).await
    }

    async fn alarms(&self, who: &Person, paging: Paging) -> Answer<List<AlarmView>> {
        self.read_alarms(who, paging).await
    }

    async fn alarm(&self, who: &Person, id: AlarmId) -> Answer<AlarmView> {
        self.read_alarm(who, id).await
    }

    async fn rules(&self, who: &Person) -> Answer<Vec<Rule>> {
        self.read_rules(who).await
    }

    async fn rule(&self, who: &Person, id: RuleId) -> Answer<Rule> {
        self.read_rule(who, id).await
    }

    async fn rule_versions(&self, who: &Person, id: RuleId) -> Answer<Vec<RuleVersion>> {
        self.read_versions(who, id).await
    }

    async fn try_rule(&self, who: &Person, order: &TryOrder) -> Answer<Tried> {
        self.try_pattern(who, order).await
    }

    async fn switches(&self, who: &Person) -> Answer<Vec<SwitchView>> {
        self.read_switches(who).await
    }

    async fn settings(&self, who: &Person) -> Answer<SettingsView> {
        self.read_settings(who).await
    }

    async fn config(&self, who: &Person) -> Answer<ConfigView> {
        self.read_config(who)
    }

    async fn start(&self, who: &Person, order: &StartOrder) -> Answer<RecoveryId> {
        self.order_start(who, order).await
    }

    async fn approve(
        &self,
        who: &Person,
        id: RecoveryId,
        confirm: Option<&str>,
        basis: &Basis,
    ) -> Answer<()> {
        self.order_approve(who, id, confirm, basis).await
    }

    async fn cancel(&self, who: &Person, id: RecoveryId) -> Answer<()> {
        needs(who, Role::Responder)?;
        self.node_of(id).await?;
        self.house
            .engine
            .order_cancel(who, id)
            .await
            .map_err(errors::order)
    }

    async fn stop(&self, who: &Person, id: RecoveryId, reason: Option<&str>) -> Answer<()> {
        needs(who, Role::Responder)?;
        self.node_of(id).await?;
        self.house
            .engine
            .order_stop(who, id, reason)
            .await
            .map_err(errors::order)
    }

    async fn retry(
        &self,
        who: &Person,
        id: RecoveryId,
        confirm: Option<&str>,
        basis: &Basis,
    ) -> Answer<RecoveryId> {
        self.order_retry(who, id, confirm, basis).await
    }

    async fn acknowledge(&self, who: &Person, id: RecoveryId) -> Answer<()> {
        needs(who, Role::Responder)?;
        self.node_of(id).await?;
        self.house
            .engine
            .order_acknowledge(who, id)
            .await
            .map_err(errors::order)
    }

    async fn note(
        &self,
        who: &Person,
        id: RecoveryId,
        text: &str,
        happened_at: Option<Timestamp>,
    ) -> Answer<()> {
        self.order_note(who, id, text, happened_at).await
    }

    async fn acknowledge_alarm(&self, who: &Person, id: AlarmId) -> Answer<()> {
        self.order_seen(who, id).await
    }

    async fn command(&self, who: &Person, text: &str) -> Answer<CommandReply> {
        self.run(who, text).await
    }

    async fn add_rule(&self, who: &Person, draft: &Draft) -> Answer<Rule> {
        self.write_rule(who, None, draft).await
    }

    async fn change_rule(
        &self,
        who: &Person,
        id: RuleId,
        version: u32,
        draft: &Draft,
    ) -> Answer<Rule> {
        self.write_rule(who, Some((id, version)), draft).await
    }

    async fn remove_rule(&self, who: &Person, id: RuleId) -> Answer<()> {
        self.drop_rule(who, id).await
    }

    async fn restore_rule(&self, who: &Person, id: RuleId, version: u32) -> Answer<Rule> {
        self.bring_back(who, id, version).await
    }

    async fn set_switch(
        &self,
        who: &Person,
        cluster: Option<&ClusterName>,
        mode: Switch,
        reason: Option<&str>,
    ) -> Answer<Vec<SwitchReceipt>> {
        self.order_switch(who, cluster, mode, reason).await
    }

    async fn storms(&self, who: &Person) -> Answer<Vec<StormView>> {
        self.read_storms(who, false).await
    }

    async fn incidents(&self, who: &Person) -> Answer<Vec<IncidentView>> {
        self.read_incidents(who, false).await
    }

    async fn incident(&self, who: &Person, id: u64) -> Answer<IncidentView> {
        self.read_incident(who, id).await
    }

    async fn incident_of(&self, who: &Person, id: RecoveryId) -> Answer<Option<u64>> {
        self.read_incident_of(who, id).await
    }

    async fn close_storm(&self, who: &Person, cluster: &ClusterName, reason: &str) -> Answer<()> {
        self.end_storm(who, cluster, reason).await
    }

    async fn cordons(&self, who: &Person) -> Answer<CordonsView> {
        self.read_cordons(who).await
    }

    async fn do_cordon(&self, who: &Person, order: &CordonOrder) -> Answer<String> {
        self.order_cordon(who, order).await
    }

    async fn rule_hits(&self, who: &Person, id: RuleId) -> Answer<ArmView> {
        self.read_hits(who, id).await
    }

    async fn arm_rule(&self, who: &Person, id: RuleId, order: &ArmOrder) -> Answer<Rule> {
        self.arm(who, id, order).await
    }

    async fn devices(&self, who: &Person) -> Answer<DevicesView> {
        self.read_devices(who).await
    }

    async fn do_device(&self, who: &Person, order: &DeviceOrder) -> Answer<Option<u64>> {
        self.order_device(who, order).await
    }

    async fn device_report(&self, report: &DeviceReport) -> Answer<()> {
        self.take_report(report).await
    }

    async fn break_node(&self, who: &Person, cluster: &ClusterName, node: &NodeName) -> Answer<()> {
        self.order_break(who, cluster, node).await
    }
}
