//! What must never happen, whatever goes wrong at once: judged from the ledger of the world, never from our own tables.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

mod blocking;
mod changed;
mod cordons;
mod dry;
mod faults;
mod hangs;
mod healers;
mod incidents;
mod limits;
mod once;
mod own;
mod random;
mod refused;
mod storms;
mod switch;
mod told;
mod veto;
mod waits;

use domain::access::{Door, Person, Role};
use domain::alarm::{NewAlarm, Status, fingerprint};
use domain::guard::Guards;
use domain::id::PersonName;
use domain::recovery::{Recovery, State};
use domain::rule::{Draft, Mode, shipped};
use engine::Engine;
use engine::fakes::{Death, Fleet, MemoryStore, fleet_ports, source};
use std::collections::BTreeMap;
use std::time::Duration;

/// A fleet, a store and the process that lives now.
struct House {
    fleet: Fleet,
    store: MemoryStore,
    engine: Engine,
    guards: Guards,
}

/// The limits of a real cluster, with a shorter soak.
fn limits() -> Guards {
    Guards {
        soak_s: 10,
        ..Guards::default()
    }
}

/// As few limits as the sandbox has.
fn loose() -> Guards {
    Guards {
        soak_s: 10,
        cool_down_s: 0,
        storm_nodes: 0,
        flap_max: 0,
        starts_per_hour: 0,
        starts_per_hour_account: 0,
        ..Guards::default()
    }
}

impl House {
    async fn new(fleet: Fleet, guards: Guards, draft: Draft) -> Self {
        let store = MemoryStore::new(vec![draft]);
        let engine = Engine::start(fleet_ports(&fleet, &store, guards.clone()))
            .await
            .unwrap();
        Self {
            fleet,
            store,
            engine,
            guards,
        }
    }

    async fn auto(nodes: usize, zones: usize, guards: Guards) -> Self {
        Self::new(Fleet::new(nodes, zones), guards, shipped(Mode::Auto)).await
    }

    /// The process dies, and another one begins on the same data.
    async fn restart(&mut self, death: Option<Death>) {
        self.store.kill();
        self.store = self.store.reborn(death);
        let ports = fleet_ports(&self.fleet, &self.store, self.guards.clone());
        self.engine = Engine::start(ports).await.unwrap();
    }

    /// An alarm for a node comes in.
    async fn alarm(&self, number: usize) {
        self.text(&Fleet::text(number)).await;
    }

    async fn text(&self, text: &str) {
        self.engine.accept(vec![alarm(text)]).await.unwrap();
    }

    /// The node loses power, and its alarm comes in.
    async fn down(&self, number: usize) {
        self.fleet.fail(number);
        self.alarm(number).await;
    }

    fn all(&self) -> Vec<Recovery> {
        self.store.recoveries_now()
    }

    fn of(&self, number: usize) -> Option<Recovery> {
        let name = format!("node-{number}");
        self.all()
            .into_iter()
            .rfind(|one| one.plan.target.node.as_str() == name)
    }

    /// Lets time run until nothing is under way any more, for at most so many hours.
    async fn settle(&self, hours: u32) {
        for _ in 0..hours * 720 {
            pass(5).await;
            let busy = |one: &Recovery| one.holds_slot() && one.state() == State::Running;
            if !self.all().is_empty() && !self.all().iter().any(busy) {
                return;
            }
        }
    }

    fn starts(&self) -> Vec<usize> {
        self.fleet.done("start")
    }
}

fn alarm(text: &str) -> NewAlarm {
    NewAlarm {
        source: source(),
        fingerprint: fingerprint(&source(), text),
        text: text.to_owned(),
        truncated: false,
        labels: BTreeMap::new(),
        starts_at: None,
        status: Status::Firing,
        close_with: None,
    }
}

fn person() -> Person {
    Person {
        name: PersonName::parse("Kato").unwrap(),
        role: Role::Responder,
        door: Door::Api,
    }
}

/// Virtual time goes by.
async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}
