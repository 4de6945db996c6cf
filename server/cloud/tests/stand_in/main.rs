//! OpenStack's wire against a stand-in with recorded shapes, for what the make-believe world does not do.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod consoles;
mod openstack;
mod shapes;
mod starts;
