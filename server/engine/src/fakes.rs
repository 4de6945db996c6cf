//! Make-believe ports for the engine's own tests: a store that can die, one node in one small world, a clock on virtual time.

mod clock;
mod fleet;
mod memory;
mod outbox;
mod team;
mod world;

pub use clock::VirtualClock;
pub use fleet::{Entry, Fleet, Hang, Outage, Spec};
pub use memory::{Death, MemoryStore};
pub use outbox::{FakeCarrier, FakeOutbox, Posted};
pub use team::{FakeCheck, FakeGauge};
pub use world::{FakeWorld, Ledger, source};

use crate::{Ports, Setup, Site};
use domain::guard::Guards;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Limits that keep virtual hours short.
pub fn guards() -> Guards {
    Guards {
        soak_s: 10,
        cool_down_s: 0,
        ..Guards::default()
    }
}

/// Ports over this world and store.
pub fn ports(world: &FakeWorld, store: &MemoryStore) -> Ports {
    let checks = world.checks();
    let world = Arc::new(world.clone());
    Ports {
        store: Arc::new(store.clone()),
        clock: world.clock(),
        setup: Setup {
            sites: vec![Site {
                cluster: Arc::clone(&world) as Arc<dyn crate::ports::Cluster>,
                cloud: Some(Arc::clone(&world) as Arc<dyn crate::ports::Cloud>),
                aliases: Vec::new(),
                guards: guards(),
                own_node: None,
                own_recovery: Vec::new(),
                hosts: BTreeMap::new(),
                account: None,
                checks,
                impact: world.impact(),
                node_watch: None,
            }],
            sources: BTreeMap::from([(source(), world as Arc<dyn crate::ports::AlarmSource>)]),
            heartbeats: Vec::new(),
        },
    }
}

/// Ports over a fleet under these limits.
pub fn fleet_ports(fleet: &Fleet, store: &MemoryStore, guards: Guards) -> Ports {
    let fleet = Arc::new(fleet.clone());
    Ports {
        store: Arc::new(store.clone()),
        clock: fleet.clock(),
        setup: Setup {
            sites: vec![Site {
                cluster: Arc::clone(&fleet) as Arc<dyn crate::ports::Cluster>,
                cloud: Some(Arc::clone(&fleet) as Arc<dyn crate::ports::Cloud>),
                aliases: Vec::new(),
                guards,
                own_node: None,
                own_recovery: Vec::new(),
                hosts: BTreeMap::new(),
                account: Some("one".to_owned()),
                checks: Vec::new(),
                impact: None,
                node_watch: None,
            }],
            sources: BTreeMap::from([(source(), fleet as Arc<dyn crate::ports::AlarmSource>)]),
            heartbeats: Vec::new(),
        },
    }
}
