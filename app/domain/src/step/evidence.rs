//! What was seen in a step, and the kinds of its failure.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Kind of a step's failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Passing trouble.
    Retryable,
    /// Too many calls.
    Throttled,
    /// No room in the cloud.
    Capacity,
    /// Changed by somebody else.
    Conflict,
    /// No right.
    Denied,
    /// Not there, or another one.
    NotFound,
    /// Refused for good.
    Refused,
    /// Signals disagree, or a start cannot help.
    Disagree,
    /// The time limit is over.
    TimedOut,
    /// Ready came and went too often.
    Flapping,
    /// The process died too often in this step.
    Poison,
}

/// Part of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Phase {
    /// The cloud took the start; it is never sent again in this recovery.
    Accepted,
    /// Ready was seen; the soak begins.
    Ready {
        /// `lastTransitionTime` of the Ready condition.
        transition: Timestamp,
    },
    /// Ready was lost during the soak.
    Flapped,
}

/// What was seen, for the timeline and the receipt.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// One sentence.
    pub text: String,
    /// Single findings, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Finding>,
    /// Whether the effect was found already there after a restart or a lost answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub found: bool,
    /// The machine that was seen to be down, where that was the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// Why its machine counts as stopped on purpose, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// What a check of the team wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Boot ID, where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub boot_id: Option<String>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Whether it is as it should be.
    pub mark: Mark,
    /// What and how.
    pub text: String,
}

/// How a finding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// As it should be.
    Good,
    /// Not as it should be; the step waits for it.
    Bad,
    /// Shown, not waited for.
    Ignored,
}
