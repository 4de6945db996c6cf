//! The uncordon binary: configuration, wiring, doors, pages, REST and command line.

pub mod chatops;
pub mod cli;
pub mod clock;
pub mod config;
pub mod current;
pub mod desk;
pub mod heartbeat;
pub mod housekeeping;
pub mod reload;
pub mod secrets;
pub mod serve;
pub mod site;
pub mod telemetry;
pub mod telling;
pub mod web;
pub mod wiring;
