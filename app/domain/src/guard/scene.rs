//! What the guards look at: the state of everything but the node's machine.

use super::{Breaker, Guards, Switch};
use crate::id::{ClusterName, NodeName, RecoveryId};
use crate::recovery::State;
use crate::world::{Healers, NodeFacts};
use jiff::Timestamp;

/// What the guards look at: the state of everything but the node's machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// The cluster.
    pub cluster: ClusterName,
    /// The stricter of the global and the cluster's switch.
    pub switch: Switch,
    /// The limits.
    pub guards: Guards,
    /// The node this process runs on, if it runs in the cluster.
    pub own_node: Option<NodeName>,
    /// The recovery that already holds this node.
    pub active: Option<(RecoveryId, State)>,
    /// Nodes of the cluster.
    pub nodes: u32,
    /// Nodes of the cluster cordoned by us, this one not counted.
    pub cordoned: u32,
    /// Other recoveries of the cluster between start and check.
    pub acting_cluster: u32,
    /// Other recoveries of all clusters between start and check.
    pub acting_total: u32,
    /// When the node's last recovery ended.
    pub last_ended: Option<Timestamp>,
    /// Now, on the product's clock.
    pub now: Timestamp,
    /// The node's zone.
    pub zone: Option<String>,
    /// Other recoveries of the node's zone between start and check; 0 where there are no zones.
    pub acting_zone: u32,
    /// The open storm breaker of the cluster.
    pub breaker: Option<Breaker>,
    /// Starts of the cluster within the last hour.
    pub starts_cluster: u32,
    /// Starts of the cluster's cloud account within the last hour.
    pub starts_account: u32,
    /// Recoveries of this node within the flap window, this one not counted.
    pub recent: u32,
    /// Text of an alarm that fires and blocks.
    pub blocking: Option<String>,
    /// When the Node object was made, if it is known.
    pub created_at: Option<Timestamp>,
    /// The taint that says the machine was stopped on purpose.
    pub shutdown: Option<String>,
    /// Why the cloud's own record says that the machine was stopped on purpose.
    pub purpose: Option<String>,
    /// The node carries the exclusion label, maybe only since its recovery began.
    pub excluded: bool,
    /// Why its physical host is not asked for another start, as an incident says.
    pub host_down: Option<String>,
    /// Who else heals the node, without those whose nodes the owner gave to Uncordon; empty where nobody looked.
    pub healers: Healers,
}

impl Scene {
    /// The end of the maintenance window that is open now.
    pub fn maintenance(&self) -> Option<Timestamp> {
        let windows = self.guards.maintenance.iter();
        windows.filter_map(|one| one.holds_until(self.now)).max()
    }

    /// What the node itself adds.
    #[must_use]
    pub fn of_node(mut self, node: &NodeFacts) -> Self {
        self.zone.clone_from(&node.zone);
        self.created_at = Some(node.created_at);
        self.excluded = node.excluded;
        self.shutdown = node
            .taints
            .iter()
            .find(|taint| {
                let key = taint.split(':').next().unwrap_or_default();
                let key = key.split('=').next().unwrap_or_default();
                self.guards.shutdown_taints.iter().any(|one| one == key)
            })
            .cloned();
        self
    }
}
