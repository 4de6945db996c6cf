//! The real binary as it runs: a config that changes under it, secrets that are exchanged, and secrets that never show.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

#[path = "running/house.rs"]
mod house;
#[path = "running/reload.rs"]
mod reload;
#[path = "running/secrets.rs"]
mod secrets;
