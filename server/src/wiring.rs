//! From config to ports: the only place that picks adapters.

mod clouds;
mod sources;
mod team;

pub use clouds::{adapter, clouds};
pub use sources::doors;
pub use team::{checks as team_checks, impact as team_impact};

use crate::clock::ScaledClock;
use crate::config::{self, Config};
use crate::current::Current;
use crate::telling::{self, Telling};
use anyhow::Context;
use cluster::Kube;
use domain::id::{ClusterName, PersonName};
use domain::rule::{Mode, shipped};
use engine::ports::{Clock, Store};
use engine::{Engine, Ports, Setup, Site};
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
    let (setup, kubes) = setup(config, &clock, None).await?;
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
        let mut all = self.config.clusters.iter().map(connection);
        all.find(|one| one == settings)?;
        self.kubes.get(&settings.name).cloned()
    }
}

/// Where a cluster is, and as whom it is asked.
fn connection(one: &config::Cluster) -> cluster::Settings {
    cluster::Settings {
        name: one.name.clone(),
        kubeconfig: one.kubeconfig.clone(),
        kubeconfig_text: None,
        context: one.context.clone(),
        in_cluster: one.in_cluster,
        host_label: one.host_label.clone(),
    }
}

/// Connects what a config names; what is as it was before is taken over as it runs.
pub async fn setup(
    config: &Config,
    clock: &Arc<dyn Clock>,
    before: Option<&Before<'_>>,
) -> anyhow::Result<(Setup, Kubes)> {
    let clouds = clouds(config, clock, before)?;
    let mut sites = Vec::new();
    let mut kubes = Kubes::new();
    for one in &config.clusters {
        let settings = connection(one);
        let kube = match before.and_then(|before| before.cluster(&settings)) {
            Some(kube) => kube,
            None => Arc::new(Kube::connect(settings, Arc::clone(clock)).await?),
        };
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
            own_node: one.own_node.clone(),
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
