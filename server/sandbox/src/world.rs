//! The handle of a running world: where its faces are, and what lets a caller in.

use crate::clock::WorldClock;
use crate::config::{HookTarget, WorldConfig};
use crate::control;
use crate::faces::meddle::{Meddler, meddle};
use crate::faces::serve::serve;
use crate::faces::{Addresses, cloud, kubernetes, monitoring};
use crate::field::fresh_uuid;
use crate::ledger::Face;
use crate::monitor::delivery;
use crate::realm::{Secrets, Shared, lock};
use crate::{seed, tick};
use axum::{Router, middleware};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// A running make-believe world. It ends when [`World::stop`] is called or its last handle is dropped.
#[derive(Clone)]
pub struct World {
    shared: Arc<Shared>,
    tasks: Arc<Mutex<JoinSet<()>>>,
}

impl World {
    /// Makes the world, binds its ports on loopback and lets time run.
    ///
    /// # Errors
    /// When a port cannot be bound.
    pub async fn start(config: WorldConfig) -> std::io::Result<World> {
        let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listeners = [bind().await?, bind().await?, bind().await?, bind().await?];
        let [kubernetes, cloud, monitoring, control] = &listeners;
        let addresses = Addresses {
            kubernetes: kubernetes.local_addr()?,
            cloud: cloud.local_addr()?,
            monitoring: monitoring.local_addr()?,
            control: control.local_addr()?,
        };
        let clock = WorldClock::new(config.t0, config.speed);
        let secrets = Secrets {
            admin: fresh_uuid(),
            limited: fresh_uuid(),
            password: fresh_uuid(),
        };
        let shared = Arc::new(Shared::new(
            clock,
            secrets,
            addresses,
            config.hook,
            seed::world(config.size, clock.now()),
        ));
        let routers = [
            meddled(
                &shared,
                Face::Kubernetes,
                kubernetes::router(Arc::clone(&shared)),
            ),
            meddled(&shared, Face::Cloud, cloud::router(Arc::clone(&shared))),
            meddled(
                &shared,
                Face::Monitoring,
                monitoring::router(Arc::clone(&shared)),
            ),
            control::router(Arc::clone(&shared)),
        ];
        let mut tasks = JoinSet::new();
        for (listener, router) in listeners.into_iter().zip(routers) {
            tasks.spawn(serve(listener, router));
        }
        tasks.spawn(run(Arc::clone(&shared)));
        Ok(World {
            shared,
            tasks: Arc::new(Mutex::new(tasks)),
        })
    }

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

fn meddled(shared: &Arc<Shared>, face: Face, router: Router) -> Router {
    let meddler = Meddler {
        shared: Arc::clone(shared),
        face,
    };
    router.layer(middleware::from_fn_with_state(meddler, meddle))
}

async fn run(shared: Arc<Shared>) {
    let mut beat = tokio::time::interval(shared.clock.pause());
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut deliveries = JoinSet::new();
    loop {
        beat.tick().await;
        shared.with(tick::step);
        delivery::dispatch(&shared, &mut deliveries);
        while deliveries.try_join_next().is_some() {}
    }
}
