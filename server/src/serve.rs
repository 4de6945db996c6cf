//! Opens the doors of a house and keeps them open until the process is told to stop.

use crate::config::Config;
use crate::desk::{Facts, TheDesk};
use crate::housekeeping;
use crate::web::hooks::{HookSettings, Intake};
use crate::web::live::{Change, Live};
use crate::web::{self, AppState, Flashes, Sessions, WebSettings};
use crate::wiring::{self, House};
use anyhow::Context;
use async_trait::async_trait;
use axum::Router;
use domain::alarm::{Disposition, NewAlarm};
use domain::id::AlarmId;
use engine::Engine;
use engine::ports::{Clock, StoreError};
use engine::tell::Told;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::broadcast::error::RecvError;

/// How often cluster health is compared with what was last told.
const HEALTH_TICK: Duration = Duration::from_secs(2);
/// How long open requests may take to end once the process is told to stop.
const GOODBYE: Duration = Duration::from_secs(5);

struct TheIntake(Engine);

#[async_trait]
impl Intake for TheIntake {
    async fn accept(
        &self,
        alarms: Vec<NewAlarm>,
    ) -> Result<Vec<(AlarmId, Disposition)>, StoreError> {
        let accepted = self.0.accept(alarms).await?;
        Ok(accepted
            .into_iter()
            .map(|one| (one.id, one.disposition))
            .collect())
    }
}

/// Serves a house on this listener until SIGINT or SIGTERM. `world`: routes of the make-believe world.
pub async fn serve(
    config: &Config,
    house: House,
    listener: TcpListener,
    world: Option<Router>,
) -> anyhow::Result<()> {
    let live = Live::new(u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or(1));
    tokio::spawn(tell(house.engine.clone(), live.clone()));
    tokio::spawn(tell_health(
        TheDesk::new(house.clone(), facts(config)),
        house.engine.clone(),
        live.clone(),
    ));
    tokio::spawn(housekeeping::keep(
        house.store.clone(),
        Arc::clone(&house.clock),
    ));
    let state = AppState {
        desk: Arc::new(TheDesk::new(house.clone(), facts(config))),
        accounts: Arc::new(house.store.clone()),
        sessions: Sessions::new(house.store.clone()),
        intake: Arc::new(TheIntake(house.engine.clone())),
        live: live.clone(),
        flashes: Flashes::new(),
        clock: page_clock(&house.clock),
        settings: Arc::new(settings(config)?),
    };
    let router =
        web::router(state, world).into_make_service_with_connect_info::<std::net::SocketAddr>();
    let (told, stop) = tokio::sync::oneshot::channel();
    let stopping = async move {
        stop_signal().await;
        tracing::info!("Stopping");
        live.close();
        let _ = told.send(());
    };
    let late = async {
        // Without a signal the sender lives on and this never ends.
        let _ = stop.await;
        tokio::time::sleep(GOODBYE).await;
    };
    tokio::select! {
        served = async { axum::serve(listener, router).with_graceful_shutdown(stopping).await } => served.context("the service failed")?,
        () = late => {}
    }
    house.store.close().await;
    Ok(())
}

/// What of the config people may see.
pub fn facts(config: &Config) -> Facts {
    let clusters = config.clusters.iter().map(|one| {
        let api = one.kubeconfig.as_ref().map_or_else(
            || "the pod's own account".to_owned(),
            |path| path.display().to_string(),
        );
        (one.name.clone(), api)
    });
    Facts {
        control: config.sandbox.as_ref().map(|world| world.control.clone()),
        speed: config
            .sandbox
            .as_ref()
            .map_or_else(|| "1".to_owned(), |world| world.speed.to_string()),
        sources: config
            .sources
            .iter()
            .map(|one| (one.name.clone(), format!("/hooks/{}", one.name)))
            .collect(),
        clusters: clusters.collect(),
    }
}

fn settings(config: &Config) -> anyhow::Result<WebSettings> {
    let hooks: BTreeMap<_, _> = wiring::doors(config)?
        .into_iter()
        .map(|(name, auth)| {
            (
                name,
                HookSettings {
                    auth,
                    format: alarms::Format::Any,
                },
            )
        })
        .collect();
    Ok(WebSettings {
        public_url: config.server.public_url.trim_end_matches('/').to_owned(),
        secure: config.secure(),
        sandbox: config.sandbox.is_some(),
        hooks,
    })
}

fn page_clock(clock: &Arc<dyn Clock>) -> app::Clock {
    let (now, speed) = (Arc::clone(clock), clock.speed());
    app::Clock {
        now: Arc::new(move || now.now()),
        speed,
    }
}

async fn tell(engine: Engine, live: Live) {
    let mut told = engine.listen();
    loop {
        match told.recv().await {
            Ok(Told::Recovery(id)) => live.publish(Change::Recovery(id)),
            Ok(Told::Alarm(id)) => live.publish(Change::Alarm(id)),
            Ok(Told::Switch) => live.publish(Change::Switch),
            Ok(Told::Breaker) => live.publish(Change::Storm),
            Ok(Told::Cordon) => live.publish(Change::Cordon),
            // Pages read the store anyway; what was missed shows with the next change.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}

async fn tell_health(desk: TheDesk, engine: Engine, live: Live) {
    let mut last = BTreeMap::new();
    loop {
        for site in engine.sites() {
            let health = desk.headline(site);
            if last
                .insert(site.cluster.name().clone(), health.clone())
                .is_some_and(|before| before != health)
            {
                live.publish(Change::Health(site.cluster.name().clone()));
            }
        }
        tokio::time::sleep(HEALTH_TICK).await;
    }
}

async fn stop_signal() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
