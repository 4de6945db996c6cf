//! `[guards]`: the numbers that automatic acts are held back by, each with its default.

use super::Window;
use serde::{Deserialize, Serialize};

/// How an open breaker closes once the storm has calmed down.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closes {
    /// A person closes it.
    #[default]
    Hand,
    /// It closes by itself.
    Calm,
}

/// All limits; in seconds where a time is meant. Where 0 makes sense it means "no such limit".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guards {
    /// Automatic starts at the same time, per cluster.
    pub acting_per_cluster: u32,
    /// Automatic starts at the same time, per zone of a cluster.
    pub acting_per_zone: u32,
    /// Automatic starts at the same time, over all clusters.
    pub acting_total: u32,
    /// Starts within an hour per cluster, after which automatic ones wait; 0 is no limit.
    pub starts_per_hour: u32,
    /// The same per cloud account.
    pub starts_per_hour_account: u32,
    /// Nodes we may keep cordoned, in percent of a cluster; rounds down, at least 1.
    pub cordon_percent: u32,
    /// Nodes we may keep cordoned, absolute; the stricter wins.
    pub cordon_max: u32,
    /// So many nodes newly unhealthy within `storm_window_s` trip the breaker; 0 switches the breaker off.
    pub storm_nodes: u32,
    /// That window.
    pub storm_window_s: u32,
    /// More than so many percent of a cluster unhealthy trip it; rounds down, at least 1.
    pub storm_percent: u32,
    /// Troubles in two zones within this time trip it.
    pub storm_zones_s: u32,
    /// Calm after which it may close.
    pub storm_calm_s: u32,
    /// Who closes it then.
    pub storm_closes: Closes,
    /// No second automatic recovery of a node within this time after one ended.
    pub cool_down_s: u32,
    /// So many recoveries of a node within `flap_window_s`, then a person; 0 is no limit.
    pub flap_max: u32,
    /// That window.
    pub flap_window_s: u32,
    /// A node younger than this may still be joining.
    pub new_node_s: u32,
    /// Taint keys that say a machine was stopped on purpose: only a person starts it.
    pub shutdown_taints: Vec<String>,
    /// When nothing automatic begins, in UTC.
    pub maintenance: Vec<Window>,
    /// Patterns of alarms that stop automatic starts while they fire and nobody has acknowledged them.
    pub blocking_alarms: Vec<String>,
    /// Alarms older than this start nothing.
    pub alarm_ttl_s: u32,
    /// A Ready node must stay Ready this long without a break.
    pub soak_s: u32,
    /// Breaks of Ready allowed during the soak.
    pub soak_flaps: u32,
    /// How long to wait for two signals that agree.
    pub confirm_s: u32,
    /// Start accepted until the machine runs.
    pub start_s: u32,
    /// How long a cloud without capacity is asked again.
    pub capacity_s: u32,
    /// Machine runs until the node is Ready.
    pub ready_s: u32,
    /// Time limit of `check_node`.
    pub check_node_s: u32,
    /// Time limit of `check_workload`.
    pub check_workload_s: u32,
    /// Time limit of cordon, uncordon and `close_alarm` each.
    pub small_step_s: u32,
    /// A question to a person, a queue and a block each end after this time, and a person is asked.
    pub approval_s: u32,
    /// The same alarm within this time after our close goes to a person.
    pub refire_s: u32,
}

impl Default for Guards {
    fn default() -> Self {
        let taints = [
            "node.cloudprovider.kubernetes.io/shutdown",
            "ToBeDeletedByClusterAutoscaler",
            "DeletionCandidateOfClusterAutoscaler",
        ];
        Self {
            acting_per_cluster: 1,
            acting_per_zone: 1,
            acting_total: 3,
            starts_per_hour: 5,
            starts_per_hour_account: 10,
            cordon_percent: 20,
            cordon_max: 10,
            storm_nodes: 3,
            storm_window_s: 600,
            storm_percent: 20,
            storm_zones_s: 60,
            storm_calm_s: 300,
            storm_closes: Closes::Hand,
            cool_down_s: 3600,
            flap_max: 3,
            flap_window_s: 86_400,
            new_node_s: 600,
            shutdown_taints: taints.map(str::to_owned).to_vec(),
            maintenance: Vec::new(),
            blocking_alarms: Vec::new(),
            alarm_ttl_s: 900,
            soak_s: 120,
            soak_flaps: 2,
            confirm_s: 300,
            start_s: 300,
            capacity_s: 1800,
            ready_s: 600,
            check_node_s: 300,
            check_workload_s: 900,
            small_step_s: 300,
            approval_s: 3600,
            refire_s: 300,
        }
    }
}

impl Guards {
    /// Most nodes of a cluster of `nodes` that we may keep cordoned.
    pub fn cordon_cap(&self, nodes: u32) -> u32 {
        share(nodes, self.cordon_percent)
            .min(self.cordon_max)
            .max(1)
    }

    /// Most nodes of a cluster of `nodes` that may be unhealthy before the breaker trips.
    pub fn unhealthy_cap(&self, nodes: u32) -> u32 {
        share(nodes, self.storm_percent).max(1)
    }
}

/// Percent of a count, rounded down.
const fn share(of: u32, percent: u32) -> u32 {
    of.saturating_mul(percent) / 100
}
