//! The parts of a told recovery: rows, lines, and what may be done.

use super::{ChatWord, Downtime, Milestone, Waterfall};
use crate::id::{ClusterName, NodeName, RecoveryId};
use crate::impact::Sample;
use crate::receipt::Receipt;
use crate::recovery::{Outcome, State};
use crate::rule::Silence;
use crate::step::{Finding, StepKind};
use crate::trigger::{Actor, Trigger};
use crate::world::Snapshot;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a line or step looks: shape and word besides colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Look {
    /// Not begun.
    Pending,
    /// Under way.
    Active,
    /// Waits for a person, a limit or a switch.
    Waiting,
    /// Done.
    Done,
    /// Not needed.
    Skipped,
    /// Failed.
    Failed,
    /// Plain information.
    Note,
}

/// One step as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepLine {
    /// Which.
    pub step: StepKind,
    /// How it looks.
    pub look: Look,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What was seen or why not, in a sentence.
    pub text: String,
    /// What was looked at.
    pub findings: Vec<Finding>,
    /// What a check of the team wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Attempts, if more than one.
    pub attempts: u32,
}

/// One event as a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Number of the event; 0 for what is none.
    pub n: u32,
    /// When it was recorded.
    pub at: Timestamp,
    /// When it happened, if a person says otherwise.
    pub happened_at: Option<Timestamp>,
    /// Who.
    pub actor: Actor,
    /// How it looks.
    pub look: Look,
    /// A few words.
    pub title: String,
    /// The rest.
    pub text: String,
    /// The word of its kind.
    pub kind: String,
    /// Whether it is part of the story.
    pub starred: bool,
}

impl Line {
    /// Whether a person wrote it: only then its time may be moved.
    pub fn is_note(&self) -> bool {
        self.kind == "noted"
    }

    /// When it happened, as far as anybody knows.
    pub fn happened(&self) -> Timestamp {
        self.happened_at.unwrap_or(self.at)
    }

    /// Where it comes from, in a word or two.
    pub fn source(&self) -> &'static str {
        match &self.actor {
            Actor::Uncordon => "machine",
            Actor::Rule(_) => "rule",
            Actor::Source(_) => "alarm source",
            Actor::Person(_) => "person",
        }
    }
}

/// What somebody may do with a recovery now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Can {
    /// Say yes to the start.
    Approve,
    /// Take a tap back within its grace.
    Cancel,
    /// Stop it.
    Stop,
    /// Begin anew.
    Retry,
    /// Say that the need for help was seen.
    Acknowledge,
}

/// All of a recovery, for a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// Number.
    pub id: RecoveryId,
    /// Cluster.
    pub cluster: ClusterName,
    /// Node.
    pub node: NodeName,
    /// InternalIP.
    pub ip: Option<String>,
    /// State.
    pub state: State,
    /// Outcome, once it ended.
    pub outcome: Option<Outcome>,
    /// Why it began.
    pub trigger: Trigger,
    /// One sentence: what is known and what happens next.
    pub headline: String,
    /// Why a person is needed.
    pub human: Option<String>,
    /// The question's end while it waits for a yes.
    pub asked_until: Option<Timestamp>,
    /// End of the veto window while it runs.
    pub veto_until: Option<Timestamp>,
    /// What silence in it means.
    pub silence: Silence,
    /// What was kept before power was used.
    pub snapshot: Option<Snapshot>,
    /// End of the grace while it runs.
    pub grace_until: Option<Timestamp>,
    /// First event.
    pub started_at: Timestamp,
    /// End.
    pub ended_at: Option<Timestamp>,
    /// The warnings a person must confirm.
    pub warnings: Vec<crate::guard::Warning>,
    /// Steps.
    pub steps: Vec<StepLine>,
    /// Events.
    pub lines: Vec<Line>,
    /// Proof.
    pub receipt: Option<Receipt>,
    /// What a power act on it must find unchanged.
    #[serde(default)]
    pub facts: String,
    /// What may be done now, whoever asks (rights come on top).
    pub can: Vec<Can>,
    /// How long it was down, who began it and how it ended, in a sentence.
    pub summary: String,
    /// How long the node was down.
    pub down: Downtime,
    /// The eight moments everybody asks for.
    pub milestones: Vec<Milestone>,
    /// Where the time went.
    pub waterfall: Waterfall,
    /// What people felt of it, put in by who keeps the samples; empty: not measured.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub impact: Vec<Sample>,
    /// What we said of it in chats, put in by who keeps the words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<ChatWord>,
    /// What the running step waits for, put in by who drives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_for: Option<String>,
    /// Events that are stored and could not be read.
    pub unread: u32,
}
