//! A desk that answers every question with the same hostile world.

pub use crate::fake::Fake;
use crate::guards;
use crate::world::{HOSTILE, alarm, at, cluster, health, item, node, node_view, person, rule};
use app::desk::Desk;
use app::desk::views::{
    AlarmView, ArmOrder, ArmView, Basis, CheckView, ClusterCard, CommandReply, ConfigView,
    CordonOrder, CordonsView, IncidentView, List, NodeState, NodeView, NowView, Paging, Part,
    PreferenceKey, Preferences, RecoveryFilter, RecoveryItem, ReportOrder, RuleVersion,
    SettingsView, SheetStep, SheetView, StartOrder, StormView, SwitchReceipt, SwitchView, Totals,
    Tried, TriedText, TryOrder,
};
use app::desk::views::{DeviceOrder, DeviceReport, DevicesView};
use app::error::AppError;
use async_trait::async_trait;
use domain::access::{Person, Role};
use domain::event::Event;
use domain::guard::Switch;
use domain::health::Health;
use domain::id::{AlarmId, ClusterName, NodeName, RecoveryId, RuleId, SourceName};
use domain::recovery::State;
use domain::rule::{Captures, Draft, Match, Must, Rule};
use domain::timeline::{Timeline, Usual};
use jiff::Timestamp;

#[async_trait]
impl Desk for Fake {
    async fn now(&self, _: &Person) -> Result<NowView, AppError> {
        let waits = self.state == State::Waiting || self.state == State::NeedsHuman;
        let (needs, running) = if waits {
            (self.many(vec![self.timeline()]), Vec::new())
        } else {
            (Vec::new(), self.many(vec![self.timeline()]))
        };
        self.answer(NowView {
            at: at(0),
            needs_you: needs,
            running,
            unclear: self.many(vec![alarm()]),
            firing: self.many(vec![alarm()]),
            storms: if self.storm {
                vec![guards::storm(true)]
            } else {
                Vec::new()
            },
            incidents: self.many(vec![guards::incident(true)]),
            cordoned: self.many(vec![guards::cordon(), guards::unseen()]),
            recent: self.many(vec![item(11)]),
            clusters: self.many(vec![self.card()]),
            last_alarm: Some(at(-50)),
            switch: None,
            breakable: self.many(vec![(cluster(), node())]),
        })
    }
    async fn badge(&self, _: &Person) -> Result<u32, AppError> {
        Ok(3)
    }
    async fn clusters(&self, _: &Person) -> Result<Vec<ClusterCard>, AppError> {
        self.answer(self.many(vec![self.card()]))
    }
    async fn health(&self, _: &Person, _: &ClusterName) -> Result<Health, AppError> {
        self.answer(health())
    }
    async fn nodes(&self, _: &Person, _: &ClusterName) -> Result<Vec<NodeView>, AppError> {
        self.answer(self.many(vec![node_view()]))
    }
    async fn node(&self, _: &Person, _: &ClusterName, _: &NodeName) -> Result<NodeState, AppError> {
        self.answer(NodeState {
            node: node_view(),
            machine_text: "powered off (SHUTOFF)".to_owned(),
            checked_at: at(-4),
            offer: self.offer.clone(),
            facts: "nab.moff".to_owned(),
            pods: self.many(vec![HOSTILE.to_owned()]),
            recoveries: self.many(vec![item(11)]),
        })
    }
    async fn sheet(
        &self,
        _: &Person,
        _: &ClusterName,
        _: &NodeName,
    ) -> Result<SheetView, AppError> {
        self.answer(SheetView {
            cause: Some((HOSTILE.to_owned(), at(-60))),
            steps: vec![SheetStep {
                title: HOSTILE.to_owned(),
                usual: Some("usually 0:40".to_owned()),
            }],
            starts: "1 of 3 starts this hour.".to_owned(),
            acting: self.many(vec![HOSTILE.to_owned()]),
            waits: self.many(vec![HOSTILE.to_owned()]),
            only_here: self.many(vec![HOSTILE.to_owned()]),
        })
    }
    async fn preferences(&self, _: &Person) -> Result<Preferences, AppError> {
        Ok(self.mine)
    }
    async fn set_preference(
        &self,
        _: &Person,
        _: PreferenceKey,
        _: &str,
    ) -> Result<Preferences, AppError> {
        self.answer(self.mine)
    }
    async fn recoveries(
        &self,
        _: &Person,
        _: &RecoveryFilter,
        _: Paging,
    ) -> Result<List<RecoveryItem>, AppError> {
        let items = self.many(vec![item(11), item(10), item(9)]);
        self.answer(List {
            items,
            next: Some(9),
        })
    }
    async fn recovery(&self, _: &Person, _: RecoveryId) -> Result<Timeline, AppError> {
        self.answer(self.timeline())
    }
    async fn recovery_events(&self, _: &Person, _: RecoveryId) -> Result<Vec<Event>, AppError> {
        self.answer(Vec::new())
    }
    async fn checks(&self, _: &Person, _: &ClusterName) -> Result<Vec<CheckView>, AppError> {
        self.answer(self.many(vec![crate::world::check()]))
    }
    async fn usual(&self, _: &Person, _: &ClusterName) -> Result<Usual, AppError> {
        self.answer(crate::world::usual(self.empty))
    }
    async fn totals(&self, _: &Person, _: &RecoveryFilter) -> Result<Totals, AppError> {
        self.answer(crate::world::totals(self.empty))
    }
    async fn recovery_logs(
        &self,
        _: &Person,
        _: &[RecoveryId],
    ) -> Result<Vec<(RecoveryId, Vec<Event>)>, AppError> {
        self.answer(Vec::new())
    }
    async fn star(&self, _: &Person, _: RecoveryId, _: u32, _: bool) -> Result<(), AppError> {
        self.answer(())
    }
    async fn move_note(
        &self,
        _: &Person,
        _: RecoveryId,
        _: u32,
        _: Timestamp,
    ) -> Result<(), AppError> {
        self.answer(())
    }
    async fn report(&self, _: &Person, _: RecoveryId, _: ReportOrder) -> Result<String, AppError> {
        self.answer(String::new())
    }
    async fn alarms(&self, _: &Person, _: Paging) -> Result<List<AlarmView>, AppError> {
        self.answer(List {
            items: self.many(vec![alarm()]),
            next: None,
        })
    }
    async fn alarm(&self, _: &Person, _: AlarmId) -> Result<AlarmView, AppError> {
        self.answer(alarm())
    }
    async fn rules(&self, _: &Person) -> Result<Vec<Rule>, AppError> {
        self.answer(self.many(vec![rule()]))
    }
    async fn rule(&self, _: &Person, _: RuleId) -> Result<Rule, AppError> {
        self.answer(rule())
    }
    async fn rule_versions(&self, _: &Person, _: RuleId) -> Result<Vec<RuleVersion>, AppError> {
        let old = Rule {
            version: 1,
            ..rule()
        };
        let versions = [rule(), old].map(|rule| RuleVersion {
            rule,
            author: person(Role::Admin).name,
            at: at(-4000),
            reason: Some(HOSTILE.to_owned()),
        });
        self.answer(versions.to_vec())
    }
    async fn try_rule(&self, _: &Person, order: &TryOrder) -> Result<Tried, AppError> {
        let text = |text: &str| TriedText {
            text: text.to_owned(),
            found: Some(Match {
                start: 0,
                end: 11,
                captures: Captures {
                    ip: Some(HOSTILE.to_owned()),
                    ..Captures::default()
                },
            }),
            node: Some("prod/node-12".to_owned()),
            problem: None,
        };
        if let Some(error) = &self.fault {
            return Ok(Tried {
                error: Some(error.clone()),
                ..Tried::default()
            });
        }
        let part = Part {
            count: 37,
            alarms: vec![(alarm(), text(HOSTILE))],
        };
        self.answer(Tried {
            text: order.text.as_deref().map(text),
            alarms: part.alarms.clone(),
            looked_at: 1204,
            matched: 37,
            against: order.rule.map(|_| 2),
            added: part.clone(),
            lost: part,
            earlier: vec![("disk-full".to_owned(), 9)],
            pins: order
                .pins
                .iter()
                .map(|pin| pin.must == Must::Match)
                .collect(),
            ..Tried::default()
        })
    }
    async fn switches(&self, _: &Person) -> Result<Vec<SwitchView>, AppError> {
        Ok(vec![SwitchView {
            cluster: None,
            mode: self.switch,
            set_by: Some(person(Role::Admin).name),
            set_at: Some(at(-30)),
            reason: Some(HOSTILE.to_owned()),
            in_flight: Some(1),
        }])
    }
    async fn settings(&self, who: &Person) -> Result<SettingsView, AppError> {
        self.answer(SettingsView {
            version: "0.1.0".to_owned(),
            sandbox: true,
            speed: "10 times".to_owned(),
            you: who.name.clone(),
            role: who.role,
            guards: guards::guards(),
            switches: self.switches(who).await?,
            clusters: vec![(
                cluster(),
                "http://127.0.0.1:1".to_owned(),
                "connected".to_owned(),
            )],
            sources: vec![(
                SourceName::parse("sandbox").expect("valid"),
                "/hooks/sandbox".to_owned(),
            )],
            config_trouble: Some(guards::config().trouble.expect("it has one")),
        })
    }
    async fn config(&self, _: &Person) -> Result<ConfigView, AppError> {
        self.answer(guards::config())
    }
    async fn start(&self, _: &Person, _: &StartOrder) -> Result<RecoveryId, AppError> {
        self.answer(RecoveryId(12))
    }
    async fn approve(
        &self,
        _: &Person,
        _: RecoveryId,
        _: Option<&str>,
        _: &Basis,
    ) -> Result<(), AppError> {
        self.answer(())
    }
    async fn cancel(&self, _: &Person, _: RecoveryId) -> Result<(), AppError> {
        self.answer(())
    }
    async fn stop(&self, _: &Person, _: RecoveryId, _: Option<&str>) -> Result<(), AppError> {
        self.answer(())
    }
    async fn retry(
        &self,
        _: &Person,
        _: RecoveryId,
        _: Option<&str>,
        _: &Basis,
    ) -> Result<RecoveryId, AppError> {
        self.answer(RecoveryId(13))
    }
    async fn acknowledge(&self, _: &Person, _: RecoveryId) -> Result<(), AppError> {
        self.answer(())
    }
    async fn note(
        &self,
        _: &Person,
        _: RecoveryId,
        _: &str,
        _: Option<Timestamp>,
    ) -> Result<(), AppError> {
        self.answer(())
    }
    async fn acknowledge_alarm(&self, _: &Person, _: AlarmId) -> Result<(), AppError> {
        self.answer(())
    }
    async fn command(&self, _: &Person, _: &str) -> Result<CommandReply, AppError> {
        self.answer(CommandReply {
            reply: HOSTILE.to_owned(),
            recovery_id: None,
        })
    }
    async fn add_rule(&self, _: &Person, _: &Draft) -> Result<Rule, AppError> {
        self.answer(rule())
    }
    async fn change_rule(
        &self,
        _: &Person,
        _: RuleId,
        _: u32,
        _: &Draft,
    ) -> Result<Rule, AppError> {
        self.answer(rule())
    }
    async fn remove_rule(&self, _: &Person, _: RuleId) -> Result<(), AppError> {
        self.answer(())
    }
    async fn restore_rule(&self, _: &Person, _: RuleId, _: u32) -> Result<Rule, AppError> {
        self.answer(rule())
    }
    async fn set_switch(
        &self,
        _: &Person,
        _: Option<&ClusterName>,
        mode: Switch,
        _: Option<&str>,
    ) -> Result<Vec<SwitchReceipt>, AppError> {
        self.answer(vec![guards::receipt(mode)])
    }
    async fn storms(&self, _: &Person) -> Result<Vec<StormView>, AppError> {
        self.answer(self.many(vec![guards::storm(true), guards::storm(false)]))
    }
    async fn incidents(&self, _: &Person) -> Result<Vec<IncidentView>, AppError> {
        self.answer(self.many(vec![guards::incident(true), guards::incident(false)]))
    }
    async fn incident(&self, _: &Person, _: u64) -> Result<IncidentView, AppError> {
        self.answer(guards::incident(!self.empty))
    }
    async fn incident_of(&self, _: &Person, _: RecoveryId) -> Result<Option<u64>, AppError> {
        Ok((!self.empty).then_some(5))
    }
    async fn close_storm(&self, _: &Person, _: &ClusterName, _: &str) -> Result<(), AppError> {
        self.answer(())
    }
    async fn cordons(&self, _: &Person) -> Result<CordonsView, AppError> {
        self.answer(guards::cordons(self.empty))
    }
    async fn do_cordon(&self, _: &Person, _: &CordonOrder) -> Result<String, AppError> {
        self.answer("done".to_owned())
    }
    async fn rule_hits(&self, _: &Person, _: RuleId) -> Result<ArmView, AppError> {
        self.answer(guards::hits(self.empty))
    }
    async fn arm_rule(&self, _: &Person, _: RuleId, _: &ArmOrder) -> Result<Rule, AppError> {
        self.answer(rule())
    }
    async fn devices(&self, _: &Person) -> Result<DevicesView, AppError> {
        self.answer(crate::devices::devices(self.empty))
    }
    async fn do_device(&self, _: &Person, _: &DeviceOrder) -> Result<Option<u64>, AppError> {
        self.answer(None)
    }
    async fn device_report(&self, _: &DeviceReport) -> Result<(), AppError> {
        self.answer(())
    }
    async fn break_node(&self, _: &Person, _: &ClusterName, _: &NodeName) -> Result<(), AppError> {
        self.answer(())
    }
}
