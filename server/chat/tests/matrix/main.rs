//! Matrix against a real Synapse: what people say is heard once, and what we say is shown once.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on must say where"
)]

#[path = "../counterparts/launch.rs"]
mod counterparts;
mod hearing;
mod people;
mod saying;
mod wire;
