//! The hostile world's storm, cordon, limits and evidence.

use crate::world::{HOSTILE, at, cluster, item, node, person, rule};
use app::desk::views::{
    ArmView, ClusterGuards, ConfigKey, ConfigSection, ConfigTrouble, ConfigView, CordonActView,
    CordonView, CordonsView, GuardLine, IncidentView, LeftAlone, MemberState, MemberView,
    StormView, SwitchReceipt, TriedText,
};
use domain::access::Role;
use domain::guard::Switch;
use domain::ledger::{CordonVerb, Owner};
use domain::world::{Condition, NodeEvent, NodeRecord, Snapshot};

pub fn storm(open: bool) -> StormView {
    StormView {
        id: if open { 2 } else { 1 },
        cluster: cluster(),
        tripped_at: at(-300),
        why: HOSTILE.to_owned(),
        nodes: vec![node()],
        held: if open { vec![item(12)] } else { Vec::new() },
        calm_since: open.then(|| at(-400)),
        closable_at: open.then(|| at(-100)),
        closable: open,
        how: "Calm since 09:34. A person may close it now.".to_owned(),
        closed_at: (!open).then(|| at(-10)),
        closed_by: (!open).then(|| person(Role::Admin).name),
        closed_why: (!open).then(|| HOSTILE.to_owned()),
    }
}

pub fn incident(open: bool) -> IncidentView {
    let member = |state, recovery| MemberView {
        cluster: cluster(),
        node: node(),
        machine: Some(HOSTILE.to_owned()),
        address: Some(HOSTILE.to_owned()),
        state,
        text: HOSTILE.to_owned(),
        down_at: at(-300),
        up_at: (!open).then(|| at(-10)),
        recoveries: vec![domain::id::RecoveryId(recovery)],
    };
    let members = if open {
        vec![
            member(MemberState::Down, 12),
            member(MemberState::Waiting, 13),
            member(MemberState::Recovering, 14),
            member(MemberState::NeedsHuman, 15),
        ]
    } else {
        vec![member(MemberState::Back, 12)]
    };
    IncidentView {
        id: if open { 5 } else { 4 },
        place: HOSTILE.to_owned(),
        host: HOSTILE.to_owned(),
        opened_at: at(-290),
        closed_at: (!open).then(|| at(-9)),
        headline: HOSTILE.to_owned(),
        refused: open.then(|| HOSTILE.to_owned()),
        members,
        note: HOSTILE.to_owned(),
        note_md: HOSTILE.to_owned(),
    }
}

pub fn cordon() -> CordonView {
    let owner = Owner::Tool {
        name: Some(HOSTILE.to_owned()),
    };
    CordonView {
        cluster: cluster(),
        node: node(),
        ready: Some(false),
        unseen_since: None,
        owner_text: owner.text(),
        owner,
        since: Some(at(-500)),
        reason: Some(HOSTILE.to_owned()),
        at_work: None,
        may: CordonVerb::ALL.to_vec(),
    }
}

/// One that is kept here, in a cluster that cannot be seen since a restart.
pub fn unseen() -> CordonView {
    let owner = Owner::Recovery {
        recovery: domain::id::RecoveryId(12),
    };
    CordonView {
        ready: None,
        unseen_since: Some(at(-600)),
        owner_text: owner.text(),
        owner,
        may: Vec::new(),
        ..cordon()
    }
}

pub fn cordons(empty: bool) -> CordonsView {
    if empty {
        return CordonsView {
            items: Vec::new(),
            acts: Vec::new(),
        };
    }
    CordonsView {
        items: vec![cordon(), unseen()],
        acts: vec![CordonActView {
            cluster: cluster(),
            node: node(),
            verb: CordonVerb::TakeOver,
            by: person(Role::Admin).name,
            at: at(-100),
            reason: Some(HOSTILE.to_owned()),
            outcome: Some(HOSTILE.to_owned()),
        }],
    }
}

pub fn guards() -> Vec<ClusterGuards> {
    let line = |key: &str, reached| GuardLine {
        key: key.to_owned(),
        title: "Starts in an hour in this cluster".to_owned(),
        set_to: HOSTILE.to_owned(),
        now: Some(HOSTILE.to_owned()),
        reached,
    };
    vec![ClusterGuards {
        cluster: cluster(),
        lines: vec![line("starts_per_hour", true), line("cordon_percent", false)],
    }]
}

pub fn receipt(mode: Switch) -> SwitchReceipt {
    SwitchReceipt {
        cluster: cluster(),
        mode,
        at: at(0),
        in_flight: vec![HOSTILE.to_owned()],
        text: "prod stopped at 09:41:07, 1 call was in flight.".to_owned(),
    }
}

pub fn hits(empty: bool) -> ArmView {
    let tried = TriedText {
        text: HOSTILE.to_owned(),
        found: None,
        node: None,
        problem: Some(HOSTILE.to_owned()),
    };
    ArmView {
        left_alone: vec![LeftAlone {
            cluster: cluster(),
            node: node(),
            why: HOSTILE.to_owned(),
            way_out: HOSTILE.to_owned(),
        }],
        rule: rule(),
        hits: if empty {
            Vec::new()
        } else {
            vec![(crate::world::alarm(), tried)]
        },
        looked_at: 1204,
        matched: if empty { 0 } else { 37 },
        look: "2.37.7".to_owned(),
    }
}

pub fn snapshot() -> Snapshot {
    Snapshot {
        node: NodeRecord {
            conditions: vec![Condition {
                kind: "Ready".to_owned(),
                status: "Unknown".to_owned(),
                text: HOSTILE.to_owned(),
                since: Some(at(-90)),
            }],
            lease_renewed: Some(at(-95)),
            events: vec![NodeEvent {
                at: Some(at(-90)),
                text: HOSTILE.to_owned(),
                count: 3,
            }],
            pods: vec![HOSTILE.to_owned()],
            missing: Vec::new(),
        },
        console: Some(HOSTILE.to_owned()),
        missing: vec![HOSTILE.to_owned()],
    }
}

pub fn config() -> ConfigView {
    ConfigView {
        file: "/etc/uncordon/uncordon.toml".to_owned(),
        since: at(-600),
        by: "the start".to_owned(),
        trouble: Some(ConfigTrouble {
            at: at(-60),
            by: "SIGHUP".to_owned(),
            error: format!("line 3: guards.soak_s: {HOSTILE}"),
        }),
        restart: vec!["server.listen".to_owned()],
        leaving: vec![cluster()],
        sections: vec![ConfigSection {
            name: format!("cluster {HOSTILE}"),
            keys: vec![
                ConfigKey {
                    key: "aliases".to_owned(),
                    value: HOSTILE.to_owned(),
                    secret: false,
                },
                ConfigKey {
                    key: "kubeconfig".to_owned(),
                    value: "file /etc/uncordon/prod.yaml".to_owned(),
                    secret: true,
                },
            ],
        }],
    }
}
