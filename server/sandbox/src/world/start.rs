//! How a world starts: ports, faces, and the loop that lets time run.

use super::World;
use crate::clock::WorldClock;
use crate::config::WorldConfig;
use crate::control;
use crate::faces::meddle::{Meddler, meddle};
use crate::faces::serve::serve;
use crate::faces::{Addresses, cloud, kubernetes, monitoring};
use crate::field::fresh_uuid;
use crate::ledger::Face;
use crate::realm::{Secrets, Shared};
use crate::{monitor::delivery, seed, tick};
use axum::{Router, middleware};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

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
        let client = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .build();
        let client = client.map_err(std::io::Error::other)?;
        let mut realm = seed::world(config.size, clock.now());
        realm.cluster = config.name;
        let shared = Arc::new(Shared::new(
            clock,
            secrets,
            addresses,
            config.hook,
            client,
            realm,
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
