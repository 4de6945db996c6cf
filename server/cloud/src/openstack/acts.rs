//! What was asked of a machine, as Nova writes it.

use serde::Deserialize;

/// Answer about all actions.
#[derive(Deserialize)]
pub struct Acts {
    /// Newest first.
    #[serde(rename = "instanceActions")]
    pub acts: Vec<Act>,
}

/// Answer about one action.
#[derive(Deserialize)]
pub struct SingleAct {
    /// The action.
    #[serde(rename = "instanceAction")]
    pub act: Act,
}

/// One thing that was asked of a machine.
#[derive(Debug, Clone, Deserialize)]
pub struct Act {
    /// Such as `stop`.
    pub action: String,
    /// The call's id.
    pub request_id: String,
    /// Who asked; nobody when Nova itself did, because the hypervisor had lost it.
    #[serde(default)]
    pub user_id: Option<String>,
    /// When, without a zone.
    #[serde(default)]
    pub start_time: Option<String>,
    /// `Error` when it failed.
    #[serde(default)]
    pub message: Option<String>,
    /// Its parts; only in the answer about one action.
    #[serde(default)]
    pub events: Vec<Part>,
}

/// One part of an action.
#[derive(Debug, Clone, Deserialize)]
pub struct Part {
    /// `Success` or `Error`.
    #[serde(default)]
    pub result: Option<String>,
    /// What went wrong, from microversion 2.84 on.
    #[serde(default)]
    pub details: Option<String>,
}
