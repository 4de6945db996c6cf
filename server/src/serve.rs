//! Opens the doors of a house and keeps them open until the process is told to stop.

use crate::chatops::ChatOps;
use crate::config::Config;
use crate::current::Current;
use crate::desk::{Facts, TheDesk};
use crate::reload::{self, Reloader};
use crate::web::hooks::{HookSettings, Intake};
use crate::web::live::{Change, Live};
use crate::web::{self, AppState, Flashes, Sessions, Taps, WebSettings};
use crate::wiring::{self, House};
use crate::{heartbeat, housekeeping};
use anyhow::Context;
use app::desk::views::ConfigView;
use async_trait::async_trait;
use axum::Router;
use axum_server::Handle;
use domain::alarm::{Disposition, NewAlarm};
use domain::id::AlarmId;
use domain::id::SourceName;
use engine::Engine;
use engine::ports::{Clock, StoreError};
use engine::tell::Told;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::broadcast::error::RecvError;

/// How often cluster health is compared with what was last told.
const HEALTH_TICK: Duration = Duration::from_secs(2);
/// How long open requests may take to end once the process is told to stop.
const GOODBYE: Duration = Duration::from_secs(5);

/// The first request of a connection must be there in this time.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// A connection may be quiet between two requests for so long.
const IDLE_TIME: Duration = Duration::from_secs(60);

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
    let (doors, facts) = (
        Current::new(wiring::doors(config)?),
        Current::new(facts(config)),
    );
    // Without a folder of its own, the make-believe world ends with its terminal as anything does.
    if world.is_none() {
        let reloader = Reloader {
            house: house.clone(),
            doors: doors.clone(),
            facts: facts.clone(),
            config: tokio::sync::Mutex::new(config.clone()),
        };
        tokio::spawn(reloader.follow());
    }
    let live = Live::new(u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(1));
    tokio::spawn(tell(house.engine.clone(), live.clone()));
    tokio::spawn(tell_health(
        TheDesk::new(house.clone(), facts.clone()),
        house.engine.clone(),
        live.clone(),
    ));
    tokio::spawn(housekeeping::keep(
        house.store.clone(),
        Arc::clone(&house.clock),
    ));
    let desk = TheDesk::new(house.clone(), facts.clone());
    let chats = chats(desk, &house, config);
    if let Some((beat, every)) = heartbeat::of(config)? {
        let (engine, store) = (house.engine.clone(), house.store.clone());
        tokio::spawn(heartbeat::keep(beat, every, engine, store));
    }
    let state = AppState {
        desk: Arc::new(TheDesk::new(house.clone(), facts)),
        accounts: Arc::new(house.store.clone()),
        sessions: Sessions::new(house.store.clone()),
        intake: Arc::new(TheIntake(house.engine.clone())),
        chats,
        live: live.clone(),
        taps: Taps::kept(&house.store).await?,
        flashes: Flashes::new(),
        clock: page_clock(&house.clock),
        settings: Arc::new(settings(config, doors)),
    };
    let handle = Handle::new();
    tokio::spawn(stop_on_signal(handle.clone(), live));
    answer(listener, handle, web::router(state, world))
        .await
        .context("the service failed")?;
    house.store.close().await;
    Ok(())
}

/// Answers whoever connects until it is told to stop; nobody holds a connection by sending nothing.
async fn answer(
    listener: TcpListener,
    handle: Handle<SocketAddr>,
    router: Router,
) -> std::io::Result<()> {
    let mut server = axum_server::Server::from_listener(listener)
        .handle(handle)
        .first_request_timeout(HEAD_TIME);
    server.http_builder().http1().header_read_timeout(IDLE_TIME);
    server
        .serve(router.into_make_service_with_connect_info::<SocketAddr>())
        .await
}

async fn stop_on_signal(handle: Handle<SocketAddr>, live: Live) {
    stop_signal().await;
    tracing::info!("Stopping");
    live.close();
    handle.graceful_shutdown(Some(GOODBYE));
}

/// Listens to the chats, if there are any.
fn chats(desk: TheDesk, house: &House, config: &Config) -> Option<ChatOps> {
    let telling = house.telling.as_ref()?;
    let (seats, states) = (telling.chats.clone(), telling.states.clone());
    let url = &config.server.public_url;
    Some(ChatOps::start(desk, house.clone(), seats, states, url))
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
        environments: config
            .clusters
            .iter()
            .filter_map(|one| Some((one.name.clone(), one.environment.clone()?)))
            .collect(),
        config: ConfigView {
            file: config.path.display().to_string(),
            since: Timestamp::now(),
            by: reload::START.to_owned(),
            sections: config.sections(),
            ..ConfigView::default()
        },
    }
}

fn settings(config: &Config, hooks: Current<BTreeMap<SourceName, HookSettings>>) -> WebSettings {
    WebSettings {
        public_url: config.server.public_url.trim_end_matches('/').to_owned(),
        secure: config.secure(),
        sandbox: config.sandbox.is_some(),
        hooks,
    }
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
            Ok(Told::Recovery(id) | Told::Waits(id) | Told::Words(id)) => {
                live.publish(Change::Recovery(id));
            }
            Ok(Told::Alarm(id)) => live.publish(Change::Alarm(id)),
            Ok(Told::Switch) => live.publish(Change::Switch),
            Ok(Told::Breaker) => live.publish(Change::Storm),
            Ok(Told::Incident) => live.publish(Change::Incident),
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
        for site in engine.sites().iter() {
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

#[cfg(test)]
mod tests {
    #![expect(
        clippy::unwrap_used,
        reason = "a test that cannot go on must say where"
    )]

    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    #[tokio::test(start_paused = true)]
    async fn whoever_connects_and_does_not_ask_is_hung_up_on() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(answer(listener, Handle::new(), Router::new()));
        for begun in ["", "GET / HTTP/1.1\r\nHost: here\r\n"] {
            let mut line = TcpStream::connect(address).await.unwrap();
            line.write_all(begun.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            // Time is virtual: this ends when the other side hangs up, or never.
            line.read_to_end(&mut answer).await.unwrap();
        }
    }
}
