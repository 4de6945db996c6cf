//! moto's EC2, IAM and STS, with signatures and rights checked, behind a relay that can break calls.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;
#[path = "../common/launch.rs"]
mod launch;
#[path = "../common/relay.rs"]
mod relay;
mod story;
