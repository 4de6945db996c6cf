//! The real binary as it runs: a config that changes under it, secrets that are exchanged, secrets that never show, and what others hear when it dies.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

#[path = "running/heartbeat.rs"]
mod heartbeat;
#[path = "running/house.rs"]
mod house;
#[path = "running/reload.rs"]
mod reload;
#[path = "running/secrets.rs"]
mod secrets;
