//! The fleet as the engine's ports.

use super::{BOOT_S, Entry, Fleet, Hang, end_outage};
use crate::ports::{AlarmSource, Clock as _, Cloud, Cluster, Marking};
use async_trait::async_trait;
use domain::alarm::Alarm;
use domain::baseline::Baseline;
use domain::id::ClusterName;
use domain::step::Answer;
use domain::target::Target;
use domain::world::{
    ClusterFacts, Cordon, Healer, Healers, MachineFacts, MachineState, NodeFacts, NodeRecord,
    OwnerMark, Reading, Sight,
};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

#[async_trait]
impl Cluster for Fleet {
    fn name(&self) -> &ClusterName {
        &self.name
    }

    fn nodes(&self) -> Arc<[NodeFacts]> {
        let stale = self.state().stale.clone();
        stale.unwrap_or_else(|| self.facts_now())
    }

    fn facts(&self) -> ClusterFacts {
        self.all(self.nodes())
    }

    fn sight(&self) -> Sight {
        if self.state().blind {
            Sight::Blind {
                since: self.clock.now(),
                why: "refused".to_owned(),
            }
        } else {
            Sight::Live
        }
    }

    fn baselines(&self) -> Vec<Arc<Baseline>> {
        self.state().baselines.clone()
    }

    fn take_baseline(&self) {
        let baseline = Baseline::of(&self.facts());
        let mut state = self.state();
        if state.blind {
            return;
        }
        state.baselines = vec![Arc::new(baseline)];
    }

    async fn read_node(&self, target: &Target) -> Reading<NodeFacts> {
        self.hangs(Hang::ReadNode).await;
        let (unreadable, poison, slow) = {
            let state = self.state();
            (state.unreadable, state.poison, state.slow)
        };
        if slow > 0 {
            tokio::time::sleep(std::time::Duration::from_secs(slow)).await;
        }
        assert_ne!(poison, Some(Self::number(target)), "a poisoned node");
        if unreadable {
            return Reading::Unreadable("refused".to_owned());
        }
        Reading::Seen(self.one_now(Self::number(target)))
    }

    async fn read_all(&self) -> Reading<ClusterFacts> {
        self.hangs(Hang::ReadAll).await;
        if self.state().unreadable {
            return Reading::Unreadable("refused".to_owned());
        }
        Reading::Seen(self.all(self.facts_now()))
    }

    async fn healers(&self, target: &Target, _own: &[Healer]) -> Healers {
        let state = self.state();
        state.nodes[Self::number(target) - 1].healers.clone()
    }

    async fn cordon(&self, target: &Target, version: &str, mark: OwnerMark) -> Answer {
        self.hangs(Hang::Patch).await;
        self.patch(target, version, "cordon", Cordon::Ours(mark))
    }

    async fn uncordon(&self, target: &Target, version: &str) -> Answer {
        self.hangs(Hang::Patch).await;
        self.patch(target, version, "uncordon", Cordon::Open)
    }

    async fn mark(&self, target: &Target, version: &str, mark: &Marking) -> Answer {
        let to = match mark {
            Marking::Recovery(mark) => Cordon::Ours(*mark),
            Marking::Person(mark) => Cordon::Held(mark.clone()),
            Marking::Nobody => Cordon::FOREIGN,
        };
        self.patch(target, version, "mark", to)
    }

    async fn record(&self, _target: &Target) -> Reading<NodeRecord> {
        self.hangs(Hang::Record).await;
        Reading::Seen(NodeRecord::default())
    }
}

#[async_trait]
impl Cloud for Fleet {
    async fn machine(&self, target: &Target) -> Reading<MachineFacts> {
        self.hangs(Hang::ReadMachine).await;
        let state = self.state();
        if state.unreadable {
            return Reading::Unreadable("refused".to_owned());
        }
        let node = &state.nodes[Self::number(target) - 1];
        let (state, detail) = match node.up_since {
            Some(_) => (MachineState::On, "ACTIVE"),
            None => (MachineState::Off, "SHUTOFF"),
        };
        let mut machine = MachineFacts::new(node.provider.clone(), state, detail);
        machine.purpose.clone_from(&node.purpose);
        machine.group.clone_from(&node.group);
        machine.host = node.cloud_host.then(|| Self::host_of(Self::number(target)));
        Reading::Seen(machine)
    }

    async fn start(&self, machine: &str, _key: &str) -> Answer {
        self.hangs(Hang::Start).await;
        let at = self.clock.now();
        let mut state = self.state();
        let found = state.nodes.iter().position(|node| node.provider == machine);
        let Some(index) = found else {
            return Answer::NotFound(machine.to_owned());
        };
        let node = state.edit(index);
        if node.no_host {
            return Answer::Refused("its host is down".to_owned());
        }
        let on = node.up_since.is_some();
        node.version += 1;
        if !on && !node.deaf {
            let up = at + SignedDuration::from_secs(BOOT_S);
            node.boot += 1;
            node.up_since = Some(up);
            end_outage(&mut state.outages, index + 1, up);
        }
        // Whoever calls in a circle must not keep time from going by.
        assert!(state.ledger.len() < 5000, "called again and again");
        state.ledger.push(Entry {
            at,
            what: "start",
            node: index + 1,
            foreign: false,
            on,
        });
        Answer::Done("1".to_owned())
    }

    fn replaces(&self) -> bool {
        self.state().nodes.iter().any(|node| node.group.is_some())
    }

    async fn console(&self, _machine: &str) -> Reading<String> {
        self.hangs(Hang::Record).await;
        Reading::Absent
    }
}

#[async_trait]
impl AlarmSource for Fleet {
    async fn close(&self, _alarm: &Alarm, _now: Timestamp) -> Answer {
        self.hangs(Hang::Close).await;
        let at = self.clock.now();
        self.state().ledger.push(Entry {
            at,
            what: "close",
            node: 0,
            foreign: false,
            on: false,
        });
        Answer::Done("1".to_owned())
    }
}
