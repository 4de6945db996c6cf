//! A make-believe cluster, cloud and monitoring that speak the real wire protocols on loopback.

mod callers;
mod clock;
mod config;
mod control;
mod faces;
mod faults;
mod field;
mod ledger;
mod machine;
mod monitor;
mod objects;
mod realm;
mod seed;
mod selector;
mod store;
mod tick;
mod world;

pub use config::{HookFormat, HookTarget, PROD, WorldConfig, WorldSize};
pub use world::World;
