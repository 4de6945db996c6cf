//! From config to ports: the only place that picks adapters.

mod chats;
mod clouds;
mod sources;
mod team;

pub use chats::{chats, seat};
pub use clouds::{adapter, clouds};
pub use sources::{alertmanager, door, doors};
pub use team::{checks as team_checks, impact as team_impact};

use crate::clock::ScaledClock;
use crate::config::{Cluster as Block, Config};
use crate::current::Current;
use crate::telling::{self, Telling};
use anyhow::Context;
use cluster::{Kube, Pod};
use domain::id::{ClusterName, PersonName};
use domain::rule::{Mode, shipped};
use engine::ports::{Book, Clock, ClusterSeen, Store};
use engine::{Engine, Ports, Setup, Site};
use futures::future::join_all;
use jiff::SignedDuration;
use std::collections::BTreeMap;
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
    /// The connections in use.
    pub kubes: Current<Kubes>,
}

/// Connections to clusters, by name.
pub type Kubes = BTreeMap<ClusterName, Arc<Kube>>;

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
    let seen = store.seen().await?;
    let (setup, kubes) = setup(config, &clock, &seen, None).await?;
    let ports = Ports {
        store: Arc::new(store.clone()),
        clock: Arc::clone(&clock),
        setup,
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
        kubes: Current::new(kubes),
    })
}

/// What runs already, when a new config comes.
pub struct Before<'a> {
    /// The config it runs on.
    pub config: &'a Config,
    /// Its clusters.
    pub sites: Arc<[Arc<Site>]>,
    /// Their connections.
    pub kubes: &'a Kubes,
}

impl Before<'_> {
    /// The cluster, with its watches and summaries, if it is reached as before.
    fn cluster(&self, settings: &cluster::Settings) -> Option<Arc<Kube>> {
        let mut all = self.config.clusters.iter().map(account);
        all.find(|one| one == settings)?;
        self.kubes.get(&settings.name).cloned()
    }
}

/// Connects what a config names; what is as it was before is taken over as it runs.
pub async fn setup(
    config: &Config,
    clock: &Arc<dyn Clock>,
    seen: &[ClusterSeen],
    before: Option<&Before<'_>>,
) -> anyhow::Result<(Setup, Kubes)> {
    let clouds = clouds(config, clock, before)?;
    let mut sites = Vec::new();
    let mut kubes = Kubes::new();
    // Side by side: a credential plugin that hangs costs its time once, not once per cluster.
    let connected = join_all(
        config
            .clusters
            .iter()
            .map(|one| connect(one, clock, seen, before)),
    );
    for (one, kube) in config.clusters.iter().zip(connected.await) {
        let kube = kube?;
        kubes.insert(one.name.clone(), Arc::clone(&kube));
        let checks = team_checks(config, one, &kube)?;
        sites.push(Site {
            checks,
            impact: team_impact(one)?,
            cluster: kube,
            cloud: one
                .cloud
                .as_ref()
                .and_then(|name| clouds.get(name.get_ref()).cloned()),
            aliases: one.aliases.clone(),
            guards: one.limits.clone(),
            own_node: one.own_node(),
            own_recovery: one.own_recovery.clone(),
            hosts: one.hosts(),
            account: one.cloud.as_ref().map(|name| name.get_ref().clone()),
            node_watch: one
                .node_watch_s
                .as_ref()
                .map(|silent| SignedDuration::from_secs((*silent.get_ref()).into())),
        });
    }
    let setup = Setup {
        sites,
        sources: sources::closers(config)?,
        heartbeats: sources::heartbeats(config)?,
    };
    Ok((setup, kubes))
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
        host_label: one.host_label.clone(),
        ..cluster::Settings::of(one.name.clone())
    }
}

/// The cluster as it runs already, else a new connection: at the start one that cannot be made costs only this cluster, a
/// new config with one is not taken.
async fn connect(
    one: &Block,
    clock: &Arc<dyn Clock>,
    seen: &[ClusterSeen],
    before: Option<&Before<'_>>,
) -> anyhow::Result<Arc<Kube>> {
    let settings = account(one);
    if let Some(kube) = before.and_then(|before| before.cluster(&settings)) {
        return Ok(kube);
    }
    let last = seen.iter().find(|seen| seen.cluster == one.name);
    let settings = cluster::Settings {
        seen_before: last.map(|seen| seen.seen_at),
        ..settings
    };
    let clock = Arc::clone(clock);
    Ok(Arc::new(match before {
        Some(_) => Kube::connect(settings, clock).await?,
        None => Kube::open(settings, clock).await,
    }))
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
