//! What every cloud adapter must do, whatever it speaks: one list, the same for each, against the wire of each.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bench;
mod ec2;
mod faults;
mod http;
mod list;
mod openstack;
mod redfish;
#[path = "../common/relay.rs"]
mod relay;
mod secrets;
mod wire;
