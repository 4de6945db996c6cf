//! What people ask for: everything here reads and changes nothing.

use super::{TheDesk, errors, needs, show};
use app::desk::views::{
    AlarmView, ClusterCard, List, NodeState, NodeView, NowView, Offer, Paging, RecoveryFilter,
    RecoveryItem, SettingsView, SwitchView,
};
use app::error::AppError;
use domain::access::{Person, Role};
use domain::guard::{Switch, warnings};
use domain::health::{self, Health};
use domain::id::{AlarmId, ClusterName, NodeName, RecoveryId};
use domain::recovery::State;
use domain::target::Target;
use domain::world::{Cordon, MachineFacts, MachineState, NodeFacts, Reading, Ready, Sight};
use engine::Site;
use engine::ports::{AlarmFilter, Page, RecoveryFilter as Filter};
use jiff::SignedDuration;
use std::time::Duration;

/// Time limit of a live read for a page.
const LIVE: Duration = Duration::from_secs(8);
/// How long an ended recovery stays on Now.
const RECENT_H: i64 = 4;

impl TheDesk {
    pub(super) async fn read_now(&self, who: &Person) -> Result<NowView, AppError> {
        needs(who, Role::Viewer)?;
        let now = self.house.engine.now();
        let (mut needs_you, mut running) = (Vec::new(), Vec::new());
        for row in self.store().active().await.map_err(errors::store)? {
            let timeline = self.timeline(row.id).await?;
            let asks = timeline.state == State::NeedsHuman
                || (timeline.asked_until.is_some() && timeline.state == State::Waiting);
            if asks {
                needs_you.push(timeline)
            } else {
                running.push(timeline)
            }
        }
        let page = Page {
            after: None,
            limit: 20,
        };
        let filter = AlarmFilter {
            needs_look: true,
            ..AlarmFilter::default()
        };
        let unclear = self
            .store()
            .alarms(&filter, page)
            .await
            .map_err(errors::store)?;
        let last = self
            .store()
            .alarms(
                &AlarmFilter::default(),
                Page {
                    after: None,
                    limit: 1,
                },
            )
            .await
            .map_err(errors::store)?;
        let ended = Filter {
            active: Some(false),
            ..Filter::default()
        };
        let mut recent = Vec::new();
        for row in self
            .store()
            .recoveries(&ended, page)
            .await
            .map_err(errors::store)?
        {
            if row
                .ended_at
                .is_some_and(|at| now.duration_since(at) < SignedDuration::from_hours(RECENT_H))
            {
                recent.push(self.item(row).await?);
            }
        }
        Ok(NowView {
            at: now,
            needs_you,
            running,
            unclear: unclear.into_iter().map(show::alarm).collect(),
            cordoned: self.left_cordoned(),
            recent,
            clusters: self.cards(),
            last_alarm: last.first().map(|row| row.alarm.received_at),
            switch: self.strictest().await?,
            breakable: self.breakable(),
        })
    }

    /// Nodes that carry our cordon while no recovery is at work on them.
    fn left_cordoned(&self) -> Vec<NodeView> {
        let running = self.house.engine.running();
        let held = |cluster: &ClusterName, node: &NodeName| {
            running
                .iter()
                .any(|one| one.plan.target.cluster == *cluster && one.plan.target.node == *node)
        };
        let of = |site: &Site| -> Vec<NodeView> {
            let cluster = site.cluster.name();
            let nodes = site.cluster.nodes();
            nodes
                .iter()
                .filter(|node| matches!(node.cordon, Cordon::Ours(_)) && !held(cluster, &node.name))
                .map(|node| show::node(cluster, node, None))
                .collect()
        };
        self.house.engine.sites().iter().flat_map(of).collect()
    }

    fn breakable(&self) -> Vec<(ClusterName, NodeName)> {
        if self.facts.control.is_none() {
            return Vec::new();
        }
        let running = self.house.engine.running();
        let of = |site: &Site| -> Vec<(ClusterName, NodeName)> {
            let free = |node: &&NodeFacts| {
                node.ready == Ready::True
                    && !node.control_plane()
                    && !running.iter().any(|one| one.plan.target.node == node.name)
            };
            site.cluster
                .nodes()
                .iter()
                .filter(free)
                .map(|node| (site.cluster.name().clone(), node.name.clone()))
                .collect()
        };
        self.house.engine.sites().iter().flat_map(of).collect()
    }

    async fn strictest(&self) -> Result<Option<SwitchView>, AppError> {
        let rows = self.store().switches().await.map_err(errors::store)?;
        Ok(rows
            .into_iter()
            .filter(|row| row.mode != Switch::Run)
            .max_by_key(|row| row.mode)
            .map(show::switch))
    }

    pub(super) fn cards(&self) -> Vec<ClusterCard> {
        let card = |site: &Site| ClusterCard {
            name: site.cluster.name().clone(),
            health: self.cached_health(site),
            switch: self.house.engine.switch(site.cluster.name()),
        };
        self.house.engine.sites().iter().map(card).collect()
    }

    /// What the headline of a cluster says, without what changes by itself with time.
    pub fn headline(&self, site: &Site) -> impl PartialEq + Clone + Send + 'static {
        let health = self.cached_health(site);
        let sick: Vec<String> = health.sick.iter().map(|one| one.name.to_string()).collect();
        let broken: Vec<String> = health
            .pods
            .broken
            .iter()
            .map(|one| format!("{} {}", one.pod, one.reason))
            .collect();
        (
            health.verdict,
            health.nodes,
            (health.pods.running, health.pods.total),
            sick,
            broken,
        )
    }

    pub(super) fn cached_health(&self, site: &Site) -> Health {
        let kept = site.cluster.baselines();
        health::verdict(&site.cluster.facts(), kept.first(), self.house.engine.now())
    }

    pub(super) async fn read_health(
        &self,
        who: &Person,
        cluster: &ClusterName,
    ) -> Result<Health, AppError> {
        needs(who, Role::Viewer)?;
        let site = self.site(cluster)?;
        let kept = site.cluster.baselines();
        let facts = match tokio::time::timeout(LIVE, site.cluster.read_all()).await {
            Ok(Reading::Seen(facts)) => facts,
            Ok(Reading::Absent) => site.cluster.facts(),
            Ok(Reading::Unreadable(why)) => blind(site, why),
            Err(_) => blind(site, format!("no answer within {} s", LIVE.as_secs())),
        };
        Ok(health::verdict(
            &facts,
            kept.first(),
            self.house.engine.now(),
        ))
    }

    pub(super) async fn read_nodes(
        &self,
        who: &Person,
        cluster: &ClusterName,
    ) -> Result<Vec<NodeView>, AppError> {
        needs(who, Role::Viewer)?;
        let site = self.site(cluster)?;
        let nodes = site.cluster.nodes();
        let reads = nodes.iter().map(|node| async move {
            let Some(cloud) = &site.cloud else {
                return None;
            };
            let target = Target::of(site.cluster.name(), node);
            match tokio::time::timeout(LIVE, cloud.machine(&target)).await {
                Ok(Reading::Seen(machine)) => Some(machine.state.word()),
                Ok(Reading::Absent | Reading::Unreadable(_)) | Err(_) => None,
            }
        });
        // A list of hundreds must not become hundreds of calls at once.
        let machines: Vec<Option<&str>> = if nodes.len() <= 50 {
            futures::future::join_all(reads).await
        } else {
            vec![None; nodes.len()]
        };
        Ok(nodes
            .iter()
            .zip(machines)
            .map(|(node, machine)| show::node(cluster, node, machine))
            .collect())
    }

    pub(super) async fn read_node(
        &self,
        who: &Person,
        cluster: &ClusterName,
        name: &NodeName,
    ) -> Result<NodeState, AppError> {
        needs(who, Role::Viewer)?;
        let site = self.site(cluster)?;
        let known = site
            .cluster
            .nodes()
            .into_iter()
            .find(|node| &node.name == name);
        let known = known.ok_or_else(|| AppError::NotFound {
            what: format!("node {name} in cluster {cluster}"),
        })?;
        let target = Target::of(cluster, &known);
        let engine = &self.house.engine;
        let (fresh, machine) =
            tokio::join!(engine.read_node(&target), engine.read_machine(&target));
        let node = match &fresh {
            Reading::Seen(node) => node.clone(),
            Reading::Absent | Reading::Unreadable(_) => known,
        };
        let last_ended = self
            .store()
            .last_ended(cluster, name)
            .await
            .map_err(errors::store)?;
        let offer = match &fresh {
            Reading::Unreadable(why) => Offer::Nothing {
                text: format!("The cluster cannot be read: {why}"),
            },
            Reading::Seen(_) | Reading::Absent => self.offer(site, &node, &machine, last_ended),
        };
        let filter = Filter {
            cluster: Some(cluster.clone()),
            node: Some(name.clone()),
            ..Filter::default()
        };
        let mut recoveries = Vec::new();
        for row in self
            .store()
            .recoveries(
                &filter,
                Page {
                    after: None,
                    limit: 5,
                },
            )
            .await
            .map_err(errors::store)?
        {
            recoveries.push(self.item(row).await?);
        }
        let word = match &machine {
            Reading::Seen(machine) => Some(machine.state.word()),
            Reading::Absent | Reading::Unreadable(_) => None,
        };
        Ok(NodeState {
            node: show::node(cluster, &node, word),
            machine_text: machine_text(&machine),
            checked_at: engine.now(),
            offer,
            pods: pods(site, name),
            recoveries,
        })
    }

    fn offer(
        &self,
        site: &Site,
        node: &NodeFacts,
        machine: &Reading<MachineFacts>,
        last_ended: Option<jiff::Timestamp>,
    ) -> Offer {
        let running = self.house.engine.running();
        let mine = running.iter().find(|one| {
            one.plan.target.cluster == *site.cluster.name() && one.plan.target.node == node.name
        });
        if let Some(recovery) = mine {
            return if recovery.state() == State::Waiting && !recovery.consented() {
                Offer::Approve {
                    recovery: recovery.id,
                    warnings: recovery.plan.warnings.clone(),
                }
            } else {
                Offer::Watch {
                    recovery: recovery.id,
                }
            };
        }
        let scene = self.house.engine.scene_for(site, &node.name, last_ended);
        if scene.switch == Switch::Freeze {
            return Offer::Nothing {
                text: "The switch is on freeze: reads only. Lift it in Settings.".to_owned(),
            };
        }
        match machine {
            Reading::Seen(machine) => match machine.state {
                MachineState::Off | MachineState::Stopping => {
                    let warnings = warnings(node, &scene, self.house.engine.now());
                    if warnings.is_empty() { Offer::Start } else { Offer::Confirm { warnings } }
                }
                MachineState::Starting => Offer::Start,
                MachineState::On if node.ready == Ready::True => Offer::Nothing { text: "Ready, and its machine runs. Nothing to start.".to_owned() },
                MachineState::On => Offer::Nothing { text: "The machine runs but the node is not Ready: a start cannot help. Look at the kubelet.".to_owned() },
                MachineState::Error | MachineState::Other => Offer::Nothing { text: format!("The machine is {}: a start cannot help.", machine.detail) },
            },
            Reading::Absent => Offer::Nothing { text: "The cloud has no machine for this node.".to_owned() },
            Reading::Unreadable(why) => Offer::Nothing { text: format!("The cloud cannot be read: {why}") },
        }
    }

    pub(super) async fn read_recoveries(
        &self,
        who: &Person,
        filter: &RecoveryFilter,
        paging: Paging,
    ) -> Result<List<RecoveryItem>, AppError> {
        needs(who, Role::Viewer)?;
        let filter = Filter {
            cluster: filter.cluster.clone(),
            node: filter.node.clone(),
            active: None,
            outcome: filter.outcome,
        };
        let page = Page {
            after: paging.after,
            limit: paging.limit,
        };
        let rows = self
            .store()
            .recoveries(&filter, page)
            .await
            .map_err(errors::store)?;
        let next = next(&rows, paging, |row| row.id.0);
        let mut items = Vec::new();
        for row in rows {
            items.push(self.item(row).await?);
        }
        Ok(List { items, next })
    }

    pub(super) async fn read_events(
        &self,
        who: &Person,
        id: RecoveryId,
    ) -> Result<Vec<domain::event::Event>, AppError> {
        needs(who, Role::Viewer)?;
        let events = self.store().events(id).await.map_err(errors::store)?;
        if events.is_empty() {
            Err(AppError::NotFound {
                what: format!("recovery {id}"),
            })
        } else {
            Ok(events)
        }
    }

    pub(super) async fn read_alarms(
        &self,
        who: &Person,
        paging: Paging,
    ) -> Result<List<AlarmView>, AppError> {
        needs(who, Role::Viewer)?;
        let page = Page {
            after: paging.after,
            limit: paging.limit,
        };
        let rows = self
            .store()
            .alarms(&AlarmFilter::default(), page)
            .await
            .map_err(errors::store)?;
        let next = next(&rows, paging, |row| row.alarm.id.0);
        Ok(List {
            items: rows.into_iter().map(show::alarm).collect(),
            next,
        })
    }

    pub(super) async fn read_alarm(
        &self,
        who: &Person,
        id: AlarmId,
    ) -> Result<AlarmView, AppError> {
        needs(who, Role::Viewer)?;
        let row = self.store().alarm(id).await.map_err(errors::store)?;
        row.map(show::alarm).ok_or_else(|| AppError::NotFound {
            what: format!("alarm {id}"),
        })
    }

    pub(super) async fn read_switches(&self, who: &Person) -> Result<Vec<SwitchView>, AppError> {
        needs(who, Role::Viewer)?;
        let rows = self.store().switches().await.map_err(errors::store)?;
        let mut views: Vec<SwitchView> = rows.into_iter().map(show::switch).collect();
        let clusters = self
            .house
            .engine
            .sites()
            .iter()
            .map(|site| Some(site.cluster.name().clone()));
        for cluster in std::iter::once(None).chain(clusters) {
            if !views.iter().any(|view| view.cluster == cluster) {
                views.push(SwitchView {
                    cluster,
                    mode: Switch::Run,
                    set_by: None,
                    set_at: None,
                    reason: None,
                });
            }
        }
        views.sort_by(|one, other| one.cluster.cmp(&other.cluster));
        Ok(views)
    }

    pub(super) async fn read_settings(&self, who: &Person) -> Result<SettingsView, AppError> {
        let switches = self.read_switches(who).await?;
        let sites = self.house.engine.sites();
        let state =
            |name: &ClusterName| match self.site(name).map(|site| site.cluster.facts().sight) {
                Ok(Sight::Live) => "live".to_owned(),
                Ok(Sight::Blind { since, why }) => format!("blind since {since:.0}: {why}"),
                Err(error) => error.to_string(),
            };
        Ok(SettingsView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            sandbox: self.facts.control.is_some(),
            speed: self.facts.speed.clone(),
            you: who.name.clone(),
            role: who.role,
            guards: sites
                .first()
                .map(|site| site.guards.clone())
                .unwrap_or_default(),
            switches,
            clusters: self
                .facts
                .clusters
                .iter()
                .map(|(name, api)| (name.clone(), api.clone(), state(name)))
                .collect(),
            sources: self.facts.sources.clone(),
        })
    }
}

/// What was seen last, marked as not current.
fn blind(site: &Site, why: String) -> domain::world::ClusterFacts {
    let mut facts = site.cluster.facts();
    if facts.sight == Sight::Live {
        facts.sight = Sight::Blind {
            since: facts.seen_at,
            why,
        };
    }
    facts
}

fn machine_text(machine: &Reading<MachineFacts>) -> String {
    match machine {
        Reading::Seen(machine) => {
            let since = machine
                .since
                .map(|at| format!(" since {}", domain::plan::clock(at)))
                .unwrap_or_default();
            format!("{} ({}){since}", machine.state.word(), machine.detail)
        }
        Reading::Absent => "the cloud has no machine for this node".to_owned(),
        Reading::Unreadable(why) => format!("unknown: {why}"),
    }
}

fn pods(site: &Site, node: &NodeName) -> Vec<String> {
    let facts = site.cluster.facts();
    let here = facts.pods.iter().filter(|pod| {
        pod.node.as_ref() == Some(node) || pod.pinned.as_ref().is_some_and(|pin| &pin.node == node)
    });
    let (well, sick): (Vec<_>, Vec<_>) = here.partition(|pod| pod.ready);
    let mut lines: Vec<String> = sick
        .iter()
        .map(|pod| {
            let pin = pod
                .pinned
                .as_ref()
                .map(|pin| format!(", can run only here ({})", pin.why))
                .unwrap_or_default();
            format!(
                "{}: {}{pin}",
                pod.key(),
                pod.reason.as_deref().unwrap_or("not Ready")
            )
        })
        .collect();
    lines.push(format!("{} pods Ready", well.len()));
    lines
}

fn next<T>(rows: &[T], paging: Paging, id: impl Fn(&T) -> u64) -> Option<u64> {
    (rows.len() == paging.limit as usize)
        .then(|| rows.last().map(id))
        .flatten()
}
