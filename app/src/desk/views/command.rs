//! What the desk says of lines of the grammar.

use domain::id::{ClusterName, NodeName, RecoveryId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Answer to a command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandReply {
    /// In words, several lines.
    pub reply: String,
    /// The recovery that was begun or approved.
    pub recovery_id: Option<RecoveryId>,
}

/// What running a line would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadingKind {
    /// It only reads: it runs at once.
    Read,
    /// It acts with one tap.
    Act,
    /// It acts after the node's name was typed, on a page of its own.
    Confirm,
    /// Nothing would be done, and the text says why.
    Held,
    /// It is no call.
    Wrong,
}

/// A line as it was understood, before anything is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// What running it would be.
    pub kind: ReadingKind,
    /// In a sentence.
    pub text: String,
    /// For a wrong line: character offset of the word that was not understood.
    pub position: Option<usize>,
    /// Valid calls to choose from instead.
    pub offers: Vec<Offered>,
    /// The node a start is for.
    pub target: Option<(ClusterName, NodeName)>,
}

/// A valid call, ready to be run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The line.
    pub line: String,
    /// What it is about, in a few words.
    pub what: String,
}

/// What helps to type a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandHelp {
    /// Calls that make sense now, the most urgent first.
    pub calls: Vec<Offered>,
    /// Nodes whose alarms fire or that are not well.
    pub firing: Vec<String>,
    /// Six examples with the names of this house.
    pub examples: Vec<Offered>,
}

/// A line that was run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The line.
    pub line: String,
    /// The answer, or why it was refused.
    pub reply: String,
    /// Whether it was refused.
    pub refused: bool,
    /// The recovery that was begun or approved.
    pub recovery: Option<RecoveryId>,
}

/// A line of the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidView {
    /// Our number.
    pub id: u64,
    /// When.
    pub at: Timestamp,
    /// What.
    pub said: Said,
    /// Whether the line acts: such a line is never run again from a list.
    pub acts: bool,
}
