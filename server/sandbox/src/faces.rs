//! The ports of the world: what each face answers, and how a connection is served.

pub mod cloud;
pub mod kubernetes;
pub mod meddle;
pub mod monitoring;
pub mod serve;
pub mod shop;

use std::net::SocketAddr;

/// Where the faces listen.
#[derive(Debug, Clone, Copy)]
pub struct Addresses {
    /// The Kubernetes API.
    pub kubernetes: SocketAddr,
    /// Keystone and Nova.
    pub cloud: SocketAddr,
    /// Alertmanager's API.
    pub monitoring: SocketAddr,
    /// `/sandbox/*`.
    pub control: SocketAddr,
}

impl Addresses {
    /// The base address of monitoring.
    pub fn alertmanager(&self) -> String {
        format!("http://{}", self.monitoring)
    }

    /// The base address of the cloud.
    pub fn cloud(&self) -> String {
        format!("http://{}", self.cloud)
    }
}
