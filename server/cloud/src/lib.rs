//! Clouds behind the Cloud port, one module per provider.

pub mod openstack;
pub mod secret;
