//! The switch and the numbers acts are held back by.

use serde::{Deserialize, Serialize};

/// The kill switch (contract part 6); of two the stricter wins.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// Everything works.
    #[default]
    Run,
    /// Nothing automatic begins and no automatic power is used.
    Pause,
    /// Reads only, and undo by hand.
    Freeze,
}

impl Switch {
    /// All positions, mildest first.
    pub const ALL: [Self; 3] = [Self::Run, Self::Pause, Self::Freeze];

    /// The word used in REST and on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Pause => "pause",
            Self::Freeze => "freeze",
        }
    }

    /// The position of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// `[guards]`: all limits, in seconds where a time is meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guards {
    /// Automatic starts at the same time, per cluster.
    pub acting_per_cluster: u32,
    /// Automatic starts at the same time, over all clusters.
    pub acting_total: u32,
    /// Nodes we may keep cordoned, in percent of a cluster; rounds down, at least 1.
    pub cordon_percent: u32,
    /// Nodes we may keep cordoned, absolute; the stricter wins.
    pub cordon_max: u32,
    /// No second automatic recovery of a node within this time after one ended.
    pub cool_down_s: u32,
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
        Self {
            acting_per_cluster: 1,
            acting_total: 3,
            cordon_percent: 20,
            cordon_max: 10,
            cool_down_s: 3600,
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
        (nodes.saturating_mul(self.cordon_percent) / 100)
            .min(self.cordon_max)
            .max(1)
    }
}
