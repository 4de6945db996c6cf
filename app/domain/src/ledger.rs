//! The cordon ledger: whose a cordon is, and what a person may do with it.

use crate::id::RecoveryId;
use crate::world::Cordon;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a person may do with a cordon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CordonVerb {
    /// Uncordon keeps it from now on: for the recovery at work on the node, else for the person by name.
    TakeOver,
    /// The cordon stays and is no longer kept here.
    HandBack,
    /// The cordon comes off.
    Lift,
}

impl CordonVerb {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::TakeOver, Self::HandBack, Self::Lift];

    /// The word of REST and the store.
    pub const fn word(self) -> &'static str {
        match self {
            Self::TakeOver => "take_over",
            Self::HandBack => "hand_back",
            Self::Lift => "lift",
        }
    }

    /// The one of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// Whose a cordon is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Owner {
    /// A recovery's, placed by us.
    Recovery {
        /// Which.
        recovery: RecoveryId,
    },
    /// A person's: taken over here, or set with `kubectl`.
    Person {
        /// Name, or the tool's name as far as the cluster knows.
        name: String,
        /// Whether it is kept here.
        here: bool,
    },
    /// Another tool's.
    Tool {
        /// Its field manager, if the cluster knows.
        name: Option<String>,
    },
}

impl Owner {
    /// The owner of a cordon; `None` when the node is open.
    pub fn of(cordon: &Cordon) -> Option<Self> {
        match cordon {
            Cordon::Open => None,
            Cordon::Ours(mark) => Some(Self::Recovery {
                recovery: mark.recovery,
            }),
            Cordon::Held(mark) => Some(Self::Person {
                name: mark.person.to_string(),
                here: true,
            }),
            Cordon::Foreign(mark) => Some(match &mark.by {
                Some(by) if by.starts_with("kubectl") => Self::Person {
                    name: by.clone(),
                    here: false,
                },
                by => Self::Tool { name: by.clone() },
            }),
        }
    }

    /// In a few words.
    pub fn text(&self) -> String {
        match self {
            Self::Recovery { recovery } => format!("recovery {recovery}"),
            Self::Person { name, here: true } => format!("{name}, kept here"),
            Self::Person { name, here: false } => format!("a person with {name}"),
            Self::Tool { name: Some(name) } => format!("another tool: {name}"),
            Self::Tool { name: None } => "somebody else".to_owned(),
        }
    }
}

/// Since when a node is cordoned, as far as anybody knows.
pub fn since(cordon: &Cordon) -> Option<Timestamp> {
    match cordon {
        Cordon::Open => None,
        Cordon::Ours(mark) => Some(mark.at),
        Cordon::Held(mark) => Some(mark.at),
        Cordon::Foreign(mark) => mark.at,
    }
}

/// What a person may do; `at_work`: a recovery on this node will still look at its cordon.
pub fn may(cordon: &Cordon, at_work: bool) -> Vec<CordonVerb> {
    match cordon {
        Cordon::Open => Vec::new(),
        Cordon::Ours(_) if at_work => vec![CordonVerb::HandBack],
        Cordon::Ours(_) => vec![CordonVerb::Lift, CordonVerb::HandBack],
        Cordon::Held(_) => vec![CordonVerb::Lift, CordonVerb::HandBack],
        Cordon::Foreign(_) => vec![CordonVerb::TakeOver],
    }
}
