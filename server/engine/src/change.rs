//! Another config while everything runs: what began goes on with what it began with, what begins takes what is new.

use crate::ports::{AlarmSource, StoreError};
use crate::{Engine, Heartbeat, Setup, Site, blocking};
use domain::id::{ClusterName, SourceName};
use domain::recovery::{Recovery, State};
use domain::target::Target;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

/// The setup in force.
#[derive(Clone)]
pub(crate) struct InForce {
    pub sites: Arc<[Arc<Site>]>,
    /// Clusters that are no longer configured, kept until the recoveries that run there have ended.
    leaving: Vec<Arc<Site>>,
    pub sources: BTreeMap<SourceName, Arc<dyn AlarmSource>>,
    pub heartbeats: Vec<Heartbeat>,
}

impl InForce {
    pub(crate) fn new(setup: Setup) -> Self {
        Self {
            sites: setup.sites.into_iter().map(Arc::new).collect(),
            leaving: Vec::new(),
            sources: setup.sources,
            heartbeats: setup.heartbeats,
        }
    }
}

impl Engine {
    pub(crate) fn setup(&self) -> Arc<InForce> {
        let setup = self.inner.setup.read();
        Arc::clone(&setup.unwrap_or_else(PoisonError::into_inner))
    }

    fn put_setup(&self, new: Arc<InForce>) {
        let mut setup = self
            .inner
            .setup
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *setup = new;
    }

    /// The cluster of a target, configured or on its way out.
    pub(crate) fn site_of(&self, target: &Target) -> Option<Arc<Site>> {
        let setup = self.setup();
        let mut all = setup.sites.iter().chain(&setup.leaving);
        all.find(|site| *site.cluster.name() == target.cluster)
            .cloned()
    }

    /// Clusters that are no longer configured but still have a recovery at work.
    pub fn leaving(&self) -> Vec<ClusterName> {
        let setup = self.setup();
        let names = setup.leaving.iter().map(|site| site.cluster.name().clone());
        names.collect()
    }

    /// Puts another setup in force. Nothing begins meanwhile; no recovery is dropped: its plan is stored, a cluster that
    /// is taken away stays within its reach until it has ended, and so does the source its alarm is closed at.
    pub async fn change(&self, setup: Setup) -> Result<(), StoreError> {
        let _turn = self.inner.turn.lock().await;
        let before = self.setup();
        let watches = blocking::watches(&setup.sites);
        let mut new = InForce::new(setup);
        let gone = |site: &&Arc<Site>| {
            let name = site.cluster.name();
            !new.sites.iter().any(|one| one.cluster.name() == name) && self.busy(name)
        };
        let all = before.sites.iter().chain(&before.leaving);
        new.leaving = all.filter(gone).cloned().collect();
        for (name, port) in &before.sources {
            let kept = new.sources.entry(name.clone());
            kept.or_insert_with(|| Arc::clone(port));
        }
        self.put_setup(Arc::new(new));
        self.set_watches(watches);
        if let Err(error) = self.recall_blocking().await {
            // What blocks starts must be known before anything begins under the new setup.
            let watches = blocking::watches(before.sites.iter().map(Arc::as_ref));
            self.put_setup(before);
            self.set_watches(watches);
            return Err(error);
        }
        self.own().expect(&self.setup().heartbeats, self.now());
        self.wake_all();
        Ok(())
    }

    /// Lets go of clusters on their way out where nothing is at work any more.
    pub(crate) fn part(&self) {
        let before = self.setup();
        let busy = |site: &Arc<Site>| self.busy(site.cluster.name());
        if before.leaving.iter().all(busy) {
            return;
        }
        let mut new = InForce::clone(&before);
        new.leaving.retain(busy);
        let mut setup = self
            .inner
            .setup
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        // Another config may have come meanwhile; it looked itself.
        if Arc::ptr_eq(&setup, &before) {
            *setup = Arc::new(new);
        }
    }

    /// Whether something is at work in a cluster that has not been handed to a person.
    fn busy(&self, cluster: &ClusterName) -> bool {
        let works = |one: &Recovery| {
            one.plan.target.cluster == *cluster && one.state() != State::NeedsHuman
        };
        !self.live_ids(works).is_empty()
    }
}
