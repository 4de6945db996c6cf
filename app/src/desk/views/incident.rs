//! Hosts that took several nodes down at once, ready to be laid out.

use domain::id::{ClusterName, NodeName, RecoveryId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentView {
    /// Number.
    pub id: u64,
    /// The cloud account of the host, or its cluster.
    pub place: String,
    /// The host.
    pub host: String,
    /// When it was noticed.
    pub opened_at: Timestamp,
    /// When all members had ended.
    pub closed_at: Option<Timestamp>,
    /// One sentence.
    pub headline: String,
    /// What the host said to a start, in a sentence.
    pub refused: Option<String>,
    /// Its machines.
    pub members: Vec<MemberView>,
    /// The note for whoever runs the host, as plain text.
    pub note: String,
    /// The same in Markdown.
    pub note_md: String,
}

/// One machine of an incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberView {
    /// Its cluster.
    pub cluster: ClusterName,
    /// Its node.
    pub node: NodeName,
    /// The cloud's id of it.
    pub machine: Option<String>,
    /// Its address.
    pub address: Option<String>,
    /// What it is like.
    pub state: MemberState,
    /// The same in a sentence.
    pub text: String,
    /// When it was seen down.
    pub down_at: Timestamp,
    /// When it was seen well again.
    pub up_at: Option<Timestamp>,
    /// Its recoveries, the newest last.
    pub recoveries: Vec<RecoveryId>,
}

/// What a member is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// Down, and nobody is at work on it.
    Down,
    /// A recovery waits: for a yes, a limit or its host.
    Waiting,
    /// A recovery is at work.
    Recovering,
    /// A recovery needs a person.
    NeedsHuman,
    /// Well again.
    Back,
}

impl MemberState {
    /// The word of REST.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Waiting => "waiting",
            Self::Recovering => "recovering",
            Self::NeedsHuman => "needs_human",
            Self::Back => "back",
        }
    }

    /// The word of pages.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Down => "Down",
            Self::Waiting => "Waiting",
            Self::Recovering => "Recovering",
            Self::NeedsHuman => "Needs you",
            Self::Back => "Back",
        }
    }
}
