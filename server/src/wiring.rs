//! From config to ports: the only place that picks adapters.

mod clouds;
mod sources;
mod team;

pub use clouds::{adapter, clouds};
pub use sources::{alertmanager, door, doors};
pub use team::{checks as team_checks, impact as team_impact};

use crate::clock::ScaledClock;
use crate::config::{Cluster as Block, Config};
use crate::telling::{self, Telling};
use anyhow::Context;
use cluster::{Kube, Pod};
use domain::id::PersonName;
use domain::rule::{Mode, shipped};
use engine::ports::{Book, Clock, Store};
use engine::{Engine, Ports, Site};
use futures::future::join_all;
use jiff::SignedDuration;
use std::sync::Arc;
use store::Sqlite;

/// The running parts behind the doors.
#[derive(Clone)]
pub struct House {
    /// Acts.
    pub engine: Engine,
    /// Remembers.
    pub store: Sqlite,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// How people are told; `None` where nobody is.
    pub telling: Option<Telling>,
}

/// Opens the store of a config, making its folder if needed.
pub async fn open_store(config: &Config) -> anyhow::Result<Sqlite> {
    let folder = &config.server.data;
    std::fs::create_dir_all(folder)
        .with_context(|| format!("data folder {} cannot be made", folder.display()))?;
    let path = config.database();
    Sqlite::open(&path)
        .await
        .with_context(|| format!("database {} cannot be opened", path.display()))
}

/// The clock of a config.
pub fn clock(config: &Config) -> Arc<dyn Clock> {
    match &config.sandbox {
        Some(world) => Arc::new(ScaledClock::scaled(world.t0, world.speed)),
        None => Arc::new(ScaledClock::wall()),
    }
}

/// Connects everything a config names and starts the engine.
pub async fn build(config: &Config, store: Sqlite, shipped_mode: Mode) -> anyhow::Result<House> {
    let clock = clock(config);
    seed(&store, shipped_mode, clock.as_ref()).await?;
    let clouds = clouds(config, &clock)?;
    let seen = store.seen().await?;
    // Side by side: a credential plugin that hangs costs its time once, not once per cluster.
    let kubes = join_all(config.clusters.iter().map(|one| {
        let before = seen.iter().find(|seen| seen.cluster == one.name);
        let settings = cluster::Settings {
            seen_before: before.map(|seen| seen.seen_at),
            ..account(one)
        };
        Kube::open(settings, Arc::clone(&clock))
    }))
    .await;
    let mut sites = Vec::new();
    for (one, kube) in config.clusters.iter().zip(kubes) {
        let checks = team_checks(config, one, &kube)?;
        sites.push(Site {
            checks,
            impact: team_impact(one)?,
            cluster: Arc::new(kube),
            cloud: one
                .cloud
                .as_ref()
                .and_then(|name| clouds.get(name.get_ref()).cloned()),
            aliases: one.aliases.clone(),
            guards: one.limits.clone(),
            own_node: one.own_node(),
            account: one.cloud.as_ref().map(|name| name.get_ref().clone()),
            node_watch: one
                .node_watch_s
                .as_ref()
                .map(|silent| SignedDuration::from_secs((*silent.get_ref()).into())),
        });
    }
    let ports = Ports {
        store: Arc::new(store.clone()),
        clock: Arc::clone(&clock),
        sites,
        sources: sources::closers(config)?,
        heartbeats: sources::heartbeats(config)?,
    };
    let engine = Engine::start(ports)
        .await
        .context("the engine cannot start")?;
    let telling = telling::start(config, &engine, &store).await?;
    Ok(House {
        engine,
        store,
        clock,
        telling: Some(telling),
    })
}

/// Where a cluster is found, and as whom.
pub fn account(one: &Block) -> cluster::Settings {
    cluster::Settings {
        kubeconfig: one.kubeconfig.clone(),
        context: one.context.clone(),
        pod: one.in_cluster.then(Pod::here),
        proxy_url: one.proxy_url.clone(),
        ca_file: one.ca_file.clone(),
        token_file: one.token_file.clone(),
        ..cluster::Settings::of(one.name.clone())
    }
}

/// A fresh installation begins with one rule.
async fn seed(store: &Sqlite, mode: Mode, clock: &dyn Clock) -> anyhow::Result<()> {
    const SEEDED: &str = "shipped_rule";
    if store.meta(SEEDED).await?.is_none() {
        let author = PersonName::parse("uncordon").context("our own name is valid")?;
        if store.rules().await?.is_empty() {
            store.add_rule(&shipped(mode), &author, clock.now()).await?;
        }
        store.put_meta(SEEDED, "1").await?;
    }
    Ok(())
}
