//! Who somebody is and what they may do.

use crate::id::PersonName;
use serde::{Deserialize, Serialize};

/// Rights grow from left to right: viewer < responder < admin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads, starts, stops, notes, throws the switch.
    Responder,
    /// All of that, and rules, people and tokens.
    Admin,
}

impl Role {
    /// All roles, least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Responder, Self::Admin];

    /// The word used in config, REST and on the screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Responder => "responder",
            Self::Admin => "admin",
        }
    }

    /// The role of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// The door through which somebody came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// A page of the app.
    Page,
    /// The REST API.
    Api,
    /// The command page; graced like a page.
    Command,
    /// A chat.
    Chat,
}

/// A signed-in person or a program with a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name shown in timelines.
    pub name: PersonName,
    /// What they may do.
    pub role: Role,
    /// How they came in.
    pub door: Door,
}

impl Person {
    /// Whether the person has at least this role.
    pub fn may(&self, role: Role) -> bool {
        self.role >= role
    }
}
