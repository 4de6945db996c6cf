//! One of each thing the desk hands out.

use app::desk::views::{
    AlarmView, ClusterGuards, CordonView, CordonsView, GuardLine, IncidentView, NodeView, NowView,
    RecoveryItem, SettingsView, StormView, SwitchReceipt,
};
use domain::access::{Person, Role};
use domain::event::{Event, What};
use domain::guard::Switch;
use domain::health::{Health, NodeCounts, Pods, Verdict};
use domain::id::{AlarmId, ClusterName, NodeName, RecoveryId, RuleId, RuleName, SourceName};
use domain::ledger::{CordonVerb, Owner};
use domain::receipt::Receipt;
use domain::recovery::{Outcome, State};
use domain::rule::{Draft, Mode, Silence};
use domain::step::StepKind;
use domain::timeline::{Downtime, Timeline, Waterfall};
use domain::trigger::{Actor, Trigger};
use jiff::Timestamp;
use std::collections::BTreeMap;

pub const HOSTILE: &str = "</textarea></title></style><script>alert(1)</script>";

pub fn at() -> Timestamp {
    "2026-01-31T09:12:00.123456Z".parse().expect("a time")
}

pub fn prod() -> ClusterName {
    ClusterName::parse("prod").expect("a name")
}

pub fn node12() -> NodeName {
    NodeName::parse("node-12").expect("a name")
}

pub fn trigger() -> Trigger {
    Trigger::Alarm {
        alarm: AlarmId(7),
        source: SourceName::parse("am").expect("a name"),
        text: HOSTILE.to_owned(),
        starts_at: at(),
        rule: RuleId(1),
        version: 1,
        mode: Mode::Auto,
        veto_s: 60,
        silence: Silence::Act,
    }
}

pub fn receipt() -> Receipt {
    Receipt {
        boot_id_before: "old".to_owned(),
        boot_id_after: Some("new".to_owned()),
        boot_id_changed: true,
        ready_held_s: Some(120),
        pods_back: None,
        pods_before: None,
        baseline_at: Some(at()),
        baseline: "no baseline".to_owned(),
        findings: Vec::new(),
        took_s: 200,
    }
}

pub fn events() -> Vec<Event> {
    let event = |what| Event {
        at: at(),
        actor: Actor::Uncordon,
        what,
    };
    vec![
        event(What::StepStarted {
            step: StepKind::Cordon,
            attempt: 1,
            key: "k".to_owned(),
        }),
        event(What::StepSkipped {
            step: StepKind::Cordon,
            reason: "not needed".to_owned(),
        }),
        event(What::Finished {
            outcome: Outcome::Recovered,
            receipt: Some(Box::new(receipt())),
        }),
    ]
}

pub fn timeline(id: RecoveryId) -> Timeline {
    Timeline {
        id,
        cluster: prod(),
        node: node12(),
        ip: None,
        state: State::Recovered,
        outcome: Some(Outcome::Recovered),
        trigger: trigger(),
        headline: HOSTILE.to_owned(),
        facts: "nab.wnone.a1-asks".to_owned(),
        human: None,
        asked_until: None,
        veto_until: None,
        silence: Silence::Ask,
        snapshot: None,
        grace_until: None,
        started_at: at(),
        ended_at: Some(at()),
        warnings: Vec::new(),
        steps: Vec::new(),
        lines: Vec::new(),
        receipt: Some(receipt()),
        can: Vec::new(),
        summary: HOSTILE.to_owned(),
        down: Downtime::default(),
        milestones: Vec::new(),
        waterfall: Waterfall::default(),
        unread: 0,
        impact: Vec::new(),
        words: vec![domain::timeline::ChatWord {
            at: at(),
            chat: HOSTILE.to_owned(),
            room: HOSTILE.to_owned(),
            message: HOSTILE.to_owned(),
            answers: Some(HOSTILE.to_owned()),
            text: HOSTILE.to_owned(),
        }],
        waits_for: None,
    }
}

pub fn item(id: RecoveryId) -> RecoveryItem {
    RecoveryItem {
        id,
        cluster: prod(),
        node: node12(),
        state: State::Recovered,
        outcome: Some(Outcome::Recovered),
        trigger: trigger(),
        started_at: at(),
        ended_at: Some(at()),
        headline: HOSTILE.to_owned(),
        needs: None,
        facts: "nab.wnone.a1-asks".to_owned(),
    }
}

pub fn alarm(id: AlarmId) -> AlarmView {
    AlarmView {
        id,
        source: SourceName::parse("am").expect("a name"),
        received_at: at(),
        starts_at: at(),
        text: HOSTILE.to_owned(),
        labels: BTreeMap::from([("host".to_owned(), HOSTILE.to_owned())]),
        disposition: "matched".to_owned(),
        rule_id: Some(RuleId(1)),
        recovery_id: Some(RecoveryId(1)),
        status: "closed".to_owned(),
        note: None,
        acknowledged_by: None,
    }
}

pub fn health() -> Health {
    Health {
        cluster: prod(),
        verdict: Verdict::Healthy,
        sentence: "all is well".to_owned(),
        nodes: NodeCounts {
            ready: 12,
            total: 12,
            cordoned: 0,
        },
        sick: Vec::new(),
        pods: Pods::default(),
        workloads: Vec::new(),
        pinned: Vec::new(),
        seen_at: at(),
        blind_since: None,
    }
}

pub fn node() -> NodeView {
    NodeView {
        cluster: prod(),
        name: node12(),
        uid: "u-12".to_owned(),
        internal_ip: Some("10.0.0.12".to_owned()),
        ready: true,
        ready_text: "Ready since 09:12".to_owned(),
        cordoned: false,
        cordon_owner: None,
        cordon_recovery: None,
        machine_state: "running".to_owned(),
        roles: Vec::new(),
        zone: None,
        host: None,
    }
}

pub fn draft(name: &str) -> Draft {
    Draft {
        name: RuleName::parse(name).expect("a name"),
        position: 1,
        enabled: true,
        mode: Mode::Observe,
        pattern: "HOST (?P<host>\\S+) down".to_owned(),
        labels: BTreeMap::new(),
        cluster: None,
        veto_s: 0,
        silence: Silence::Act,
        pins: Vec::new(),
    }
}

pub fn storm() -> StormView {
    StormView {
        id: 3,
        cluster: prod(),
        tripped_at: at(),
        why: HOSTILE.to_owned(),
        nodes: vec![node12()],
        held: vec![item(RecoveryId(1))],
        calm_since: None,
        closable_at: None,
        closable: false,
        how: "The storm is not over.".to_owned(),
        closed_at: None,
        closed_by: None,
        closed_why: None,
    }
}

pub fn incident() -> IncidentView {
    IncidentView {
        id: 5,
        place: HOSTILE.to_owned(),
        host: HOSTILE.to_owned(),
        opened_at: at(),
        closed_at: None,
        headline: HOSTILE.to_owned(),
        refused: None,
        members: Vec::new(),
        note: HOSTILE.to_owned(),
        note_md: HOSTILE.to_owned(),
    }
}

pub fn cordon() -> CordonView {
    let owner = Owner::Tool {
        name: Some(HOSTILE.to_owned()),
    };
    CordonView {
        cluster: prod(),
        node: node12(),
        ready: Some(true),
        unseen_since: None,
        owner_text: owner.text(),
        owner,
        since: Some(at()),
        reason: Some(HOSTILE.to_owned()),
        at_work: None,
        may: vec![CordonVerb::TakeOver],
    }
}

pub fn cordons() -> CordonsView {
    CordonsView {
        items: vec![cordon()],
        acts: Vec::new(),
    }
}

pub fn receipt_of_switch(mode: Switch) -> SwitchReceipt {
    SwitchReceipt {
        cluster: prod(),
        mode,
        at: at(),
        in_flight: vec!["recovery #1: Start the machine (node-12)".to_owned()],
        text: "prod stopped at 09:12:00, 1 call was in flight.".to_owned(),
    }
}

pub fn now() -> NowView {
    NowView {
        at: at(),
        needs_you: Vec::new(),
        running: vec![timeline(RecoveryId(1))],
        unclear: vec![alarm(AlarmId(7))],
        firing: Vec::new(),
        incidents: vec![incident()],
        storms: vec![storm()],
        cordoned: vec![cordon()],
        recent: vec![item(RecoveryId(1))],
        clusters: Vec::new(),
        last_alarm: None,
        switch: None,
        breakable: Vec::new(),
    }
}

pub fn settings(who: &Person) -> SettingsView {
    SettingsView {
        version: "0".to_owned(),
        sandbox: false,
        speed: "1".to_owned(),
        you: who.name.clone(),
        role: who.role.max(Role::Viewer),
        guards: vec![ClusterGuards {
            cluster: prod(),
            lines: vec![GuardLine {
                key: "starts_per_hour".to_owned(),
                title: "Starts in an hour in this cluster".to_owned(),
                set_to: "5".to_owned(),
                now: Some("1 of 5".to_owned()),
                reached: false,
            }],
        }],
        switches: Vec::new(),
        clusters: vec![(
            prod(),
            "https://127.0.0.1".to_owned(),
            Switch::Run.word().to_owned(),
        )],
        sources: Vec::new(),
        config_trouble: None,
    }
}
