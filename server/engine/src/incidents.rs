//! Watches for hosts that take several nodes down at once: learns which host each node is on, and keeps their incidents.

use crate::ports::StoreError;
use crate::tell::Told;
use crate::{Engine, Site};
use domain::event::What;
use domain::id::{ClusterName, NodeName, NodeUid, RecoveryId};
use domain::incident::{Incident, RefusedStart, Spot, together};
use domain::recovery::{Recovery, Status};
use domain::step::{Class, StepKind};
use domain::target::Target;
use domain::trigger::Actor;
use domain::world::{MachineFacts, NodeFacts, Reading, Ready, Sight};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{MutexGuard, PoisonError};

/// How long nobody asks the cloud again for the host of a node that is down.
const ASK_AGAIN: SignedDuration = SignedDuration::from_secs(60);
/// Machines asked about in one look.
const AT_ONCE: usize = 8;

/// What was learned of a node's machine.
#[derive(Debug, Clone, Default)]
pub(crate) struct Learned {
    machine: Option<String>,
    host: Option<String>,
    asked_at: Timestamp,
}

/// What is kept in memory.
#[derive(Debug, Default)]
pub(crate) struct Hosts {
    /// By node, as last read from the cloud.
    learned: HashMap<(ClusterName, NodeUid), Learned>,
    /// Open incidents, as the store has them.
    open: Vec<Incident>,
}

impl Hosts {
    /// With the incidents that the store has open.
    pub(crate) fn new(open: Vec<Incident>) -> Self {
        Self {
            learned: HashMap::new(),
            open,
        }
    }
}

/// Whose hosts they are: machines of two clusters in one cloud account may share one.
fn place(site: &Site) -> &str {
    site.account
        .as_deref()
        .unwrap_or_else(|| site.cluster.name().as_str())
}

/// `openstack:///40bc1d96` without its address, as the cloud's own people call it.
fn machine_of(provider_id: &str) -> String {
    let last = provider_id.rsplit('/').next();
    last.filter(|id| !id.is_empty())
        .unwrap_or(provider_id)
        .to_owned()
}

impl Engine {
    fn hosts(&self) -> MutexGuard<'_, Hosts> {
        self.inner
            .hosts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The open incident a node belongs to.
    pub fn incident_of(&self, cluster: &ClusterName, node: &NodeName) -> Option<Incident> {
        let hosts = self.hosts();
        let of = |one: &&Incident| one.member(cluster, node).is_some();
        hosts.open.iter().find(of).cloned()
    }

    /// Other nodes that an open incident has taken down, whoever is at work on them.
    pub(crate) fn down_with_host(&self, cluster: &ClusterName, node: &NodeName) -> Vec<NodeName> {
        let hosts = self.hosts();
        let members = hosts.open.iter().flat_map(|one| &one.members);
        let down = members.filter(|one| one.cluster == *cluster && one.up_at.is_none());
        down.map(|one| one.node.clone())
            .filter(|one| one != node)
            .collect()
    }

    /// Why another start on the host of this node is held back.
    pub(crate) fn host_down(&self, cluster: &ClusterName, node: &NodeName) -> Option<String> {
        let hosts = self.hosts();
        hosts
            .open
            .iter()
            .find_map(|one| one.holds_back(cluster, node))
    }

    /// Remembers what a read of a machine told.
    pub(crate) fn learn_machine(&self, target: &Target, read: &Reading<MachineFacts>) {
        let (machine, host) = match read {
            Reading::Seen(machine) => (Some(machine.id.clone()), machine.host.clone()),
            Reading::Absent | Reading::Unreadable(_) => (None, None),
        };
        let key = (target.cluster.clone(), target.uid.clone());
        let mut hosts = self.hosts();
        let known = hosts.learned.entry(key).or_default();
        known.asked_at = self.now();
        known.machine = machine.or(known.machine.take());
        known.host = host.or(known.host.take());
    }

    /// Asks the cloud for the host of nodes that are down, where nothing else tells it. Nobody waits for the answers.
    pub(crate) fn learn_hosts(&self, site: &Site) {
        if site.cloud.is_none() {
            return;
        }
        let now = self.now();
        let nodes = site.cluster.nodes();
        let down = nodes.iter().filter(|node| node.ready != Ready::True);
        let mut asked = 0;
        for node in down.filter(|node| self.host(site, node).is_none()) {
            let key = (site.cluster.name().clone(), node.uid.clone());
            let mut hosts = self.hosts();
            let known = hosts.learned.entry(key).or_default();
            if asked == AT_ONCE || now < known.asked_at + ASK_AGAIN {
                continue;
            }
            known.asked_at = now;
            asked += 1;
            drop(hosts);
            let (engine, target) = (self.clone(), Target::of(site.cluster.name(), node));
            tokio::spawn(async move { engine.read_machine(&target).await });
        }
    }

    /// The host of a node: as configured, as its label says, as its cloud told, or as its open incident has it.
    fn host(&self, site: &Site, node: &NodeFacts) -> Option<String> {
        let told = || {
            let key = (site.cluster.name().clone(), node.uid.clone());
            self.hosts().learned.get(&key)?.host.clone()
        };
        site.hosts
            .get(&node.name)
            .or(node.host.as_ref())
            .cloned()
            .or_else(told)
            // After a restart nobody has asked its cloud yet; its incident is not over for that.
            .or_else(|| Some(self.incident_of(site.cluster.name(), &node.name)?.host))
    }

    /// Looks which hosts took several nodes down; call it while holding `turn`.
    pub(crate) async fn host_incidents(&self, site: &Site) -> Result<(), StoreError> {
        let place = place(site);
        let all = self.sites();
        let sites = || all.iter().filter(|one| self::place(one) == place);
        // What cannot be seen is neither down nor back.
        if sites().any(|one| matches!(one.cluster.sight(), Sight::Blind { .. })) {
            return Ok(());
        }
        let now = self.now();
        let window = SignedDuration::from_secs(site.guards.storm_window_s.into());
        let open: Vec<Incident> = {
            let hosts = self.hosts();
            let here = hosts.open.iter().filter(|one| one.place == place);
            here.cloned().collect()
        };
        let spots: Vec<Spot> = sites()
            .flat_map(|one| self.host_spots(one, &open, now))
            .collect();
        for before in &open {
            let mut after = before.clone();
            after.learn(&spots, window, now);
            after.refused = self.refused_start(&after);
            if after != *before {
                self.store().put_incident(&after).await?;
                self.keep_incident(before, after);
            }
        }
        for (host, down) in together(&spots, window) {
            if open.iter().any(|one| one.host == host) {
                continue;
            }
            let mut new = Incident::open(place, host, &down, now);
            new.id = self.store().open_incident(&new).await?;
            tracing::warn!(
                incident.id = new.id,
                host,
                "Several nodes of one host went down together"
            );
            let nobody = Incident {
                members: Vec::new(),
                ..new.clone()
            };
            self.keep_incident(&nobody, new);
        }
        Ok(())
    }

    /// Keeps what was just stored, and lets new members know.
    fn keep_incident(&self, before: &Incident, after: Incident) {
        for member in &after.members {
            for id in &member.recoveries {
                if !before.holds(*id) {
                    self.note_incident(*id, &after);
                }
            }
        }
        let mut hosts = self.hosts();
        hosts.open.retain(|one| one.id != after.id);
        if after.closed_at.is_none() {
            hosts.open.push(after);
        }
        drop(hosts);
        self.tell(Told::Incident);
        self.wake_all();
    }

    /// A line in the timeline of a recovery: it is one of several.
    fn note_incident(&self, id: RecoveryId, of: &Incident) {
        let text = format!(
            "Part of incident {}: several nodes on host {} went down together.",
            of.id, of.host
        );
        let engine = self.clone();
        tokio::spawn(async move {
            let noted = engine
                .append_to(id, Actor::Uncordon, |_| {
                    Ok(vec![What::Noted {
                        text: text.clone(),
                        happened_at: None,
                    }])
                })
                .await;
            if let Err(error) = noted {
                tracing::warn!(recovery.id = %id, %error, "A note about its incident could not be stored");
            }
        });
    }

    /// The nodes an incident may be made of: a node that is well and that nobody is at work on counts only where it belongs to
    /// an `open` one.
    fn host_spots(&self, site: &Site, open: &[Incident], now: Timestamp) -> Vec<Spot> {
        let nodes = site.cluster.nodes();
        let working: HashMap<NodeName, (RecoveryId, Timestamp, bool)> = self
            .live()
            .values()
            .filter(|one| one.plan.target.cluster == *site.cluster.name())
            .map(|one| {
                let ailing = crate::weather::under_way(one);
                (
                    one.plan.target.node.clone(),
                    (one.id, one.started_at, ailing),
                )
            })
            .collect();
        let grown = SignedDuration::from_secs(site.guards.new_node_s.into());
        let name = site.cluster.name();
        let spot = |node: &NodeFacts| {
            let at_work = working.get(&node.name);
            let ready = node.ready == Ready::True;
            let known = || {
                open.iter()
                    .any(|one| one.member(name, &node.name).is_some())
            };
            if ready && at_work.is_none() && !known() {
                return None;
            }
            let host = self.host(site, node)?;
            let ailing = at_work.filter(|(_, _, ailing)| *ailing);
            let down_at = match (ready, ailing) {
                (false, _) if now >= node.created_at + grown => Some(node.ready_since),
                (false, _) => None,
                // The kubelet's word lags behind an alarm.
                (true, Some((_, since, _))) => Some(*since),
                (true, None) => None,
            };
            let key = (site.cluster.name().clone(), node.uid.clone());
            let machine = self
                .hosts()
                .learned
                .get(&key)
                .and_then(|one| one.machine.clone());
            Some(Spot {
                cluster: site.cluster.name().clone(),
                node: node.name.clone(),
                machine: machine.or_else(|| node.provider_id.as_deref().map(machine_of)),
                address: node.ip().map(str::to_owned),
                host,
                down_at,
                up_at: (ready && down_at.is_none()).then_some(node.ready_since),
                recovery: at_work.map(|(id, ..)| *id),
            })
        };
        nodes.iter().filter_map(spot).collect()
    }

    /// The first start that this host refused and that nobody has settled since.
    fn refused_start(&self, incident: &Incident) -> Option<RefusedStart> {
        let live = self.live();
        let of = |one: &Recovery| {
            let start = one.step(StepKind::StartMachine);
            let said_no = start.status == Status::Failed && start.class == Some(Class::Refused);
            (incident.holds(one.id) && said_no).then(|| RefusedStart {
                cluster: one.plan.target.cluster.clone(),
                node: one.plan.target.node.clone(),
                at: start.ended_at.unwrap_or(one.started_at),
                why: start.reason.clone().unwrap_or_default(),
            })
        };
        let first = live.values().filter_map(of).min_by_key(|one| one.at)?;
        let up_since = |at| {
            incident
                .members
                .iter()
                .any(|one| one.up_at.is_some_and(|up| up > at))
        };
        (!up_since(first.at)).then_some(first)
    }
}
