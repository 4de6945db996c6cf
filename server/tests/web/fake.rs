//! A desk that remembers what was ordered and refuses what it is told to refuse.

use super::kept::FakeDesk;
use super::things;
use app::desk::Desk;
use app::desk::views::{
    AlarmView, ArmOrder, ArmView, Basis, CheckView, ClusterCard, CommandReply, ConfigView,
    CordonOrder, CordonsView, IncidentView, List, NodeState, NodeView, NowView, Offer, Paging,
    PreferenceKey, Preferences, RecoveryFilter, RecoveryItem, ReportOrder, RuleVersion,
    SettingsView, SheetStep, SheetView, StartOrder, StormView, SwitchReceipt, SwitchView, Totals,
    Tried, TriedText, TryOrder,
};
use app::desk::views::{DeviceOrder, DeviceReport, DevicesView};
use app::error::AppError;
use async_trait::async_trait;
use domain::access::Person;
use domain::event::Event;
use domain::guard::Switch;
use domain::health::Health;
use domain::id::{AlarmId, ClusterName, NodeName, RecoveryId, RuleId};
use domain::report::Format;
use domain::rule::{Draft, PatternError, Rule};
use domain::timeline::{Timeline, Usual};
use jiff::Timestamp;
use std::sync::atomic::Ordering;

#[async_trait]
impl Desk for FakeDesk {
    async fn now(&self, _: &Person) -> Result<NowView, AppError> {
        Ok(things::now())
    }
    async fn badge(&self, _: &Person) -> Result<u32, AppError> {
        Ok(2)
    }
    async fn clusters(&self, _: &Person) -> Result<Vec<ClusterCard>, AppError> {
        Ok(vec![ClusterCard {
            name: things::prod(),
            health: things::health(),
            switch: Switch::Run,
            environment: None,
        }])
    }
    async fn health(&self, _: &Person, _: &ClusterName) -> Result<Health, AppError> {
        Ok(things::health())
    }
    async fn nodes(&self, _: &Person, _: &ClusterName) -> Result<Vec<NodeView>, AppError> {
        Ok(vec![things::node()])
    }
    async fn node(&self, _: &Person, _: &ClusterName, _: &NodeName) -> Result<NodeState, AppError> {
        Ok(NodeState {
            node: things::node(),
            machine_text: "powered off".to_owned(),
            checked_at: things::at(),
            offer: Offer::Start,
            facts: "nab.moff".to_owned(),
            pods: Vec::new(),
            recoveries: Vec::new(),
        })
    }
    async fn sheet(
        &self,
        _: &Person,
        _: &ClusterName,
        _: &NodeName,
    ) -> Result<SheetView, AppError> {
        Ok(SheetView {
            cause: None,
            steps: vec![SheetStep {
                title: "Cordon".to_owned(),
                usual: None,
            }],
            starts: "No start this hour.".to_owned(),
            acting: Vec::new(),
            waits: Vec::new(),
            only_here: Vec::new(),
        })
    }
    async fn preferences(&self, _: &Person) -> Result<Preferences, AppError> {
        Ok(*self.mine.lock().expect("no panic inside"))
    }
    async fn set_preference(
        &self,
        who: &Person,
        key: PreferenceKey,
        word: &str,
    ) -> Result<Preferences, AppError> {
        self.order(who, format!("chooses {} {word}", key.word()))?;
        let mut mine = self.mine.lock().expect("no panic inside");
        mine.set(key, word);
        Ok(*mine)
    }
    async fn recoveries(
        &self,
        _: &Person,
        _: &RecoveryFilter,
        _: Paging,
    ) -> Result<List<RecoveryItem>, AppError> {
        Ok(List {
            items: vec![things::item(RecoveryId(1))],
            next: None,
        })
    }
    async fn recovery(&self, _: &Person, id: RecoveryId) -> Result<Timeline, AppError> {
        self.known(id.0)?;
        Ok(things::timeline(id))
    }
    async fn recovery_events(&self, _: &Person, id: RecoveryId) -> Result<Vec<Event>, AppError> {
        self.known(id.0)?;
        Ok(things::events())
    }
    async fn checks(&self, _: &Person, _: &ClusterName) -> Result<Vec<CheckView>, AppError> {
        Ok(Vec::new())
    }
    async fn usual(&self, _: &Person, _: &ClusterName) -> Result<Usual, AppError> {
        Ok(Usual::default())
    }
    async fn totals(&self, _: &Person, _: &RecoveryFilter) -> Result<Totals, AppError> {
        Ok(Totals::default())
    }
    async fn recovery_logs(
        &self,
        _: &Person,
        ids: &[RecoveryId],
    ) -> Result<Vec<(RecoveryId, Vec<Event>)>, AppError> {
        Ok(ids.iter().map(|id| (*id, things::events())).collect())
    }
    async fn star(
        &self,
        who: &Person,
        id: RecoveryId,
        n: u32,
        starred: bool,
    ) -> Result<(), AppError> {
        self.order(who, format!("stars {n} of {id}: {starred}"))
    }
    async fn move_note(
        &self,
        who: &Person,
        id: RecoveryId,
        n: u32,
        at: Timestamp,
    ) -> Result<(), AppError> {
        self.order(who, format!("moves {n} of {id} to {at}"))
    }
    async fn report(
        &self,
        _: &Person,
        id: RecoveryId,
        order: ReportOrder,
    ) -> Result<String, AppError> {
        self.known(id.0)?;
        Ok(match order.format {
            Format::Markdown => "# Report\n".to_owned(),
            Format::Csv => format!(
                "csv, story: {}, names: {}\n",
                order.options.story, order.options.names
            ),
            Format::Json => "{}\n".to_owned(),
        })
    }
    async fn alarms(&self, _: &Person, paging: Paging) -> Result<List<AlarmView>, AppError> {
        Ok(List {
            items: vec![things::alarm(AlarmId(7))],
            next: Some(paging.limit.into()),
        })
    }
    async fn alarm(&self, _: &Person, id: AlarmId) -> Result<AlarmView, AppError> {
        self.known(id.0)?;
        Ok(things::alarm(id))
    }
    async fn rules(&self, _: &Person) -> Result<Vec<Rule>, AppError> {
        Ok(vec![self.rule.lock().expect("no panic inside").clone()])
    }
    async fn rule(&self, _: &Person, id: RuleId) -> Result<Rule, AppError> {
        self.known(id.0)?;
        Ok(self.rule.lock().expect("no panic inside").clone())
    }
    async fn rule_versions(&self, who: &Person, id: RuleId) -> Result<Vec<RuleVersion>, AppError> {
        let rule = self.rule(who, id).await?;
        Ok(vec![RuleVersion {
            rule,
            author: who.name.clone(),
            at: things::at(),
            reason: None,
        }])
    }
    async fn try_rule(&self, _: &Person, order: &TryOrder) -> Result<Tried, AppError> {
        let error = order.pattern.contains("((").then(|| PatternError {
            message: "unclosed group".to_owned(),
            position: Some(1),
        });
        let text = order.text.clone().map(|text| TriedText {
            text,
            found: None,
            node: None,
            problem: None,
        });
        Ok(Tried {
            error,
            text,
            looked_at: 3,
            ..Tried::default()
        })
    }
    async fn switches(&self, _: &Person) -> Result<Vec<SwitchView>, AppError> {
        Ok(Vec::new())
    }
    async fn settings(&self, who: &Person) -> Result<SettingsView, AppError> {
        Ok(things::settings(who))
    }
    async fn config(&self, _: &Person) -> Result<ConfigView, AppError> {
        Ok(ConfigView::default())
    }
    async fn start(&self, who: &Person, order: &StartOrder) -> Result<RecoveryId, AppError> {
        self.starting.fetch_add(1, Ordering::SeqCst);
        let _open = self.gate.acquire().await.expect("never closed");
        self.order(who, format!("starts {}", order.node))?;
        Ok(RecoveryId(1))
    }
    async fn approve(
        &self,
        who: &Person,
        id: RecoveryId,
        _: Option<&str>,
        _: &Basis,
    ) -> Result<(), AppError> {
        self.order(who, format!("approves {id}"))
    }
    async fn cancel(&self, who: &Person, id: RecoveryId) -> Result<(), AppError> {
        self.order(who, format!("cancels {id}"))
    }
    async fn stop(&self, who: &Person, id: RecoveryId, _: Option<&str>) -> Result<(), AppError> {
        self.order(who, format!("stops {id}"))
    }
    async fn retry(
        &self,
        who: &Person,
        id: RecoveryId,
        _: Option<&str>,
        _: &Basis,
    ) -> Result<RecoveryId, AppError> {
        self.order(who, format!("retries {id}"))?;
        Ok(RecoveryId(id.0 + 1))
    }
    async fn acknowledge(&self, who: &Person, id: RecoveryId) -> Result<(), AppError> {
        self.order(who, format!("acknowledges {id}"))
    }
    async fn note(
        &self,
        who: &Person,
        id: RecoveryId,
        text: &str,
        at: Option<Timestamp>,
    ) -> Result<(), AppError> {
        self.order(who, format!("notes {text:?} on {id} at {at:?}"))
    }
    async fn acknowledge_alarm(&self, who: &Person, id: AlarmId) -> Result<(), AppError> {
        self.order(who, format!("has seen {id}"))
    }
    async fn command(&self, who: &Person, text: &str) -> Result<CommandReply, AppError> {
        self.order(who, format!("says {text}"))?;
        Ok(CommandReply {
            reply: "done".to_owned(),
            recovery_id: None,
        })
    }
    async fn add_rule(&self, who: &Person, draft: &Draft) -> Result<Rule, AppError> {
        self.order(who, format!("adds {}", draft.name))?;
        Ok(Rule {
            id: RuleId(2),
            version: 1,
            draft: draft.clone(),
        })
    }
    async fn change_rule(
        &self,
        who: &Person,
        id: RuleId,
        version: u32,
        draft: &Draft,
    ) -> Result<Rule, AppError> {
        self.order(who, format!("changes {id}"))?;
        let mut rule = self.rule.lock().expect("no panic inside");
        if rule.version != version {
            return Err(AppError::Conflict {
                text: format!("version {version} is old"),
            });
        }
        *rule = Rule {
            id,
            version: version + 1,
            draft: draft.clone(),
        };
        Ok(rule.clone())
    }
    async fn remove_rule(&self, who: &Person, id: RuleId) -> Result<(), AppError> {
        self.order(who, format!("removes {id}"))
    }
    async fn restore_rule(&self, who: &Person, id: RuleId, _: u32) -> Result<Rule, AppError> {
        self.order(who, format!("restores {id}"))?;
        self.rule(who, id).await
    }
    async fn set_switch(
        &self,
        who: &Person,
        _: Option<&ClusterName>,
        mode: Switch,
        _: Option<&str>,
    ) -> Result<Vec<SwitchReceipt>, AppError> {
        self.order(who, format!("switches to {}", mode.word()))?;
        Ok(vec![things::receipt_of_switch(mode)])
    }
    async fn storms(&self, _: &Person) -> Result<Vec<StormView>, AppError> {
        Ok(vec![things::storm()])
    }
    async fn incidents(&self, _: &Person) -> Result<Vec<IncidentView>, AppError> {
        Ok(vec![things::incident()])
    }
    async fn incident(&self, _: &Person, _: u64) -> Result<IncidentView, AppError> {
        Ok(things::incident())
    }
    async fn incident_of(&self, _: &Person, _: RecoveryId) -> Result<Option<u64>, AppError> {
        Ok(None)
    }
    async fn close_storm(
        &self,
        who: &Person,
        cluster: &ClusterName,
        reason: &str,
    ) -> Result<(), AppError> {
        self.order(who, format!("closes the storm of {cluster}: {reason}"))
    }
    async fn cordons(&self, _: &Person) -> Result<CordonsView, AppError> {
        Ok(things::cordons())
    }
    async fn do_cordon(&self, who: &Person, order: &CordonOrder) -> Result<String, AppError> {
        self.order(who, format!("{}s {}", order.verb.word(), order.node))?;
        Ok("done".to_owned())
    }
    async fn rule_hits(&self, who: &Person, id: RuleId) -> Result<ArmView, AppError> {
        Ok(ArmView {
            left_alone: Vec::new(),
            rule: self.rule(who, id).await?,
            hits: Vec::new(),
            looked_at: 4,
            matched: 0,
            look: "1.0.0".to_owned(),
        })
    }
    async fn arm_rule(&self, who: &Person, id: RuleId, order: &ArmOrder) -> Result<Rule, AppError> {
        self.order(who, format!("arms {id}: {}", order.reason))?;
        self.rule(who, id).await
    }
    async fn devices(&self, _: &Person) -> Result<DevicesView, AppError> {
        Ok(super::telling::devices())
    }
    async fn do_device(&self, who: &Person, order: &DeviceOrder) -> Result<Option<u64>, AppError> {
        self.order(who, format!("device {order:?}"))?;
        Ok(Some(3))
    }
    async fn device_report(&self, report: &DeviceReport) -> Result<(), AppError> {
        match report {
            DeviceReport::Received { id } | DeviceReport::Clicked { id } if id != "letter-1" => {
                Err(AppError::NotFound {
                    what: "the message".to_owned(),
                })
            }
            _ => Ok(()),
        }
    }
    async fn break_node(
        &self,
        who: &Person,
        _: &ClusterName,
        node: &NodeName,
    ) -> Result<(), AppError> {
        self.order(who, format!("breaks {node}"))
    }
}
