//! What the desk says of the checks of the team.

use domain::check::{CheckKind, CheckName, When};
use domain::id::RecoveryId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One check of a cluster, and how it came out last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckView {
    /// Name.
    pub name: CheckName,
    /// What it does.
    pub kind: CheckKind,
    /// Before the uncordon or after it.
    pub when: When,
    /// What it does, in words.
    pub what: String,
    /// It must pass within so many seconds.
    pub limit_s: u32,
    /// Pause between two tries, in seconds.
    pub every_s: u32,
    /// The newest outcome that is known.
    pub last: Option<CheckOutcome>,
}

/// How a check came out in a recovery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckOutcome {
    /// In which.
    pub recovery: RecoveryId,
    /// When.
    pub at: Timestamp,
    /// Whether it passed.
    pub passed: bool,
    /// What it saw.
    pub text: String,
}
