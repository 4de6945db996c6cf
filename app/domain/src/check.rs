//! Checks of the team: what a config adds to the built-in checks, what one try is told and what it answers.

mod name;
mod seen;

pub use name::CheckName;
pub use seen::{OUTPUT_MAX, Seen};

use crate::id::RecoveryId;
use crate::target::Target;
use serde::{Deserialize, Serialize};

/// What a check does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    /// Asks an address and looks at the answer.
    Http,
    /// Asks Prometheus and compares the value.
    Promql,
    /// Opens a connection.
    Tcp,
    /// Runs a program on Uncordon's own machine.
    Command,
    /// Runs a Kubernetes Job.
    Job,
}

impl CheckKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::Http,
        Self::Promql,
        Self::Tcp,
        Self::Command,
        Self::Job,
    ];

    /// The word of the config and REST.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Promql => "promql",
            Self::Tcp => "tcp",
            Self::Command => "command",
            Self::Job => "job",
        }
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// Whether it changes something outside: then it is held by a freeze and its runs are attempts of their own.
    pub const fn acts(self) -> bool {
        match self {
            Self::Http | Self::Promql | Self::Tcp => false,
            Self::Command | Self::Job => true,
        }
    }
}

/// Which half of the proof it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Before the uncordon, after the built-in check of the node.
    Node,
    /// After the uncordon, after the built-in check of the workload.
    Workload,
}

/// What a plan must know of a check; how it is carried out is its adapter's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamCheck {
    /// Its name.
    pub name: CheckName,
    /// What it does.
    pub kind: CheckKind,
    /// When.
    pub when: When,
    /// It must pass within so many seconds.
    pub limit_s: u32,
    /// Pause in seconds between two tries.
    pub every_s: u32,
}

/// What one try is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Which check.
    pub check: CheckName,
    /// The node that came back.
    pub target: Target,
    /// For which recovery.
    pub recovery: RecoveryId,
    /// Which attempt of the step.
    pub attempt: u32,
    /// Same for every repeat of this attempt, also after a restart.
    pub key: String,
    /// Whether something may be begun; else only what was begun before is looked at.
    pub begin: bool,
}

impl Ask {
    /// What a command or a job is told, as variables of its environment.
    pub fn variables(&self) -> [(&'static str, String); 9] {
        let target = &self.target;
        [
            ("UNCORDON_CHECK", self.check.to_string()),
            ("UNCORDON_RECOVERY", self.recovery.0.to_string()),
            ("UNCORDON_ATTEMPT", self.attempt.to_string()),
            ("UNCORDON_KEY", self.key.clone()),
            ("UNCORDON_CLUSTER", target.cluster.to_string()),
            ("UNCORDON_NODE", target.node.to_string()),
            ("UNCORDON_NODE_UID", target.uid.to_string()),
            ("UNCORDON_NODE_IP", target.ip.clone().unwrap_or_default()),
            (
                "UNCORDON_PROVIDER_ID",
                target.provider_id.clone().unwrap_or_default(),
            ),
        ]
    }
}

/// What one try answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// As it should be.
    Passed(Seen),
    /// Not as it should be, or no answer: tried again while there is time.
    NotYet(Seen),
    /// What was begun goes on.
    Running(String),
    /// It can never pass as it is set up.
    Refused(String),
}
