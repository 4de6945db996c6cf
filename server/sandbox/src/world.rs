//! The handle of a running world: where its faces are, and what lets a caller in.

mod start;

use crate::config::HookTarget;
use crate::control;
use crate::realm::{Shared, lock};
use axum::Router;
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;

/// A running make-believe world. It ends when [`World::stop`] is called or its last handle is dropped.
#[derive(Clone)]
pub struct World {
    shared: Arc<Shared>,
    tasks: Arc<Mutex<JoinSet<()>>>,
}

impl World {
    /// The base address of the Kubernetes API.
    pub fn kubernetes_url(&self) -> String {
        format!("http://{}", self.shared.addresses.kubernetes)
    }

    /// A bearer token that may do everything.
    pub fn kubernetes_token(&self) -> String {
        self.shared.secrets.admin.clone()
    }

    /// A bearer token that may get and list nodes, and nothing else.
    pub fn limited_token(&self) -> String {
        self.shared.secrets.limited.clone()
    }

    /// The address of Keystone; it ends in `/v3`.
    pub fn keystone_url(&self) -> String {
        format!("{}/identity/v3", self.shared.addresses.cloud())
    }

    /// The password of the cloud user `uncordon` in project `prod`, both of domain `Default`.
    pub fn openstack_password(&self) -> &str {
        &self.shared.secrets.password
    }

    /// The base address of Alertmanager's API.
    pub fn alertmanager_url(&self) -> String {
        self.shared.addresses.alertmanager()
    }

    /// The base address of a make-believe Prometheus that measures the shop.
    pub fn prometheus_url(&self) -> String {
        self.shared.addresses.alertmanager()
    }

    /// The address of the shop that runs on the world's pods.
    pub fn shop_url(&self) -> String {
        format!("{}/shop", self.shared.addresses.alertmanager())
    }

    /// The base address under which `/sandbox/*` is served on its own port.
    pub fn control_url(&self) -> String {
        format!("http://{}", self.shared.addresses.control)
    }

    /// Tells monitoring where alarms go from now on.
    pub fn set_hook(&self, hook: HookTarget) {
        *lock(&self.shared.hook) = Some(hook);
    }

    /// A kubeconfig for cluster `prod`.
    pub fn kubeconfig(&self) -> String {
        let (server, token) = (self.kubernetes_url(), self.kubernetes_token());
        format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: prod\n\
             clusters:\n- name: prod\n  cluster:\n    server: {server}\n\
             contexts:\n- name: prod\n  context:\n    cluster: prod\n    user: uncordon\n\
             users:\n- name: uncordon\n  user:\n    token: {token}\n"
        )
    }

    /// Lets another world's machines be broken and mended from this one's `/sandbox/*`; that one must not do so in turn.
    pub fn beside(&self, other: &World) {
        lock(&self.shared.beside).push(Arc::clone(&other.shared));
    }

    /// What its cluster is called.
    pub fn name(&self) -> String {
        self.shared.with(|realm, _| realm.cluster.clone())
    }

    /// The routes under `/sandbox`, to be merged into the product's own.
    pub fn control(&self) -> Router {
        control::router(Arc::clone(&self.shared))
    }

    /// The present moment of the world.
    pub fn now(&self) -> jiff::Timestamp {
        self.shared.clock.now()
    }

    /// Ends the world: its ports close and time stands still.
    pub async fn stop(self) {
        let mut tasks = std::mem::take(&mut *lock(&self.tasks));
        tasks.shutdown().await;
    }
}
