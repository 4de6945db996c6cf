//! One Kubernetes cluster as the engine sees it.

use crate::connect::{ConnectError, Settings};
use crate::feed::{Cache, follow};
use crate::job::{Job, Template};
use crate::link::{Link, Renewal};
use crate::sight::Outlook;
use crate::wire::node::{CsiNode, Lease, Node};
use crate::wire::pod::Pod;
use crate::wire::rest::{
    DaemonSet, Deployment, PersistentVolume, PersistentVolumeClaim, StatefulSet,
};
use crate::{ask, fresh, healer, patch, probe, record};
use async_trait::async_trait;
use domain::baseline::{Baseline, KEPT};
use domain::id::ClusterName;
use domain::step::Answer;
use domain::target::Target;
use domain::world::{
    ClusterFacts, Healer, Healers, NodeFacts, NodeRecord, OwnerMark, Reading, Sight,
};
use engine::ports::{Clock, Cluster, Marking};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// A connected cluster. Dropping it ends its watches.
pub struct Kube {
    name: ClusterName,
    clock: Arc<dyn Clock>,
    link: Arc<Link>,
    cache: Arc<Cache>,
    host_label: Arc<str>,
    kept: Mutex<VecDeque<Arc<Baseline>>>,
    _tasks: JoinSet<()>,
}

/// How many kinds are followed.
const FEEDS: usize = 9;

impl Kube {
    /// Makes the clients and starts looking. Fails only when the settings cannot be used: an API server that does not
    /// answer leaves the cluster `Blind` until it does.
    pub async fn connect(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, ConnectError> {
        let (name, before) = (settings.name.clone(), settings.seen_before);
        let label: Arc<str> = settings.host_label.as_str().into();
        let link = Link::open(settings).await?;
        Ok(Self::over(name, before, label, link, clock))
    }

    /// The same for a service that has other clusters to look after: with settings that cannot be used the cluster is
    /// `Blind`, says why, and is seen as soon as they can.
    pub async fn open(settings: Settings, clock: Arc<dyn Clock>) -> Self {
        let (name, before) = (settings.name.clone(), settings.seen_before);
        let label: Arc<str> = settings.host_label.as_str().into();
        let link = match settings.clients().await {
            Ok(clients) => Link::with(settings, clients),
            Err(error) => {
                tracing::error!(cluster = %name, "Cluster {name} is not looked at: {}", error.whole());
                Link::closed(settings, &error)
            }
        };
        Self::over(name, before, label, link, clock)
    }

    fn over(
        name: ClusterName,
        before: Option<Timestamp>,
        host_label: Arc<str>,
        link: Link,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let link = Arc::new(link);
        let outlook = Outlook::new(Arc::clone(&clock), FEEDS, before);
        let cache = Arc::new(Cache::new(outlook, Arc::clone(&host_label)));
        let tasks = look(&name, &cache, &link);
        Self {
            name,
            clock,
            link,
            cache,
            host_label,
            kept: Mutex::default(),
            _tasks: tasks,
        }
    }

    /// Tells of every change of the view, so that nobody has to poll it.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.cache.changes()
    }

    /// A check of the team that runs as a Job here; `limit` is that of the whole step, `timeout` that of one run.
    pub fn job(&self, template: Template, limit: Duration, timeout: Duration) -> Job {
        Job::new(Arc::clone(&self.link), template, limit, timeout)
    }

    /// For the doctor: healers that are served here and whose objects may not be read.
    pub async fn check_healers(&self, own: &[Healer]) -> Healers {
        healer::look_over(&self.link.lease().client, own).await
    }

    async fn patch(&self, target: &Target, body: Value) -> Answer {
        let lease = self.link.lease();
        let done = patch::node(&lease.client, target.node.as_str(), body).await;
        let denied = matches!(&done, Err(trouble) if trouble.code() == Some(401));
        let answer = patch::answer(done);
        if denied && self.link.renew(&lease).await == Renewal::Renewed {
            return Answer::Retryable(
                "the credentials were not accepted; there are new ones meanwhile".to_owned(),
            );
        }
        answer
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<Arc<Baseline>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts one feed per kind, and the probe.
fn look(name: &ClusterName, cache: &Arc<Cache>, link: &Arc<Link>) -> JoinSet<()> {
    let with = || (Arc::clone(cache), Arc::clone(link));
    let mut tasks = JoinSet::new();
    macro_rules! follow {
        ($($feed:literal: $kind:ty),* $(,)?) => {
            $(let (cache, link) = with(); tasks.spawn(follow::<$kind>(cache, link, $feed));)*
        };
    }
    follow!(
        0: Node, 1: Lease, 2: Pod, 3: Deployment, 4: StatefulSet, 5: DaemonSet,
        6: PersistentVolume, 7: PersistentVolumeClaim, 8: CsiNode,
    );
    let (cache, link) = with();
    tasks.spawn(probe::probe(name.clone(), cache, link));
    tasks
}

#[async_trait]
impl Cluster for Kube {
    fn name(&self) -> &ClusterName {
        &self.name
    }

    fn nodes(&self) -> Arc<[NodeFacts]> {
        self.cache.tables().nodes()
    }

    fn facts(&self) -> ClusterFacts {
        let (seen_at, sight) = self.cache.outlook.sight();
        self.cache.tables().facts(&self.name, seen_at, sight)
    }

    fn sight(&self) -> Sight {
        self.cache.outlook.sight().1
    }

    fn baselines(&self) -> Vec<Arc<Baseline>> {
        self.kept().iter().cloned().collect()
    }

    fn take_baseline(&self) {
        let facts = self.facts();
        match facts.sight {
            Sight::Live => {}
            Sight::Blind { .. } => return,
        }
        let baseline = Baseline::of(&facts);
        let mut kept = self.kept();
        kept.push_back(Arc::new(baseline));
        while kept.len() > KEPT {
            kept.pop_front();
        }
    }

    async fn read_node(&self, target: &Target) -> Reading<NodeFacts> {
        fresh::node(&self.link.acting(), target.node.as_str(), &self.host_label).await
    }

    async fn read_all(&self) -> Reading<ClusterFacts> {
        let begun = self.clock.now();
        match tokio::time::timeout(
            ask::LIMIT,
            fresh::all(&self.link.acting(), &self.host_label),
        )
        .await
        {
            Ok(Ok(mut tables)) => Reading::Seen(tables.facts(&self.name, begun, Sight::Live)),
            Ok(Err(why)) => Reading::Unreadable(why),
            Err(_) => Reading::Unreadable(format!(
                "the Kubernetes API did not answer within {} s",
                ask::LIMIT.as_secs()
            )),
        }
    }

    async fn healers(&self, target: &Target, own: &[Healer]) -> Healers {
        healer::read(&self.link.acting(), target, own).await
    }

    async fn cordon(&self, target: &Target, resource_version: &str, mark: OwnerMark) -> Answer {
        self.patch(target, patch::cordoned(resource_version, mark))
            .await
    }

    async fn uncordon(&self, target: &Target, resource_version: &str) -> Answer {
        self.patch(target, patch::uncordoned(resource_version))
            .await
    }

    async fn mark(&self, target: &Target, resource_version: &str, mark: &Marking) -> Answer {
        self.patch(target, patch::marked(resource_version, mark))
            .await
    }

    async fn record(&self, target: &Target) -> Reading<NodeRecord> {
        record::read(&self.link.acting(), target).await
    }
}
